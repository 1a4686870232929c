"""Who is an operator of the host's own rooms: the host's operators, and whom they make one."""

from __future__ import annotations

from lanchat.chat.call import Call
from lanchat.chat.state.people import User
from lanchat.protocol.message import Message


def follow_host(call: Call, user: User) -> None:
    """Make somebody an operator of the host's rooms they are in, or no longer, as they are one of the host's."""
    for channel in user.channels.values():
        member = channel.members[user]
        if channel.is_hosted and member.is_operator != user.is_operator:
            member.modes ^= {"o"}
            sign = "+" if user.is_operator else "-"
            change = Message("MODE", (channel.name, f"{sign}o", user.nick), call.network.name)
            call.send(channel.audience(), change)
