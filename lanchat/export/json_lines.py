"""A sheet for programs: one JSON object a line, with all that the host kept, as it was sent.

All of it is ASCII, so that no terminal or encoding can spoil it. Keys that say nothing are left out: see docs/guide.md.
"""

from __future__ import annotations

import json

from lanchat.export.entries import Entry
from lanchat.export.sheet import About, Quote
from lanchat.export.summary import Summary
from lanchat.export.times import Minute, iso


class JsonLines:
    """A line for each thing that happened, comings and goings as well."""

    has_head = False
    shows_all = True

    def __init__(self, room: str) -> None:
        self._room = room

    def head(self, about: About, summary: Summary) -> str:  # noqa: ARG002 - there is none
        """Return nothing."""
        return ""

    def day(self, at: Minute) -> str:  # noqa: ARG002 - each line has its time
        """Return nothing."""
        return ""

    def hour(self, at: Minute) -> str:  # noqa: ARG002 - as above
        """Return nothing."""
        return ""

    def entry(self, entry: Entry, quote: Quote | None) -> str:  # noqa: ARG002 - `reply_to` names the message
        """Return one line."""
        always = {"type": entry.kind.value, "time": iso(entry.at), "room": self._room, "nick": entry.nick}
        sometimes = {
            "text": entry.raw,
            "id": entry.msgid,
            "account": entry.account,
            "bot": entry.is_bot,
            "reply_to": entry.reply_to,
            "priority": entry.priority,
            "params": list(entry.params),
            "reactions": [{"text": sign, "nicks": list(nicks)} for sign, nicks in entry.reactions],
        }
        return json.dumps({**always, **{key: value for key, value in sometimes.items() if value}}) + "\n"

    def foot(self) -> str:
        """Return nothing."""
        return ""
