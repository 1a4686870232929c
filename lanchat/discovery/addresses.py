"""The machine's network adapters: which of its addresses to announce, print and browse on, and in which order to try
the addresses of others."""

import ipaddress
import itertools
import re
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from typing import TypeVar

from lanchat.discovery.link_state import is_up

Item = TypeVar("Item")

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
IPInterface = ipaddress.IPv4Interface | ipaddress.IPv6Interface

MAX_ADDRESSES = 8  # of one room; a host has two or three, and each one tried costs a connection
MAX_ASKED_SUBNETS = 64  # by broadcast: a socket each
MAX_OWN_ADDRESSES = 16  # asked on: Linux lets a socket join 20 multicast groups (igmp_max_memberships)

# Adapters that lead to containers, virtual machines and VPNs, not to the people next door. Linux, macOS and BSD name
# them so; on Windows the same words are in the adapter's description.
_VIRTUAL_NAME = re.compile(
    r"docker|br-[0-9a-f]{12}|veth|virbr|vnet|vmnet|vboxnet|lxc|lxd|cni|flannel|cali|podman|kube|nerdctl|"
    r"tun|tap|utun|wg|tailscale|zt|ppp|ipsec|nordlynx|ham|gpd|awdl|llw|gif|stf|anpi|dummy|vpn"
)
_CONTAINER_NAME = re.compile(  # among these, those that lead no further than this machine
    r"docker|br-[0-9a-f]{12}|veth|virbr|vnet|vmnet|vboxnet|lxc|lxd|cni|flannel|cali|podman|kube|nerdctl|"
    r"awdl|llw|gif|stf|anpi|dummy"
)
_VIRTUAL_WORDS = re.compile(
    r"docker|vethernet|hyper-v|virtualbox|vmware|wsl|tap-windows|wintun|openvpn|wireguard|tailscale|zerotier|"
    r"vpn|hamachi|fortinet|loopback|npcap|wi-fi direct",
    re.IGNORECASE,
)
_SHARED = ipaddress.IPv4Network("100.64.0.0/10")  # RFC 6598; what Tailscale and mobile carriers hand out


@dataclass(frozen=True, slots=True)
class Adapter:
    """One network adapter with its addresses. `is_virtual`: it leads to containers or a VPN rather than to a LAN."""

    name: str
    addresses: tuple[IPInterface, ...]
    is_virtual: bool = False


def read_adapters() -> list[Adapter]:
    """Return the machine's adapters that are up, with loopback; an empty list where the system does not tell."""
    import ifaddr  # comes with zeroconf; 24 ms that `lanchat --help` need not spend

    try:
        found = list(ifaddr.get_adapters())
    except OSError:
        return []
    up = [one for one in found if is_up(one.name)]
    return [_adapter(one.name, one.nice_name, [(ip.ip, ip.network_prefix) for ip in one.ips]) for one in up]


def _adapter(name: str, nice_name: str, ips: Iterable[tuple[str | tuple[str, int, int], int]]) -> Adapter:
    interfaces = tuple(one for ip, prefix in ips if (one := _interface(ip, prefix)) is not None)
    return Adapter(name, interfaces, is_virtual_adapter(name, nice_name, interfaces))


def _interface(ip: str | tuple[str, int, int], prefix: int) -> IPInterface | None:
    if isinstance(ip, str):
        text = ip
    else:
        text, _flow, scope = ip
        text = text.partition("%")[0] + (f"%{scope}" if scope else "")
    try:
        return ipaddress.ip_interface(f"{text}/{prefix}")
    except ValueError:
        return None


def is_virtual_adapter(name: str, nice_name: str, interfaces: Sequence[IPInterface]) -> bool:
    """Tell whether an adapter leads to containers or a VPN, by its name, its description and its addresses."""
    if _VIRTUAL_NAME.match(name) or (nice_name != name and _VIRTUAL_WORDS.search(nice_name)):
        return True
    v4 = [one for one in interfaces if isinstance(one, ipaddress.IPv4Interface) and not one.ip.is_loopback]
    return bool(v4) and all(one.network.prefixlen == 32 or one.ip in _SHARED for one in v4)


def usable_interfaces(adapters: Iterable[Adapter], listen: Sequence[str] = ()) -> list[ipaddress.IPv4Interface]:
    """Return the IPv4 addresses under which people nearby can reach this machine, without loopback.

    `listen` restricts them to the addresses the host listens on; a wildcard among those, or none, means all.
    Containers and VPNs are left out unless nothing else is there, or one of them was asked for. Each adapter's first
    address comes before the second one of any: whoever takes only some of them leaves no network out.
    """
    wanted = _explicit(listen)
    if wanted:
        return [one for one in _one_each([_ipv4(adapter) for adapter in adapters]) if one.ip in wanted]
    kept = list(adapters)
    real = _one_each([_ipv4(adapter) for adapter in kept if not adapter.is_virtual])
    return real or _one_each([_ipv4(adapter) for adapter in kept])


def _one_each(lists: Iterable[Sequence[Item]]) -> list[Item]:
    """Return the first of each list, then the second of each, and so on."""
    return [one for rank in itertools.zip_longest(*lists) for one in rank if one is not None]


class Reach(Enum):
    """Who can reach a host, as far as this machine's adapters tell."""

    NOBODY = auto()  # no network: only this machine
    VIRTUAL = auto()  # only containers on this machine, or who is in the same VPN
    SELF_ASSIGNED = auto()  # no router gave an address; who is on the same cable or Wi-Fi, and has none either
    NETWORK = auto()


def reach_of(adapters: Sequence[Adapter], listen: Sequence[str] = ()) -> Reach:
    """Return who can reach a host that listens there. An address that was asked for by itself counts as a network."""
    usable = usable_interfaces(adapters, listen)
    real = {one for adapter in adapters if not adapter.is_virtual for one in _ipv4(adapter)}
    if _explicit(listen) or any(one in real and not one.is_link_local for one in usable) or _global_ipv6(adapters):
        return Reach.NETWORK
    if any(one in real for one in usable):
        return Reach.SELF_ASSIGNED
    return Reach.VIRTUAL if usable else Reach.NOBODY


def other_networks(adapters: Sequence[Adapter], listen: Sequence[str] = ()) -> list[str]:
    """Return own addresses in VPNs that are not announced on, as there is a network of the ordinary kind beside."""
    usable = usable_interfaces(adapters, listen)
    vpns = [one for one in adapters if one.is_virtual and not _CONTAINER_NAME.match(one.name)]
    others = [one for adapter in vpns for one in _ipv4(adapter)]
    return [] if _explicit(listen) else [str(one.ip) for one in others if one not in usable]


def _ipv4(adapter: Adapter) -> list[ipaddress.IPv4Interface]:
    return [
        one
        for one in adapter.addresses
        if isinstance(one, ipaddress.IPv4Interface) and not one.ip.is_loopback and not one.ip.is_unspecified
    ]


def _explicit(listen: Sequence[str]) -> set[IPAddress]:
    """Return the addresses of `listen`, or an empty set where it means all."""
    known = {address for text in listen if (address := parse_address(text)) is not None}
    return set() if any(address.is_unspecified for address in known) else known


def parse_address(text: str) -> IPAddress | None:
    """Return a numeric address, or None for anything else."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def is_loopback_only(listen: Sequence[str]) -> bool:
    """Tell whether only this machine can reach what listens there."""
    wanted = _explicit(listen)
    return bool(wanted) and all(address.is_loopback for address in wanted)


def host_addresses(listen: Sequence[str] = (), adapters: Sequence[Adapter] | None = None) -> list[str]:
    """Return the addresses to tell people, best first: the LAN's IPv4 addresses, then global IPv6 ones.

    Self-assigned ones (169.254) come last. None where there is no network, unless loopback was asked for.
    """
    found = read_adapters() if adapters is None else adapters
    wanted = _explicit(listen)
    v4 = [str(one.ip) for one in sorted(usable_interfaces(found, listen), key=lambda one: one.is_link_local)]
    v6 = [str(one.ip) for one in _global_ipv6(found) if not wanted or one.ip in wanted]
    loopback = [str(address) for address in wanted if address.is_loopback]
    return list(dict.fromkeys([*v4, *v6, *loopback]))


def _global_ipv6(adapters: Iterable[Adapter]) -> list[ipaddress.IPv6Interface]:
    return [
        one
        for adapter in adapters
        if not adapter.is_virtual
        for one in adapter.addresses
        if isinstance(one, ipaddress.IPv6Interface) and not one.ip.is_link_local and not one.ip.is_loopback
    ]


def asking_addresses(adapters: Iterable[Adapter]) -> list[str]:
    """Return the IPv4 addresses to browse on: every adapter's, the likely ones first, without loopback."""
    return [str(one.ip) for one in _likely_first(adapters)][:MAX_OWN_ADDRESSES]


def _likely_first(adapters: Iterable[Adapter]) -> list[ipaddress.IPv4Interface]:
    """Return the addresses of the real adapters, one of each first, then those of the virtual ones."""
    kept = list(adapters)
    ranked = [[one for one in kept if one.is_virtual is is_virtual] for is_virtual in (False, True)]
    return [one for rank in ranked for one in _one_each([_ipv4(adapter) for adapter in rank])]


def bindable(addresses: Iterable[str]) -> list[str]:
    """Return those of our IPv4 addresses that can be used at this moment.

    An address may be gone by now, or not be ready yet; a zeroconf made with it fails, and leaks its sockets.
    """
    return [address for address in addresses if _can_bind(address)]


def _can_bind(address: str) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.bind((address, 0))
        except OSError:
            return False
    return True


def broadcast_routes(adapters: Iterable[Adapter]) -> list[tuple[str, str]]:
    """Return pairs of own address and its subnet's broadcast address, the likely ones first."""
    interfaces = [one for one in _likely_first(adapters) if one.network.prefixlen < 31]
    by_subnet = {one.network: one for one in reversed(interfaces)}  # a subnet is asked once, whoever asks
    asking = [one for one in interfaces if by_subnet[one.network] is one]
    return [(str(one.ip), str(one.network.broadcast_address)) for one in asking][:MAX_ASKED_SUBNETS]


def best_first(addresses: Iterable[str], adapters: Iterable[Adapter]) -> tuple[str, ...]:
    """Return a room's addresses in the order to try them: this machine, same subnet, other private, the rest.

    Those nobody can connect to are left out, and so is fe80 without a scope, which names no network. At most 8 remain.
    """
    own = [(one.network, adapter.is_virtual) for adapter in adapters for one in adapter.addresses]
    near = {text: nearness for text in addresses if (nearness := _nearness(text, own)) is not None}
    return tuple(sorted(near, key=near.__getitem__))[:MAX_ADDRESSES]


class Nearness(IntEnum):
    """How likely an address is to lead to a room: addresses are tried in this order."""

    THIS_MACHINE = auto()
    SAME_SUBNET = auto()
    PRIVATE = auto()
    VIRTUAL_SUBNET = auto()  # both ends may have a docker0 of the same addresses, so it comes after the real ones
    PUBLIC = auto()
    SELF_ASSIGNED = auto()  # in no subnet of ours, and no router carries these; RFC 3927, section 2.6.2


def _nearness(text: str, own: Sequence[tuple[IPNetwork, bool]]) -> Nearness | None:
    """Return how near an address is, or None if nobody can connect to it. `own`: subnets, and whether virtual."""
    address = parse_address(text)
    if address is None or address.is_multicast or address.is_unspecified:
        return None
    if address.is_loopback:
        return Nearness.THIS_MACHINE
    if address.is_reserved:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.is_link_local:
        return Nearness.PRIVATE if address.scope_id else None
    shared = [is_virtual for network, is_virtual in own if address in network]
    if shared:
        return Nearness.VIRTUAL_SUBNET if all(shared) else Nearness.SAME_SUBNET
    if address.is_link_local:
        return Nearness.SELF_ASSIGNED
    return Nearness.PRIVATE if address.is_private else Nearness.PUBLIC


def without_loopback(addresses: Iterable[str]) -> list[str]:
    """Return the addresses other than loopback: what the network says never sends us to our own machine."""
    return [text for text in addresses if (address := parse_address(text)) is not None and not address.is_loopback]


def is_on_link(text: str, interfaces: Iterable[IPInterface]) -> bool:
    """Tell whether an address is in the subnet of one of these interfaces."""
    address = parse_address(text)
    return address is not None and any(address in one.network for one in interfaces)


def neighbours(interface: ipaddress.IPv4Interface) -> list[str]:
    """Return the other addresses of an interface's subnet, or of the /24 around it where the subnet is larger."""
    network = interface.network
    if network.prefixlen < 24:
        network = ipaddress.IPv4Interface(f"{interface.ip}/24").network
    return [str(address) for address in network.hosts() if address != interface.ip]


def with_port(host: str, port: int) -> str:
    """Return an address or host name with its port, as people write it: "10.0.0.5:8100", "[fd00::5]:8100"."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
