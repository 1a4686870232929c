"""Where data and settings are kept, and what is remembered: the name last used, rooms joined, secrets."""

import contextlib
import math
import os
import re
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lanchat.discovery.names import MAX_NAME_BYTES
from lanchat.discovery.rooms import RememberedRoom, is_room_id
from lanchat.discovery.whole_file import write_whole
from lanchat.errors import UserError
from lanchat.limits import MAX_NICK_BYTES
from lanchat.protocol.text import clean, cut_to_bytes

DATA_DIR_VARIABLE = "LANCHAT_DATA_DIR"
MAX_REMEMBERED = 50  # rooms joined last; each is probed while looking for rooms
MAX_ADDRESSES = 8
MAX_SECRETS = 500
MAX_NAMES = 20  # that one host knows of this person
MAX_SETTINGS_BYTES = 1_048_576  # far more than these bounds allow; a larger file is not ours
SECRET_BYTES = 32

_MAX_TEXT_BYTES = 256
_ESCAPES = {'"': '\\"', "\\": "\\\\"}
_NEEDS_ESCAPE = re.compile(r'["\\\x00-\x1f\x7f]')  # TOML 1.0, "String": what a basic string may not hold as it is


def data_dir(override: str | Path | None = None) -> Path:
    """Return the folder for data and settings, not made yet.

    `override` comes from --data-dir; next comes the variable LANCHAT_DATA_DIR; else the system's usual place. Raises
    UserError where there is no home folder.
    """
    chosen = override or os.environ.get(DATA_DIR_VARIABLE)
    try:
        return Path(chosen).expanduser() if chosen else _usual_dir()
    except RuntimeError:  # no HOME, and no such user; or none for this one
        raise UserError(
            f"There is no home folder for {clean(str(chosen))}; name another folder."
            if chosen
            else f"This user has no home folder; name a folder for the data in the variable {DATA_DIR_VARIABLE}."
        ) from None


def _usual_dir() -> Path:
    """Return the system's usual place. Raises RuntimeError if this user has no home."""
    import platformdirs  # 15 ms, and not needed where the folder was named

    usual = Path(platformdirs.user_data_dir("lanchat", appauthor=False))
    if not usual.is_absolute():  # "~/…", as older versions leave it
        raise RuntimeError("no home folder")
    return usual


def running_dir() -> Path:
    """Return the folder for `lanchat.discovery.running`: one for all hosts of this user, wherever their data is."""
    try:
        return data_dir() / "running"
    except UserError:  # a service without a home folder, say; what is there is no secret, and never believed unasked
        return Path(tempfile.gettempdir()) / f"lanchat-{os.getuid() if hasattr(os, 'getuid') else 'running'}"


@dataclass(slots=True)
class SavedSettings:
    """What is remembered between two runs. `rooms`: the one joined last comes first. `path`: where it is saved."""

    path: Path
    nick: str = ""
    is_bell_on: bool = True
    rooms: list[RememberedRoom] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)  # that each host knows this person by

    def remember(self, room: RememberedRoom) -> None:
        """Put a room first among those remembered; only the first 50 are kept."""
        others = [other for other in self.rooms if other.id != room.id]
        self.rooms = [room, *others][:MAX_REMEMBERED]

    def secret_for(self, host_key: str) -> str:
        """Return the secret that proves to this host that we are the same person; the first call makes and saves it.

        Raises UserError if it cannot be saved: an account under a secret that gets lost would be lost, too.
        """
        if host_key not in self.secrets:
            self.secrets[host_key] = secrets.token_urlsafe(SECRET_BYTES)
            save_settings(self)
        return self.secrets[host_key]

    def meet_anew(self, host_key: str, day: str) -> None:
        """Be somebody new to a host that let go of us: it need not prove that it knows us, and gets another secret.

        The old one, which it is not to be told, is kept beside it with the day: should it have been another host.
        """
        if self.names.pop(host_key, None) is None:
            return
        if old := self.secrets.pop(host_key, ""):
            self.secrets[f"{host_key} until {day}"] = old
        self.secrets[host_key] = secrets.token_urlsafe(SECRET_BYTES)
        save_settings(self, renewed=host_key)

    def keep_name(self, host_key: str, name: str) -> None:
        """Note that a host knows this person by a name: from now on it has to prove it."""
        names = self.names.setdefault(host_key, [])
        if name not in names and len(names) < MAX_NAMES:
            names.append(name)
            save_settings(self)


def settings_path(override: str | Path | None = None) -> Path:
    """Return the path of the settings file."""
    return data_dir(override) / "settings.toml"


def _tell_on_stderr(text: str) -> None:
    print(f"lanchat: {text}", file=sys.stderr)  # noqa: T201 - one line for a person, before any screen is up


def load_settings(
    override: str | Path | None = None, *, tell: Callable[[str], None] = _tell_on_stderr
) -> SavedSettings:
    """Return the settings as saved, or fresh ones. Whatever the file holds, it never raises.

    A file that cannot be understood is set aside as settings.toml.broken, and `tell` gets one sentence about it.
    Raises UserError if no place for it is known.
    """
    path = settings_path(override)
    try:
        return _read(path)
    except FileNotFoundError:
        return SavedSettings(path)
    except OSError as error:
        tell(f"{path} cannot be read ({error.strerror}); going on without settings.")
    except (ValueError, RecursionError):  # tomllib's own error and wrong UTF-8 are kinds of ValueError
        tell(f"{path} was not understood; {_set_aside(path)}. Starting with fresh settings.")
    return SavedSettings(path)


def _set_aside(path: Path) -> str:
    broken = path.with_name(f"{path.name}.broken")
    try:
        os.replace(path, broken)
    except OSError:
        return "it could not be moved aside"
    return f"it is now {broken}"


def _read(path: Path) -> SavedSettings:
    import tomllib

    with path.open("rb") as stream:
        content = stream.read(MAX_SETTINGS_BYTES + 1)
    if len(content) > MAX_SETTINGS_BYTES:
        raise ValueError("too large")
    table = tomllib.loads(content.decode("utf-8"))
    rooms = table.get("rooms")
    kept = table.get("secrets")
    names = table.get("names")
    return SavedSettings(
        path,
        nick=_text(table.get("nick"), MAX_NICK_BYTES),
        is_bell_on=table.get("bell") is not False,
        rooms=list(_rooms(rooms if isinstance(rooms, list) else []))[:MAX_REMEMBERED],
        secrets=dict(list(_pairs(kept if isinstance(kept, dict) else {}))[:MAX_SECRETS]),
        names=dict(list(_names(names if isinstance(names, dict) else {}))[:MAX_SECRETS]),
    )


def _rooms(entries: Iterable[Any]) -> Iterable[RememberedRoom]:
    for entry in entries:
        if isinstance(entry, dict) and is_room_id(entry.get("id")) and _is_port(entry.get("port")):
            addresses = entry.get("addresses")
            texts = [one for one in addresses if isinstance(one, str)] if isinstance(addresses, list) else []
            yield RememberedRoom(
                id=entry["id"],
                name=_text(entry.get("name"), MAX_NAME_BYTES),
                addresses=tuple(_text(one, 64) for one in texts[:MAX_ADDRESSES]),
                port=entry["port"],
                last_joined=_time(entry.get("last_joined")),
            )


def _pairs(table: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, str) and 0 < len(value) <= _MAX_TEXT_BYTES and len(key) <= _MAX_TEXT_BYTES:
            yield key, value


def _names(table: dict[str, Any]) -> Iterable[tuple[str, list[str]]]:
    for key, value in table.items():
        found = [_text(one, MAX_NICK_BYTES) for one in value if isinstance(one, str)] if isinstance(value, list) else []
        if found and len(key) <= _MAX_TEXT_BYTES:
            yield key, [name for name in found if name][:MAX_NAMES]


def _is_port(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 65_535


def _text(value: object, limit_bytes: int) -> str:
    return cut_to_bytes(clean(value), limit_bytes) if isinstance(value, str) else ""


def _time(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return 0.0
    try:
        return float(value) if math.isfinite(value) else 0.0
    except OverflowError:  # an integer of hundreds of digits
        return 0.0


def save_settings(settings: SavedSettings, *, renewed: str = "") -> None:
    """Save the settings, readable for their owner only; the file is whole at every moment.

    Secrets and names that another lanchat saved meanwhile are kept, but for those of the host `renewed`. Raises
    UserError if the folder is not writable.
    """
    with contextlib.suppress(OSError, ValueError, RecursionError):
        saved = _read(settings.path)
        saved.secrets.pop(renewed, None)
        saved.names.pop(renewed, None)
        settings.secrets = {**settings.secrets, **saved.secrets}
        for key, names in saved.names.items():
            settings.names[key] = list(dict.fromkeys([*names, *settings.names.get(key, ())]))[:MAX_NAMES]
    try:
        settings.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(settings.path, _toml(settings), is_synced=True)
    except OSError as error:
        raise UserError(
            f"The settings cannot be saved to {settings.path} ({error.strerror}); "
            f"make that folder writable, or name another one in {DATA_DIR_VARIABLE}."
        ) from error


def _toml(settings: SavedSettings) -> str:
    lines = [f"nick = {_quoted(settings.nick)}", f"bell = {str(settings.is_bell_on).lower()}"]
    for room in settings.rooms[:MAX_REMEMBERED]:
        lines += ["", "[[rooms]]", *_room_lines(room)]
    lines += ["", "[secrets]"]
    lines += [f"{_quoted(key)} = {_quoted(secret)}" for key, secret in settings.secrets.items()]
    lines += ["", "[names]"]
    lines += [f"{_quoted(key)} = [{', '.join(map(_quoted, names))}]" for key, names in settings.names.items()]
    return "\n".join(lines) + "\n"


def _room_lines(room: RememberedRoom) -> list[str]:
    return [
        f"id = {_quoted(room.id)}",
        f"name = {_quoted(room.name)}",
        f"addresses = [{', '.join(_quoted(address) for address in room.addresses)}]",
        f"port = {room.port}",
        f"last_joined = {room.last_joined!r}",
    ]


def _quoted(text: str) -> str:
    """Return a text as a TOML basic string. Half a surrogate pair, which no file can hold, becomes "?"."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    escaped = _NEEDS_ESCAPE.sub(lambda found: _ESCAPES.get(found[0], f"\\u{ord(found[0]):04x}"), whole)
    return f'"{escaped}"'
