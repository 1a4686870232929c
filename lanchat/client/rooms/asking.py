"""The words of CHATHISTORY. Source: ircv3.net/specs/extensions/chathistory."""

from collections.abc import Callable
from datetime import UTC, datetime

from lanchat.client.rooms.pages import Then
from lanchat.protocol.message import Message

PAGE_MESSAGES = 100  # asked for at one time: hosts give no more; lanchat's limits.MAX_HISTORY_PAGE
CHATHISTORY = "draft/chathistory"

Ask = Callable[[Message, Then], bool]
"""Sends a question, whose answer goes to `Then`; False if there is no connection."""


def of_msgid(msgid: str) -> str:
    """Return the place of a message, as it is asked for."""
    return f"msgid={msgid}"


def of_time(at_s: float) -> str:
    """Return a time as a place."""
    return f"timestamp={stamp(at_s)}"


def stamp(at_s: float) -> str:
    """Return a UNIX time as server-time has it; ircv3.net/specs/extensions/server-time."""
    at = datetime.fromtimestamp(at_s, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def asked(how: str, channel: str, *places: str, limit: int = PAGE_MESSAGES) -> Message:
    """Return a question: "LATEST #Line-3 * 100", "AFTER #Line-3 msgid=7 100"."""
    return Message("CHATHISTORY", (how, channel, *places, str(limit)))
