"""The floors of the house: imports go down only, and each library lives in one room. docs/architecture.md tells why."""

from __future__ import annotations

import ast

import pytest

from tests.house import PICTURE, ROOT, arrows, circles, imports, modules, picture

_GROUND = frozenset({"limits", "errors", "version"})
_TYPED = frozenset({"when"})  # what people type means the same in every command

# Which part may import which; itself it always may. Imports under TYPE_CHECKING, or inside a function, count as others.
MAY_IMPORT: dict[str, frozenset[str]] = {
    "version": frozenset(),
    "limits": frozenset(),
    "errors": frozenset(),
    "when": frozenset(),
    "protocol": _GROUND,
    "chat": _GROUND | {"protocol"},
    "store": _GROUND | _TYPED | {"protocol", "chat"},
    "export": _GROUND | {"protocol"},  # formats; where what was said comes from, a file or a host, the cli knows
    "server": _GROUND | {"protocol", "chat", "store"},
    "discovery": _GROUND | {"protocol"},  # a leaf: the parts above call it, it calls none of them
    "config": _GROUND | {"protocol", "discovery"},  # it keeps what discovery remembers of rooms, as discovery's type
    "client": _GROUND
    | _TYPED
    | {"protocol", "discovery", "config"},  # of the chat it knows what is said on the wire, no more
    "cli": _GROUND | _TYPED | {"protocol", "chat", "store", "server", "discovery", "config", "client", "export"},
    "__main__": frozenset({"cli"}),
}

# The floors inside the parts: a module may import what stands at or below its own place in the list.
INNER_FLOORS: dict[str, tuple[tuple[str, ...], ...]] = {
    "chat": (("chat.state",), ("chat.call",), ("chat.rules",), ("chat.commands",), ("chat.chat",)),
    "server": (
        ("server.net",),
        ("server.work", "server.web"),
        ("server.peers",),
        ("server.pricing", "server.faults", "server.removing"),
        ("server.delivery", "server.ending", "server.guests", "server.keeping", "server.recalling", "server.storing"),
        ("server.intake",),
        ("server.reception",),
        ("server.server",),
    ),
    "client": (
        ("client.state",),
        ("client.words", "client.connection", "client.speaking"),
        ("client.rooms",),
        ("client.conversation", "client.archive"),
        ("client.joining",),
        ("client.plain", "client.screen"),
    ),
    "client.state": (
        (),  # the rest: what is shown, as data
        ("client.state.state", "client.state.backlog"),
        ("client.state.meaning",),
        ("client.state.apply",),
    ),
    "client.screen": (("client.screen.widgets",), ("client.screen.screens",), ("client.screen.app",)),
    "cli": (
        ("cli.output", "cli.parsing", "cli.passwords", "cli.streams", "cli.typed_file"),
        ("cli.accounts", "cli.join", "cli.list_rooms", "cli.host", "cli.history"),
        ("cli",),
    ),
}
MAX_FILE_LINES = 400  # a longer one usually holds two rooms

# library → the modules (or packages, with what is in them) that may import it, each with its reason
ROOMS: dict[str, dict[str, str]] = {
    "selectors": {"server.net.loop": "the loop waits for sockets"},
    "socket": {
        "server.net.loop": "a pair of sockets ends its sleep",
        "server.net.connection": "reads and writes one",
        "server.net.listener": "binds and accepts",
        "server.net.keepalive": "how soon one of a peer that is gone ends",
        "server.reception": "sets the options of what was accepted",
        "server.server": "is handed what to listen on",
        "cli.host": "the machine's name, and whether another host of this machine answers",
        "client.connection.stream": "what a host that is gone has not taken is dropped",
        "discovery": "broadcasts, and the addresses a name stands for",
    },
    "sqlite3": {"store": "what outlives the program"},
    "zeroconf": {"discovery": "rooms announce themselves and are found"},
    "ifaddr": {"discovery.addresses": "the adapters of this machine"},
    "h11": {"protocol.web_wire": "HTTP, without a socket"},
    "wsproto": {"protocol.websocket_wire": "WebSockets, without a socket"},
    "segno": {"client.words.qr": "QR codes"},
    "textual": {
        "client.screen": "the terminal screen",
    },
    "rich": {
        "client.screen": "coloured lines",
        "client.plain": "the plain screen prints",
        "cli": "the host's console and the table of rooms print",
    },
    "asyncio": {
        "client": "its connection, and keys, come as they come",
        "discovery": "so do answers from the network",
        "cli.list_rooms": "runs the search",
        "cli.host.around": "runs the search for other rooms",
        "cli.history.remote": "runs a visit to a host",
        "cli.host.asked": "asks whether another host of this machine has the room",
    },
    "hashlib": {
        "server.web.pages": "names the page's files by what is in them",
        "server.work.hasher": "scrypt, in threads of its own, for accounts from before SCRAM",
        "protocol.scram": "SCRAM's own hashes; only `salted` takes long, and is called from threads",
        "chat.state.accounts": "a keyed mark of secrets that proved right, which takes no time",
    },
    "threading": {
        "discovery": "zeroconf brings threads of its own, and a name's addresses may take seconds",
        "client.plain.typing_in": "reading a line blocks",
        "server.work.history_thread": "looking up what was said waits for the disk",
        "cli.host.console": "the announcer speaks from its thread",
        "cli.host.around": "looking for other rooms takes seconds",
    },
    "concurrent": {"server.work": "threads for hashing, and one for the disk"},
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
_GUARDED = {
    ("server.net.open_files", "resource"),  # ImportError is caught: Windows has no such limit to raise
    ("discovery.link_state", "fcntl"),  # imported on Linux and macOS only
}
_UNIX_ONLY = frozenset({"curses", "fcntl", "grp", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"})


def _users(library: str) -> set[str]:
    """The modules that import a library."""
    return {name for name, imported in imports().items() if library in {i.partition(".")[0] for i in imported}}


def _is_in(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


def test_every_part_has_its_floor() -> None:
    assert {name.partition(".")[0] for name in modules()} == set(MAY_IMPORT)


@pytest.mark.parametrize("part", sorted(MAY_IMPORT))
def test_imports_go_down_only(part: str) -> None:
    upward = {
        (name, imported)
        for name, imports in imports().items()
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


def test_no_module_imports_one_that_imports_it_not_even_around_a_corner() -> None:
    assert circles(arrows()) == []


@pytest.mark.parametrize("part", sorted(INNER_FLOORS))
def test_inside_a_part_imports_go_down_too(part: str) -> None:
    upward = {
        (name, imported)
        for name, below in arrows().items()
        for imported in below
        if _is_in(name, part) and _is_in(imported, part) and _floor(part, imported) > _floor(part, name)
    }
    assert upward == set()


def _floor(part: str, module: str) -> int:
    """On which of a part's floors a module stands; on the lowest where it is not named."""
    levels = [
        (len(room), level)
        for level, rooms in enumerate(INNER_FLOORS[part])
        for room in rooms
        if module == room or (room != part and _is_in(module, room))
    ]
    return max(levels, default=(0, 0))[1]


def test_every_module_of_a_part_of_folders_has_its_floor() -> None:
    known = {room for floors in INNER_FLOORS.values() for rooms in floors for room in rooms}
    parts = {part for part in INNER_FLOORS if "." not in part}
    modules_inside = {name for name in modules() if name.partition(".")[0] in parts and name not in parts}
    assert {name for name in modules_inside if not any(_is_in(name, room) for room in known - parts)} == set()


def test_no_file_holds_two_rooms() -> None:
    sizes = {path: len(path.read_text("utf-8").splitlines()) for path in (ROOT / "lanchat").rglob("*.py")}
    assert {path.name: size for path, size in sizes.items() if size > MAX_FILE_LINES} == {}


def test_the_picture_of_the_house_is_as_the_code_builds_it() -> None:
    assert PICTURE.read_text("utf-8") == picture(), "draw it anew: python -m tests.house"


@pytest.mark.parametrize("library", sorted(ROOMS))
def test_a_library_lives_in_its_rooms(library: str) -> None:
    assert {user for user in _users(library) if not any(_is_in(user, room) for room in ROOMS[library])} == set()


@pytest.mark.parametrize("library", sorted(ROOMS))
def test_no_room_is_kept_for_a_library_that_has_left_it(library: str) -> None:
    assert {room for room in ROOMS[library] if not any(_is_in(user, room) for user in _users(library))} == set()


def test_the_core_knows_no_socket_no_file_and_no_clock() -> None:
    impure = {
        (name, imported)
        for name, imports in imports().items()
        for imported in imports
        if name.partition(".")[0] in {"protocol", "chat"} and imported.partition(".")[0] in _IMPURE
    }
    assert impure == set()


def test_the_core_asks_nobody_for_the_time_and_opens_nothing() -> None:
    asked = [
        f"{name}:{node.lineno}"
        for name, module in modules().items()
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
        for name, imports in imports().items()
        for imported in imports
        if imported.partition(".")[0] in _UNIX_ONLY
    }
    assert found == _GUARDED
