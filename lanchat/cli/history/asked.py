"""What was asked for: a period, a room, a folder."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from lanchat.client.rooms.called import folded
from lanchat.errors import UsageError, UserError
from lanchat.protocol.names import CHANNEL_PREFIX
from lanchat.protocol.text import clean
from lanchat.store.archive import KeptRoom
from lanchat.when import NotATime, parse_period


class Span(NamedTuple):
    """A period in UNIX milliseconds, `until` excluded; 0: from the beginning, MAX_AT: without end."""

    since: int
    until: int


MAX_AT = 253_402_300_799_000  # the last second of the year 9999, the last that has a timestamp in IRC


def span(args: argparse.Namespace) -> Span:
    """Return the period of --since and --until. Raises UsageError for what is none."""
    now = datetime.now().astimezone()
    try:
        period = parse_period(args.since or "", args.until or "", now)
    except NotATime as error:
        raise UsageError(str(error)) from None
    since, until = (milliseconds(at) if at else None for at in (period.start, period.end))
    return Span(max(0, since or 0), MAX_AT if until is None else min(until, MAX_AT))


def milliseconds(at: datetime) -> int:
    """Return a time as UNIX milliseconds."""
    return round(at.timestamp() * 1000)


def room_called(rooms: Sequence[KeptRoom], text: str) -> KeptRoom | None:
    """Return the room of a name, or the only one that begins so. Raises UserError if it may be several."""
    wanted = folded(text)
    exact = [room for room in rooms if wanted in names_of(room)]
    likely = exact or [room for room in rooms if any(name.startswith(wanted) for name in names_of(room))]
    if len(likely) > 1:
        raise UserError(
            f'"{clean(text)}" may be {listed((room.title for room in likely), "or")}; type more of the name.'
        )
    return likely[0] if likely else None


def names_of(room: KeptRoom) -> tuple[str, ...]:
    """Return what a room answers to: "line 3", "line-3", "#line-3"."""
    return folded(room.title), folded(room.channel.removeprefix(CHANNEL_PREFIX)), folded(room.channel)


def listed(names: Iterable[str], word: str) -> str:
    """Return names in one phrase: "Line 3, Line 4 or Bridge"."""
    texts = [clean(name) for name in names]
    return f"{', '.join(texts[:-1])} {word} {texts[-1]}" if len(texts) > 1 else "".join(texts)
