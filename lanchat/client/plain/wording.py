"""Entries as lines of text, for the plain screen.

What people say begins with their name and a colon, everything else with "--" or "*", and further lines of a message are
indented. So nobody can write a line that looks as if somebody else, or the program, had written it.
"""

from lanchat.client.state.clock import moment
from lanchat.client.state.entries import Entry, EntryKind
from lanchat.client.words.colour import colour_of
from lanchat.client.words.notices import sentence
from lanchat.protocol.names import shown

Piece = tuple[str, str]  # a text and its style; "" for none
_INDENT = " " * len("14:02 ")
_DIM, _ALARM, _CALL = "dim", "bold red", "bold"
_MAX_QUOTE_CHARS = 40


def line_of(entry: Entry, room: str = "") -> list[Piece]:
    """Return an entry as a line, without its line end. `room`: to be named, as it is not the open one."""
    pieces: list[Piece] = [(f"{moment(entry.at_s).hour} ", _DIM)]
    if room:
        pieces.append((f"[{room}] ", _DIM))
    pieces += _spoken(entry) if entry.is_spoken else _noted(entry)
    return pieces


def _noted(entry: Entry) -> list[Piece]:
    style = _ALARM if entry.kind is EntryKind.ERROR else _DIM if entry.nick else ""
    return [("-- ", _DIM), (_set_in(sentence(entry)), style)]


def _spoken(entry: Entry) -> list[Piece]:
    name: Piece = (entry.name or "the host", f"bold {colour_of(entry.nick)}")
    style = _CALL if entry.is_mention else ""
    text: Piece = (_set_in(entry.text), style)
    if entry.kind is EntryKind.ACTION:
        aside = [(f"({_aside(entry)}) ", _DIM)] if entry.to else []
        return [("* ", _DIM), *aside, name, (" ", ""), text]
    if entry.to:
        return [name, (f" ({_aside(entry)})", _DIM), (": ", ""), text]
    return [name, (": ", ""), text]


def _aside(entry: Entry) -> str:
    return f"only to {shown(entry.to)}" if entry.is_own else "only to you"


def _set_in(text: str) -> str:
    return text.replace("\n", f"\n{_INDENT}")


def change_of(entry: Entry) -> list[Piece]:
    """Return the line that tells how a message changed: deleted, or with other reactions."""
    pieces: list[Piece] = [("-- ", _DIM)]
    if entry.is_deleted:
        return [*pieces, (f"A message of {entry.name} was deleted", _DIM)]
    signs = ", ".join(f"{reaction.text} {len(reaction.nicks)}" for reaction in entry.reactions) or "none"
    return [*pieces, (f'Reactions to {entry.name}, "{_quote(entry)}": {signs}', _DIM)]


def delivery_of(entry: Entry) -> str:
    """Return the sentence that tells what became of something this person said."""
    return f'{(entry.delivery.value or "sent now").capitalize()}: "{_quote(entry)}"'


def _quote(entry: Entry) -> str:
    first = entry.text.partition("\n")[0]
    return first if len(first) <= _MAX_QUOTE_CHARS else f"{first[:_MAX_QUOTE_CHARS]}…"


def day_of(entry: Entry) -> str:
    """Return the day of an entry, as a line between days has it."""
    return moment(entry.at_s).day


def arrival(own: str, room: str, others: list[str]) -> str:
    """Return the sentence for somebody who just came in: who is here. All names as people read them."""
    if not others:
        return f"You are {own}, alone in {room} so far."
    named = ", ".join(others[:10]) if len(others) <= 11 else f"{', '.join(others[:10])} and {len(others) - 10} others"
    if 1 < len(others) <= 10:
        named = f"{', '.join(others[:-1])} and {others[-1]}"
    elif len(others) == 11:
        named = f"{', '.join(others[:10])} and {others[10]}"
    return f"You are {own}, in {room} with {named}."
