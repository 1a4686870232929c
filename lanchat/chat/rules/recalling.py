"""Asking for what was said: whose answer may take a moment."""

from __future__ import annotations

from lanchat.chat.call import Call
from lanchat.chat.state.effects import Recall
from lanchat.chat.state.history import Query
from lanchat.chat.state.pending import Asked
from lanchat.protocol.message import Message


def ask(call: Call, query: Query, message: Message, name: str) -> None:
    """Have a question looked up. The session's next commands wait until the answer was told, so replies keep order."""
    call.postpone()
    call.session.asked = Asked(query, message, name, call.label)
    call.session.is_waiting = True
    call.effects.append(Recall(call.session, query))
