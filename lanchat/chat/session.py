"""One connection of a person: what it negotiated and how it is written to."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from lanchat.protocol.irc_wire import Wire

if TYPE_CHECKING:
    from lanchat.chat.flood import Allowance
    from lanchat.chat.login import Login
    from lanchat.chat.multiline import OpenBatch
    from lanchat.chat.registration import Registration
    from lanchat.chat.sasl import Exchange
    from lanchat.chat.user import User


class Session:
    """Capabilities, labels and the wire belong to the session; name, channels and absence to its `user`.

    Until it is registered, `user` is None and `registration` holds what is known so far. Times are UNIX seconds.
    """

    __slots__ = (
        "address",
        "allowance",
        "batch",
        "cap_version",
        "capabilities",
        "carrier",
        "connected_at",
        "is_closed",
        "is_waiting",
        "kind",
        "last_heard",
        "last_pinged",
        "login",
        "monitored",
        "registration",
        "sasl",
        "user",
        "wire",
    )

    def __init__(self, wire: Wire, address: str, now: float) -> None:
        self.wire = wire
        self.carrier: Any = None  # the server's own: what takes the bytes to the peer
        self.address = address  # as shown in nick!user@host: no leading colon
        self.connected_at = now
        self.last_heard = now
        self.last_pinged = 0.0
        self.user: User | None = None
        self.registration: Registration | None = None
        self.cap_version = 301
        self.capabilities: frozenset[str] = frozenset()
        self.kind: Hashable = wire.kind  # sessions of equal kind are sent equal bytes
        self.monitored: dict[str, str] | None = None  # folded nick → as written
        self.batch: OpenBatch | None = None
        self.allowance: Allowance | None = None  # None: may send as fast as it likes
        self.sasl: Exchange | None = None
        self.login: Login | None = None
        self.is_waiting = False  # for a secret to be hashed
        self.is_closed = False

    def adopt(self, capabilities: frozenset[str]) -> None:
        """Take these capabilities, all there are, from now on."""
        self.capabilities = capabilities
        self.wire.adopt(capabilities)
        self.kind = self.wire.kind

    def has(self, capability: str) -> bool:
        """Tell whether the session negotiated a capability."""
        return capability in self.capabilities
