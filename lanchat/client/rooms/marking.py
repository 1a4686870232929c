"""Telling the host how far this person has read. Source: ircv3.net/specs/extensions/read-marker."""

from dataclasses import dataclass

from lanchat.client.rooms.asking import of_time
from lanchat.client.state.channels import Channel
from lanchat.client.state.state import ClientState
from lanchat.protocol.message import Message

EVERY_S = 3.0  # at most: a busy room is read message by message


@dataclass(slots=True)
class Marking:
    """What the host was told. `is_on`: there is a person who reads, rather than a program."""

    is_on: bool = True
    _told_at_s: float = 0.0

    def due(self, state: ClientState, now_s: float, *, is_last: bool = False) -> list[Message]:
        """Return what to tell the host now; `is_last`: there is no later. `now_s`: of a clock that is never set."""
        if not self.is_on or not state.offers("draft/read-marker"):
            return []
        read = [channel for channel in state.channels.values() if channel.read_s > channel.marker_s]
        if not read or not (is_last or now_s >= self._told_at_s + EVERY_S):
            return []
        self._told_at_s = now_s
        return [_mark(channel) for channel in read if channel.is_open]


def _mark(channel: Channel) -> Message:
    channel.marker_s = channel.read_s
    return Message("MARKREAD", (channel.name, of_time(channel.read_s)))
