r"""Masks such as "*!*@10.0.0.*": who is meant by a ban, an exception, a WHO.

A mask is read once, into the pieces between its "*", and then held against any number of texts. Each piece is looked
for once and stays where it was first found: trying all ways of spreading the pieces would take ages for "*a*a*a*b". A
piece without "?" is found by `str.find`; one with "?" by a row of bits, of which bit n says that the text up to here
ends in the first n + 1 characters of the piece, so that every character of the text is looked at once.

Source: modern.ircdocs.horse, "Wildcard Expressions".
"""

from __future__ import annotations

from collections.abc import Sequence

from lanchat.protocol.names import fold

MUTE_PREFIXES = ("m:", "~m:", "~mute:")
ACCOUNT_PREFIX = "a:"
_ANY = ""  # stands for "?" among the characters of a piece


class _Literal:
    """A piece in which every character is itself."""

    __slots__ = ("_text", "length")

    def __init__(self, text: str) -> None:
        self._text = text
        self.length = len(text)

    def is_at(self, text: str, start: int) -> bool:
        return text.startswith(self._text, start)

    def end_of_first(self, text: str, start: int, end: int) -> int:
        """Return where the first one between two places ends, -1 if there is none."""
        found = text.find(self._text, start, end)
        return found if found < 0 else found + self.length


class _Gapped:
    """A piece with "?" in it."""

    __slots__ = ("_bits", "_bits_of_others", "_chars", "length")

    def __init__(self, chars: Sequence[str]) -> None:
        self._chars = chars
        self.length = len(chars)
        self._bits_of_others = sum(1 << place for place, char in enumerate(chars) if char == _ANY)
        self._bits = dict.fromkeys(chars, self._bits_of_others)
        for place, char in enumerate(chars):
            self._bits[char] |= 1 << place

    def is_at(self, text: str, start: int) -> bool:
        there = text[start : start + self.length]
        return len(there) == self.length and all(a in (_ANY, b) for a, b in zip(self._chars, there, strict=True))

    def end_of_first(self, text: str, start: int, end: int) -> int:
        """Return where the first one between two places ends, -1 if there is none."""
        state, last, others = 0, 1 << (self.length - 1), self._bits_of_others
        bits_of = self._bits.get
        for place in range(start, end):
            state = (state << 1 | 1) & bits_of(text[place], others)
            if state & last:
                return place + 1
        return -1


class Mask:
    """A mask, ready to be held against folded texts: "*" any characters or none, "?" exactly one.

    A backslash before one of the two makes it an ordinary character; capitals do not matter.
    """

    __slots__ = ("_first", "_inner", "_last", "_shortest")

    def __init__(self, written: str) -> None:
        pieces = [_piece(chars) for chars in _split(fold(written))]
        self._first = pieces[0]
        self._inner = [piece for piece in pieces[1:-1] if piece.length]
        self._last = pieces[-1] if len(pieces) > 1 else None  # None: there is no "*"
        self._shortest = sum(piece.length for piece in pieces)

    def means(self, folded: str) -> bool:
        """Tell whether a folded text is meant."""
        length = len(folded)
        if length < self._shortest or not self._first.is_at(folded, 0):
            return False
        if self._last is None:
            return length == self._shortest
        end = length - self._last.length
        return self._last.is_at(folded, end) and self._has_inner(folded, self._first.length, end)

    def _has_inner(self, folded: str, start: int, end: int) -> bool:
        for piece in self._inner:
            start = piece.end_of_first(folded, start, end)
            if start < 0:
                return False
        return True


def _piece(chars: Sequence[str]) -> _Literal | _Gapped:
    return _Gapped(chars) if _ANY in chars else _Literal("".join(chars))


def _split(folded: str) -> list[list[str]]:
    """Return the pieces between the "*" of a mask, each as its characters."""
    pieces: list[list[str]] = [[]]
    chars = iter(range(len(folded)))
    for place in chars:
        char = folded[place]
        if char == "\\" and folded[place + 1 : place + 2] in ("*", "?"):
            pieces[-1].append(folded[next(chars)])
        elif char == "*":
            pieces.append([])
        else:
            pieces[-1].append(_ANY if char == "?" else char)
    return pieces


def matches(mask: str, text: str) -> bool:
    """Tell whether a text is meant by a mask that is used once."""
    return Mask(mask).means(fold(text))


def normal_mask(mask: str) -> str:
    """Return a ban mask with all its three parts. Extbans keep their prefix.

    "zoé" is "zoé!*@*", "u@h" is "*!u@h", "10.0.0.*" is "*!*@10.0.0.*", as no name has a dot or a colon.
    """
    for prefix in MUTE_PREFIXES:
        if mask.startswith(prefix):
            return prefix + normal_mask(mask[len(prefix) :])
    if account := account_mask(mask):
        return f"{ACCOUNT_PREFIX}{account}"
    nick, bang, rest = mask.partition("!")
    if not bang and "@" not in mask:
        nick, rest = ("*", f"*@{mask}") if "." in mask or ":" in mask else (mask, "*@*")
    elif not bang:
        nick, rest = "*", mask
    user, _, host = rest.partition("@")
    host = host.partition("%")[0] if ":" in host else host  # "fe80::1": the scope is the affair of who connects there
    host = f"0{host}" if host.startswith(":") else host or "*"  # "0::1", as hosts are shown
    return f"{nick or '*'}!{user or '*'}@{host}"


def muted_mask(mask: str) -> str:
    """Return the mask inside a mute extban, "" if it is none."""
    return next((mask[len(prefix) :] for prefix in MUTE_PREFIXES if mask.startswith(prefix)), "")


def account_mask(mask: str) -> str:
    """Return the mask inside an account extban ("a:zoe"), "" if it is none."""
    return next((mask[len(prefix) :] for prefix in (ACCOUNT_PREFIX, "~a:", "~account:") if mask.startswith(prefix)), "")
