"""Links in a text: where they stand, and what a terminal may be told to open.

A terminal is told a target in an escape sequence (OSC 8), so nothing of it is passed on as it came: a target begins
with http:// or https://, and has only printable ASCII; what else a person sees in it is percent-encoded as UTF-8.

Sources: https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda (OSC 8); RFC 3986, section 2.1.
"""

import re
from typing import NamedTuple
from urllib.parse import quote, urlsplit

MAX_TARGET_CHARS = 2_083  # as many as terminals take ("Length limits" of the above)
MAX_LINKS = 20  # of one message
_LINK = re.compile(r"https?://[^\s<>\"`]+", re.IGNORECASE)
_NOT_AT_END = ".,;:!?'*_~…"
_CLOSING = {")": "(", "]": "[", "}": "{"}
_KEPT = "%:/?#[]@!$&'()*+,;=-._~"  # reserved and unreserved characters, and what is encoded already


class Link(NamedTuple):
    """A link: where it stands in its text (the end excluded), and what to open."""

    start: int
    end: int
    target: str


def links(text: str) -> list[Link]:
    """Return the links of a text, in order."""
    found = (_link(text, *match.span()) for match in _LINK.finditer(text))
    return [link for link in found if link is not None][:MAX_LINKS]


def _link(text: str, start: int, end: int) -> Link | None:
    end = _end_of(text, start, end)
    target = quote(text[start:end], safe=_KEPT, errors="replace")
    is_safe = target.isascii() and target.isprintable() and len(target) <= MAX_TARGET_CHARS
    return Link(start, end, target) if is_safe and _has_host(target) else None


def _end_of(text: str, start: int, end: int) -> int:
    """Leave out what ends the sentence around a link, and a bracket that was opened before it."""
    while end > start:
        last, inside = text[end - 1], text[start:end]
        is_unopened = last in _CLOSING and inside.count(last) > inside.count(_CLOSING[last])
        if last not in _NOT_AT_END and not is_unopened:
            break
        end -= 1
    return end


def _has_host(target: str) -> bool:
    try:
        return bool(urlsplit(target).hostname)
    except ValueError:
        return False
