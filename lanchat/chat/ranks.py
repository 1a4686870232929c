"""Who is an operator of the host's own rooms: the host's operators, and whom they make one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.protocol.message import Message

if TYPE_CHECKING:
    from lanchat.chat.call import Call
    from lanchat.chat.user import User


def follow_host(call: Call, user: User) -> None:
    """Make somebody an operator of the host's rooms they are in, or no longer, as they are one of the host's."""
    for channel in user.channels.values():
        member = channel.members[user]
        if channel.is_hosted and member.is_operator != user.is_operator:
            (member.modes.add if user.is_operator else member.modes.remove)("o")
            sign = "+" if user.is_operator else "-"
            change = Message("MODE", (channel.name, f"{sign}o", user.nick), call.network.name)
            call.send(channel.audience(), change)
