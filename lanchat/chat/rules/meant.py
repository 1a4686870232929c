"""Which of the host's rooms somebody means who writes its name in their own way.

An example: the room is “Line 3”, its channel #Line-3. "/join #Line 3" asks for #Line with the key "3"; "/join #line3"
and "/join #Line_3" for channels that nobody has opened. Each would be opened, and whoever typed it sit in it alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from lanchat.chat.state.network import Network
from lanchat.chat.state.people import Channel
from lanchat.protocol.names import fold, is_channel

_PASSED_OVER = str.maketrans("", "", "#-_. ")  # what people put between words, or leave out


@dataclass(frozen=True, slots=True)
class Meant:
    """A room, and the key that was given for it."""

    channel: Channel
    key: str


def meant_room(network: Network, name: str, key: str) -> Meant | None:
    """Return the host's room that a JOIN means which would open a channel; None if it means what it says.

    `key` is all that stands behind the name: words of a room's name, where they make it whole.
    """
    if network.channel(name) or not is_channel(name):
        return None
    rooms = {_bare(channel.name): channel for channel in network.channels.values() if channel.is_hosted}
    rooms |= {_bare(channel.room): channel for channel in rooms.values()}
    if channel := rooms.get(_bare(name)):
        return Meant(channel, key)
    channel = rooms.get(_bare(name + key)) if key else None
    return Meant(channel, "") if channel else None


def _bare(name: str) -> str:
    return fold(name).translate(_PASSED_OVER)
