"""How far this person has read, as the host knows it. Source: ircv3.net/specs/extensions/read-marker."""

from lanchat.client.state.changes import Change
from lanchat.client.state.heard import Heard, time_of
from lanchat.client.state.state import ClientState
from lanchat.protocol.names import fold

_TIMESTAMP = "timestamp="


def _markread(state: ClientState, heard: Heard) -> list[Change]:
    """Take the marker; what it covers was read at another terminal."""
    channel = state.channels.get(fold(heard.name(0)))
    if channel is None or not heard.raw(1).startswith(_TIMESTAMP):
        return []
    channel.marker_s = max(channel.marker_s, time_of(heard.raw(1).removeprefix(_TIMESTAMP), 0.0))
    channel.read_s = max(channel.read_s, channel.marker_s)
    return state.mark_read(channel) if channel.last_spoken_s <= channel.marker_s else []


HANDLERS = {"MARKREAD": _markread}
