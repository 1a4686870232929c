"""The floors of the house: imports go down only, and each library lives in one room. docs/architecture.md tells why."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent
_GROUND = frozenset({"limits", "errors", "version"})

# Which part may import which; itself it always may. Imports under TYPE_CHECKING, or inside a function, count as others.
MAY_IMPORT: dict[str, frozenset[str]] = {
    "version": frozenset(),
    "limits": frozenset(),
    "errors": frozenset(),
    "protocol": _GROUND,
    "chat": _GROUND | {"protocol"},
    "server": _GROUND | {"protocol", "chat"},
    "discovery": _GROUND | {"protocol"},  # a leaf: the parts above call it, it calls none of them
    "config": _GROUND | {"protocol", "discovery"},  # it keeps what discovery remembers of rooms, as discovery's type
    "client": _GROUND | {"protocol", "discovery", "config"},  # of the chat it knows what is said on the wire, no more
    "cli": _GROUND | {"protocol", "chat", "server", "discovery", "config", "client"},
    "__main__": frozenset({"cli"}),
}

# library → the modules (or packages, with what is in them) that may import it, each with its reason
ROOMS: dict[str, dict[str, str]] = {
    "selectors": {"server.loop": "the loop waits for sockets"},
    "socket": {
        "server.loop": "a pair of sockets ends its sleep",
        "server.connection": "reads and writes one",
        "server.listener": "binds and accepts",
        "server.server": "sets the options of what was accepted",
        "cli.host": "the machine's name, and whether another host of this machine answers",
        "discovery": "broadcasts, and the addresses a name stands for",
    },
    "sqlite3": {"server.store": "what outlives the program"},
    "zeroconf": {"discovery": "rooms announce themselves and are found"},
    "ifaddr": {"discovery.addresses": "the adapters of this machine"},
    "h11": {"protocol.web_wire": "HTTP, without a socket"},
    "wsproto": {"protocol.web_wire": "WebSockets, without a socket"},
    "textual": {
        "client.app": "the terminal screen",
        "client.screens": "its screens",
        "client.widgets": "what stands on them",
    },
    "rich": {
        "client.widgets": "coloured lines",
        "client.printer": "the plain screen prints",
        "cli": "the host's console and the table of rooms print",
    },
    "asyncio": {
        "client": "its connection, and keys, come as they come",
        "discovery": "so do answers from the network",
        "cli.join_plainly": "runs the client",
        "cli.list_rooms": "runs the search",
    },
    "hashlib": {
        "server.hasher": "scrypt, in threads of its own",
        "chat.accounts": "a keyed mark of secrets that proved right, which takes no time",
    },
    "threading": {
        "discovery": "zeroconf brings threads of its own, and a name's addresses may take seconds",
        "client.typing_in": "reading a line blocks",
        "cli.console": "the announcer speaks from its thread",
    },
    "concurrent": {"server.hasher": "threads for hashing"},
    "platformdirs": {"config": "where data and settings live"},
    "tomllib": {"config": "settings are TOML"},
    "argparse": {"cli": "what can be typed"},
}

# Nothing comes into these floors but as an argument, and nothing leaves them but as a value.
_IMPURE = frozenset(
    {"asyncio", "logging", "os", "pathlib", "random", "select", "selectors", "shutil", "signal", "socket"}
    | {"sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time", "uuid"}
)
_CLOCKS = frozenset({"now", "today", "utcnow"})  # datetime's; to write a given time down it is welcome
_GUARDED = {("server.open_files", "resource")}  # where ImportError is caught: Windows has no such limit to raise
_UNIX_ONLY = frozenset({"curses", "fcntl", "grp", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"})


@cache
def _modules() -> dict[str, ast.Module]:
    """Every module below lanchat by its name there ("chat.call"; a package by its own), parsed."""
    found: dict[str, ast.Module] = {}
    for path in sorted((_ROOT / "lanchat").rglob("*.py")):
        parts = path.relative_to(_ROOT / "lanchat").with_suffix("").parts
        name = ".".join(parts).removesuffix("__init__").removesuffix(".") or "version"
        found[name] = ast.parse(path.read_text("utf-8"), str(path))
    return found


@cache
def _imports() -> dict[str, frozenset[str]]:
    """What each module imports, by full names: "rich.text", "lanchat.config"."""
    return {name: frozenset(_imported_by(module)) for name, module in _modules().items()}


def _imported_by(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module, "a relative import hides its floor"
            assert node.level == 0, "a relative import hides its floor"
            yield from _from(node.module, [alias.name for alias in node.names])


def _from(module: str, names: list[str]) -> Iterator[str]:
    if module != "lanchat":
        yield module
    else:
        yield from (f"lanchat.{'version' if name == '__version__' else name}" for name in names)


def _users(library: str) -> set[str]:
    """The modules that import a library."""
    return {name for name, imported in _imports().items() if library in {i.partition(".")[0] for i in imported}}


def _is_in(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


def test_every_part_has_its_floor() -> None:
    assert {name.partition(".")[0] for name in _modules()} == set(MAY_IMPORT)


@pytest.mark.parametrize("part", sorted(MAY_IMPORT))
def test_imports_go_down_only(part: str) -> None:
    upward = {
        (name, imported)
        for name, imports in _imports().items()
        for imported in imports
        if _is_in(name, part) and imported.startswith("lanchat.")
        if imported.split(".")[1] not in MAY_IMPORT[part] | {part}
    }
    assert upward == set()


def test_the_floors_are_a_house_and_no_circle() -> None:
    built: set[str] = set()
    while built != set(MAY_IMPORT):
        next_floor = {part for part, below in MAY_IMPORT.items() if part not in built and below <= built}
        assert next_floor, "these import each other in a circle"
        built |= next_floor


@pytest.mark.parametrize("library", sorted(ROOMS))
def test_a_library_lives_in_its_rooms(library: str) -> None:
    assert {user for user in _users(library) if not any(_is_in(user, room) for room in ROOMS[library])} == set()


@pytest.mark.parametrize("library", sorted(set(ROOMS) - {"wsproto"}))  # to come with the page for browsers
def test_no_room_is_kept_for_a_library_that_has_left_it(library: str) -> None:
    assert {room for room in ROOMS[library] if not any(_is_in(user, room) for user in _users(library))} == set()


def test_the_core_knows_no_socket_no_file_and_no_clock() -> None:
    impure = {
        (name, imported)
        for name, imports in _imports().items()
        for imported in imports
        if name.partition(".")[0] in {"protocol", "chat"} and imported.partition(".")[0] in _IMPURE
    }
    assert impure == set()


def test_the_core_asks_nobody_for_the_time_and_opens_nothing() -> None:
    asked = [
        f"{name}:{node.lineno}"
        for name, module in _modules().items()
        if name.partition(".")[0] in {"protocol", "chat"}
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        if (isinstance(node.func, ast.Attribute) and node.func.attr in _CLOCKS)
        or (isinstance(node.func, ast.Name) and node.func.id in {"open", "input", "print"})
    ]
    assert asked == []


def test_nothing_is_imported_that_only_unix_has() -> None:
    found = {
        (name, imported)
        for name, imports in _imports().items()
        for imported in imports
        if imported.partition(".")[0] in _UNIX_ONLY
    }
    assert found == _GUARDED
