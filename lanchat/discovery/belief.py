"""Which places of an announcement are tried: else whoever announces could have us connect to anything, anywhere.

Somebody who announces rooms at a machine controller's port 502 would make a port scanner of everybody who lists rooms.
So an announcement is believed about addresses in a subnet of ours, on ports that rooms may have, and about a few of
them: four for each announcer, and, as whoever forges one forges many, four for each address. The ports that hosts take
by themselves (8100 to 8109) are free. (Who sent it is no help: zeroconf does not tell.)
"""

from collections.abc import Iterable, Sequence

from lanchat.discovery.addresses import is_on_link, without_loopback
from lanchat.discovery.ip import IPInterface
from lanchat.limits import DEFAULT_PORT, PORTS_TRIED

FIRST_PORT = 1_024  # below are the system's services; a host that wants one of these can be joined by address
RAW_PRINTING_PORTS = range(9_100, 9_110)  # JetDirect: whatever connects there is printed
MAX_PLACES = 4
MAX_KNOWN = 4_096  # announcers and addresses; of more, none is believed
_USUAL_PORTS = range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED)


class Belief:
    """What has been believed so far."""

    def __init__(self) -> None:
        self._ports: dict[str, set[int]] = {}  # by announcer, and by address

    def believed(
        self, announcer: str, addresses: Iterable[str], port: int, own: Sequence[IPInterface]
    ) -> tuple[str, ...]:
        """Return those addresses that may be tried for this announcement. `own`: this machine's interfaces."""
        if port < FIRST_PORT or port in RAW_PRINTING_PORTS or not self._takes(announcer, port):
            return ()
        near = (one for one in addresses if is_on_link(one, own) or not without_loopback([one]))
        return tuple(one for one in near if self._takes(one, port))

    def _takes(self, who: str, port: int) -> bool:
        if port in _USUAL_PORTS:
            return True
        if len(self._ports) >= MAX_KNOWN and who not in self._ports:
            return False
        ports = self._ports.setdefault(who, set())
        if port not in ports and len(ports) >= MAX_PLACES:
            return False
        ports.add(port)
        return True
