"""People who go on elsewhere: the session whose address they were seen at has ended, another is still there.

So it is with a laptop that comes back with a new address while the old connection is not known to be dead yet.
Source: ircv3.net/specs/extensions/chghost.
"""

from __future__ import annotations

from lanchat.chat.call import Call
from lanchat.chat.rules import arrivals
from lanchat.chat.rules.onlookers import onlookers
from lanchat.chat.state.people import User


def follow_sessions(call: Call, user: User) -> None:
    """Let somebody be seen at the address of a session they still have, for bans to mean where they are."""
    addresses = [session.address for session in user.sessions]
    if user.host not in addresses:
        _move(call, user, addresses[0])


def _move(call: Call, user: User, host: str) -> None:
    network = call.network
    change = call.event(user, "CHGHOST", user.username, host)
    departure = call.event(user, "QUIT", "Changing host")
    user.move(host)
    call.send(onlookers(network, user, "chghost"), change)
    # To others it looks like leaving and coming back; peers that answer no PING speak no protocol and see no hosts.
    neighbours = network.neighbours(user)
    others = [s for s in neighbours if not s.has("chghost") and s.user is not user and s.wire.answers_pings]
    call.send(others, departure)
    for channel in user.channels.values():
        inside = [session for session in others if session.user in channel.members]
        arrivals.announce(call, inside, user, channel)
