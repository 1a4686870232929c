"""Names of people, channels and rooms: what is allowed, and when two are the same.

Source: docs/irc.md, "Corners"; modern.ircdocs.horse, "Clients" and "Channels".
"""

import re
import unicodedata
from functools import lru_cache

from lanchat.limits import MAX_CHANNEL_BYTES, MAX_NICK_BYTES, MAX_ROOM_BYTES, MAX_USERNAME_BYTES
from lanchat.protocol.skeleton import skeleton
from lanchat.protocol.text import clean, cut_to_bytes, is_harmful, is_ignorable

CHANNEL_PREFIX = "#"
_NOT_IN_NICKS = frozenset(' ,*?.!@:"')  # docs/irc.md; one quoting character less than any shell would miss
_SPACE = re.compile("(?<=[^_])_(?=[^_])")  # how a space in a name is written on the wire
_NOT_FIRST_IN_NICKS = frozenset("#~&@%+-$:")
_NOT_IN_CHANNELS = frozenset(" ,\x07*?:")
_UNSEEN = dict.fromkeys((0x200C, 0x200D, *range(0xFE00, 0xFE10), *range(0xE0020, 0xE0080)))
# Letters of these look like each other's; a name keeps to one of them. Others mix freely ("田中Taro").
_LOOKALIKE_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
# Names under which somebody could speak for the program, or for services that people know from other networks.
_RESERVED = frozenset(
    map(
        skeleton,
        ("lanchat", "server", "system", "everyone", "NickServ", "ChanServ", "MemoServ", "OperServ", "HostServ"),
    )
)


@lru_cache(maxsize=8_192)
def fold(name: str) -> str:
    """Return what two names share when they are the same name: "ZOÉ" and "zoé", "Ｚoé" and "Zoé".

    What cannot be seen (joiners, the choice of an emoji's style) does not tell names apart.
    """
    if name.isascii():
        return name.lower()
    name = name.translate(_UNSEEN)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def has_lookalikes(name: str) -> bool:
    """Tell whether a name mixes scripts whose letters look alike, such as Latin and Cyrillic."""
    if name.isascii():
        return False
    scripts = {unicodedata.name(char, "").partition(" ")[0] for char in name if char.isalpha()}
    return len(scripts & _LOOKALIKE_SCRIPTS) > 1


def is_nick(text: str) -> bool:
    """Tell whether a text can be a person's name on the wire: at most MAX_NICK_BYTES, spaces as "_", not reserved."""
    if not text or len(text.encode("utf-8", "replace")) > MAX_NICK_BYTES or text[0] in _NOT_FIRST_IN_NICKS:
        return False
    return _is_clean_name(text, _NOT_IN_NICKS) and skeleton(text) not in _RESERVED


def is_channel(text: str) -> bool:
    """Tell whether a text can be a channel's name: "#" and one character at least, MAX_CHANNEL_BYTES at most."""
    if len(text) < 2 or not text.startswith(CHANNEL_PREFIX):
        return False
    return len(text.encode("utf-8", "replace")) <= MAX_CHANNEL_BYTES and _is_clean_name(text, _NOT_IN_CHANNELS)


def _is_clean_name(text: str, forbidden: frozenset[str]) -> bool:
    if any(char in forbidden or char.isspace() or _is_unseen(char) for char in text):
        return False
    folded = fold(text)
    if not folded or any(char in forbidden or char.isspace() for char in folded):
        return False
    return not has_lookalikes(text)


def _is_unseen(char: str) -> bool:
    """Whether a character shows nothing, or nothing that is known: two names that differ in it look the same."""
    return is_harmful(char) or is_ignorable(char) or unicodedata.category(char) == "Cn"


def nick_from(text: str) -> str:
    """Return the nearest allowed nick to what a person calls themselves, or "" if nothing of it can be kept.

    "Maria López" becomes "Maria_López".
    """
    name = "_".join(unicodedata.normalize("NFC", clean(text)).split())
    name = "".join(char for char in name if char not in _NOT_IN_NICKS and not _is_unseen(char))
    name = name.lstrip("".join(_NOT_FIRST_IN_NICKS))
    name = cut_to_bytes(name, MAX_NICK_BYTES)
    return name if is_nick(name) else ""


def nick_variant(nick: str, number: int) -> str:
    """Return the nick with a number behind it ("Zoé2"), shortened where it would be too long."""
    digits = str(number)
    return cut_to_bytes(nick, MAX_NICK_BYTES - len(digits)) + digits


def shown(nick: str) -> str:
    """Return a wire name as people read it: "Maria_López" with its space, "#Line-3" without its "#".

    Only a single "_" between two other characters is a space: "Ana", "Ana_" and "_Ana" are three people.
    """
    return nick.removeprefix(CHANNEL_PREFIX) if nick.startswith(CHANNEL_PREFIX) else _SPACE.sub(" ", nick)


def room_name_from(text: str) -> str:
    """Return a room's name as it is kept: cleaned, in NFC, single spaces. "" if nothing is left. Not shortened."""
    return " ".join(unicodedata.normalize("NFC", clean(text)).split())


def is_room_name(text: str) -> bool:
    """Tell whether a cleaned room name is there and fits DNS-SD: 1 to MAX_ROOM_BYTES bytes."""
    return 0 < len(text.encode("utf-8", "replace")) <= MAX_ROOM_BYTES


def channel_for(room: str) -> str:
    """Return the channel of a room: "Line 3" is "#Line-3". Always a valid channel name."""
    kept = "".join("-" if char.isspace() else char for char in room if char not in _NOT_IN_CHANNELS or char == " ")
    name = cut_to_bytes(CHANNEL_PREFIX + kept.strip("-#"), MAX_CHANNEL_BYTES)
    return name if is_channel(name) else f"{CHANNEL_PREFIX}room"


def username_from(text: str) -> str:
    """Return a username for "nick!username@host": at most MAX_USERNAME_BYTES, "user" if nothing can be kept."""
    kept = "".join(char for char in clean(text) if char not in " @!:*?" and not char.isspace())
    return cut_to_bytes(kept, MAX_USERNAME_BYTES) or "user"
