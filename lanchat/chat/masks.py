"""Masks such as "*!*@10.0.0.*": who is meant by a ban, an exception, a WHO.

Source: modern.ircdocs.horse, "Wildcard Expressions".
"""

import re
from functools import lru_cache

from lanchat.chat.user import User
from lanchat.protocol.names import fold

MUTE_PREFIXES = ("m:", "~m:", "~mute:")


@lru_cache(maxsize=1_024)
def _pattern(folded_mask: str) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    collapsed = re.sub(r"\*+", "*", folded_mask)  # "****" would take ages to fail
    return re.compile("".join(parts.get(char, re.escape(char)) for char in collapsed), re.DOTALL)


def matches(mask: str, text: str) -> bool:
    """Tell whether a text is meant by a mask: "*" any characters or none, "?" exactly one; capitals do not matter."""
    return _pattern(fold(mask)).fullmatch(fold(text)) is not None


def normal_mask(mask: str) -> str:
    """Return a ban mask with all its three parts: "zoé" is "zoé!*@*", "u@h" is "*!u@h". Extbans keep their prefix."""
    for prefix in MUTE_PREFIXES:
        if mask.startswith(prefix):
            return prefix + normal_mask(mask[len(prefix) :])
    nick, bang, rest = mask.partition("!")
    if not bang:
        nick, rest = ("*", mask) if "@" in mask else (mask, "*@*")
    user, at, host = rest.partition("@")
    return f"{nick or '*'}!{user or '*'}@{(host or '*') if at else '*'}"


def muted_mask(mask: str) -> str:
    """Return the mask inside a mute extban, "" if it is none."""
    return next((mask[len(prefix) :] for prefix in MUTE_PREFIXES if mask.startswith(prefix)), "")


def means(mask: str, user: User) -> bool:
    """Tell whether a normal mask means somebody."""
    return matches(mask, user.source)
