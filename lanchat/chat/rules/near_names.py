"""Channels that nobody has opened, and whose names amount to a room of the host's.

Who types "/join #Line 3" asks for a channel #Line with the key "3", as IRC has it, and would sit alone in a new
channel, thinking that nobody is there. So would who types #line3 or #Line_3.
"""

from __future__ import annotations

from lanchat.chat.state.network import Network
from lanchat.chat.state.people import Channel
from lanchat.protocol.names import fold


def room_meant(network: Network, name: str, key: str) -> tuple[Channel, str] | None:
    """Return the hosted room that a name, or a name with its key, amounts to, and the key that is left to enter it."""
    for room in network.settings.rooms:
        channel = network.channels[fold(room.channel)]
        amounts = {_letters(room.name), _letters(room.channel)} - {""}
        if _letters(name) in amounts:
            return channel, key
        if _letters(name + key) in amounts:
            return channel, ""
    return None


def _letters(name: str) -> str:
    """What is left of a name without its signs and spaces, which people forget or replace."""
    return "".join(char for char in fold(name) if char.isalnum())
