"""What a room is called on the network: its DNS-SD label and its TXT record, written and read."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lanchat.discovery.rooms import is_room_id
from lanchat.limits import MAX_CHANNEL_BYTES, MAX_ROOM_BYTES
from lanchat.protocol.text import clean, cut_to_bytes

SERVICE_TYPE = "_lanchat._tcp.local."
HTTP_TYPE = "_http._tcp.local."
IRC_TYPE = "_irc._tcp.local."

MAX_LABEL_BYTES = 63  # RFC 6763, section 4.1.1
MAX_VERSION_BYTES = 32
MAX_NAME_BYTES = MAX_ROOM_BYTES + 5  # with the " (99)" of a name that was taken
TXT_VERSION = "1"
_FALLBACK_LABEL = "room"
_ONE_DOT_LEADER = "\u2024"  # looks like a dot; a real one hides the room from avahi and macOS (python-zeroconf #146)
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class RoomText:
    """What a TXT record says of a room. Texts are cleaned; what was absent or wrong is None, empty or False."""

    room_id: str | None
    name: str | None
    version: str
    channel: str
    is_password_needed: bool


def numbered(name: str, number: int) -> str:
    """Return the name for the `number`th room that wants it: "Line 3", "Line 3 (2)", "Line 3 (3)"."""
    return name if number == 1 else f"{name} ({number})"


def is_numbered(name: str, plain: str) -> bool:
    """Tell whether a name is the plain one with a number behind it, as given to a room whose name was taken."""
    return re.fullmatch(re.escape(plain) + r" \([1-9]\d?\)", name) is not None


def service_label(name: str, number: int = 1) -> str:
    """Return the DNS-SD instance label for a room's name: NFC, nothing invisible, no dot, at most 63 bytes.

    A `number` above 1 is kept whole at the end; the name is cut to leave space for it.
    """
    suffix = numbered("", number)
    visible = "".join(char for char in unicodedata.normalize("NFC", name) if not _is_invisible(char))
    plain = " ".join(visible.replace(".", _ONE_DOT_LEADER).split())
    base = cut_to_bytes(plain, MAX_LABEL_BYTES - len(suffix)).rstrip()
    if base.startswith("_"):  # a leading underscore marks types and subtypes in DNS-SD; RFC 6763, section 7
        base = cut_to_bytes(f"-{base[1:]}", MAX_LABEL_BYTES - len(suffix))
    return (base or _FALLBACK_LABEL) + suffix


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) in _INVISIBLE


def fold_label(label: str) -> str:
    """Return the label in the form that is compared: without case, and with accents composed in one way.

    python-zeroconf tells "LINE 3" from "Line 3"; people do not.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", label).casefold())


def free_number(name: str, taken: Collection[str]) -> int:
    """Return the lowest number whose label is free. `taken` holds folded labels."""
    number = 1
    while fold_label(service_label(name, number)) in taken:
        number += 1
    return number


def full_name(label: str, service_type: str = SERVICE_TYPE) -> str:
    """Return the label's full DNS-SD name."""
    return f"{label}.{service_type}"


def label_of(full: str, service_type: str = SERVICE_TYPE) -> str:
    """Return the label of a full DNS-SD name, as it came."""
    return full.removesuffix(f".{service_type}")


def server_name(room_id: str) -> str:
    """Return the host name under which a room's addresses are announced.

    Never the machine's own: with other addresses than avahi's, avahi renames the machine.
    """
    return f"lanchat-{room_id}.local."


def room_id_of_server(server: str) -> str | None:
    """Return the room's id in a host name made by `server_name`, or None for anybody else's."""
    room_id = server.lower().removeprefix("lanchat-").removesuffix(".local.")
    return room_id if is_room_id(room_id) and server.lower() == server_name(room_id) else None


def txt_of(
    *, room_id: str, name: str, label: str, version: str, channel: str, is_password_needed: bool
) -> dict[str, str]:
    """Return a room's TXT record, at most 400 bytes. `n` is there only where the label is not the name itself.

    No topic and no count of members: each change would cost three multicasts. They come from the probe.
    """
    shown = cut_to_bytes(clean(name), MAX_NAME_BYTES)
    txt = {
        "txtvers": TXT_VERSION,
        "id": room_id,
        "ver": cut_to_bytes(version, MAX_VERSION_BYTES),
        "chan": cut_to_bytes(clean(channel), MAX_CHANNEL_BYTES),
        "auth": "pw" if is_password_needed else "none",
        "tls": "0",
    }
    return txt if shown == label else {**txt, "n": shown}


def read_txt(properties: Mapping[bytes, bytes | None]) -> RoomText:
    """Read a TXT record from the network. What cannot be used is left out; nothing is an error."""
    values = {key.lower(): value or b"" for key, value in properties.items()}
    room_id = _text(values, b"id", 64)
    return RoomText(
        room_id=room_id if is_room_id(room_id) else None,
        name=_text(values, b"n", MAX_NAME_BYTES) or None,
        version=_text(values, b"ver", MAX_VERSION_BYTES),
        channel=_text(values, b"chan", MAX_CHANNEL_BYTES),
        is_password_needed=_text(values, b"auth", 16) == "pw",
    )


def _text(values: Mapping[bytes, bytes], key: bytes, limit_bytes: int) -> str:
    return cut_to_bytes(clean(values.get(key, b"").decode("utf-8", "replace")), limit_bytes)
