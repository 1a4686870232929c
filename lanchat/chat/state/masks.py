"""Masks such as "*!*@10.0.0.*": who is meant by a ban, an exception, a WHO.

Source: modern.ircdocs.horse, "Wildcard Expressions".
"""

import re
from functools import lru_cache

from lanchat.chat.state.people import User
from lanchat.protocol.names import fold

MUTE_PREFIXES = ("m:", "~m:", "~mute:")
ACCOUNT_PREFIX = "a:"
_PARTS = re.compile(r"\\[*?]|\*+|.", re.DOTALL)  # an escaped wildcard, a run of "*", or any one character


@lru_cache(maxsize=1_024)
def _pattern(folded_mask: str) -> re.Pattern[str]:
    """Each piece between two "*" is looked for once and kept where it was first found.

    A plain ".*" for every "*" would try all ways of spreading the pieces: "*a*a*a*a*b" would stop the server.
    """
    pieces = [""]
    for part in _PARTS.findall(folded_mask):
        if part[0] == "*":
            pieces.append("")
        else:
            pieces[-1] += "." if part == "?" else re.escape(part[-1])
    if len(pieces) == 1:
        return re.compile(pieces[0], re.DOTALL)
    first, *inner, last = pieces
    return re.compile(first + "".join([f"(?>.*?{piece})" for piece in inner]) + f".*{last}", re.DOTALL)


def matches(mask: str, text: str) -> bool:
    """Tell whether a text is meant by a mask: "*" any characters or none, "?" exactly one; capitals do not matter.

    A backslash before one of the two makes it an ordinary character.
    """
    return _pattern(fold(mask)).fullmatch(fold(text)) is not None


def normal_mask(mask: str) -> str:
    """Return a ban mask with all its three parts. Extbans keep their prefix.

    "zoé" is "zoé!*@*", "u@h" is "*!u@h", "10.0.0.*" is "*!*@10.0.0.*", as no name has a dot or a colon.
    """
    for prefix in MUTE_PREFIXES:
        if mask.startswith(prefix):
            return prefix + normal_mask(mask[len(prefix) :])
    if account := _account_mask(mask):
        return f"{ACCOUNT_PREFIX}{account}"
    nick, bang, rest = mask.partition("!")
    if not bang and "@" not in mask:
        nick, rest = ("*", f"*@{mask}") if "." in mask or ":" in mask else (mask, "*@*")
    elif not bang:
        nick, rest = "*", mask
    user, _, host = rest.partition("@")
    host = f"0{host}" if host.startswith(":") else host or "*"  # "0::1", as hosts are shown
    return f"{nick or '*'}!{user or '*'}@{host}"


def muted_mask(mask: str) -> str:
    """Return the mask inside a mute extban, "" if it is none."""
    return next((mask[len(prefix) :] for prefix in MUTE_PREFIXES if mask.startswith(prefix)), "")


def is_meant(mask: str, user: User) -> bool:
    """Tell whether a normal mask means somebody: by nick, user and host, or by account."""
    if account := _account_mask(mask):
        return bool(user.account) and matches(account, user.account)
    return matches(mask, user.source)


def _account_mask(mask: str) -> str:
    """The mask inside an account extban ("a:zoe"), "" if it is none."""
    return next((mask[len(prefix) :] for prefix in (ACCOUNT_PREFIX, "~a:", "~account:") if mask.startswith(prefix)), "")
