"""Entries and sheets for tests: a shift of 25 November 2026, in UTC."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime

from lanchat.export.entries import Entry, entry_of, with_reactions
from lanchat.export.sheet import About, Format, Sheet
from lanchat.protocol.message import Message


def at(clock: str, day: int = 25) -> int:
    hour, minute = map(int, clock.split(":"))
    return round(datetime(2026, 11, day, hour, minute, tzinfo=UTC).timestamp() * 1000)


def said(text: str, clock: str = "06:00", nick: str = "ana", *, command: str = "PRIVMSG", **tags: str) -> Entry:
    """Return what somebody said; `tags` with "_" for "/", "reply" and "priority" for theirs."""
    known = {"reply": "+draft/reply", "priority": "+lanchat/priority"}
    all_tags = {known.get(tag, tag): value for tag, value in tags.items()}
    params = ("#Line-3", text) if command != "KICK" else ("#Line-3", "bo", text)
    entry = entry_of(Message(command, params, f"{nick}!u@h", all_tags), at(clock))
    assert entry
    return entry


def reacted(entry: Entry, *signs: tuple[str, str]) -> Entry:
    """Return an entry with signs, each a nick and a sign; one with "-" before it is taken off."""
    return with_reactions(
        entry,
        [
            Message("TAGMSG", ("#a",), nick, {f"+draft/{'un' * (sign[0] == '-')}react": sign.lstrip("-")})
            for nick, sign in signs
        ],
    )


def written(
    form: Format, entries: Sequence[Entry], *, room: str = "Line 3", since: int = at("06:00"), until: int = at("14:00")
) -> str:
    """Return a sheet of a period."""
    body, out = io.StringIO(), io.StringIO()
    sheet = Sheet(form, About(room, since, until), body if form.has_head else out)
    for entry in entries:
        sheet.add(entry)
    sheet.finish(out)
    return out.getvalue()
