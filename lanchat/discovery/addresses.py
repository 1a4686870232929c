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

from lanchat.discovery.ip import (
    IPAddress,
    IPInterface,
    IPNetwork,
    ip_of,
    is_fe80,
    normal,
    parse_address,
    plain,
    scope_of,
)
from lanchat.discovery.link_state import is_up

Item = TypeVar("Item")

MAX_ADDRESSES = 8  # of one room; a host has two or three, and each one tried costs a connection
MAX_ASKED_SUBNETS = 64  # by broadcast: a socket each
MAX_OWN_ADDRESSES = 16  # of IPv4, and of IPv6: Linux lets a socket join 20 multicast groups (igmp_max_memberships)
MAX_SCOPES_TRIED = 4  # for an fe80 address that does not say on which adapter

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
ALL_NODES = "ff02::1"  # on a link; RFC 4291, section 2.7.1
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
    return [_adapter(one.name, one.nice_name, one.index, [(ip.ip, ip.network_prefix) for ip in one.ips]) for one in up]


def _adapter(
    name: str, nice_name: str, index: int | None, ips: Iterable[tuple[str | tuple[str, int, int], int]]
) -> Adapter:
    interfaces = tuple(one for ip, prefix in ips if (one := _interface(ip, prefix, index)) is not None)
    return Adapter(name, interfaces, is_virtual_adapter(name, nice_name, interfaces))


def _interface(ip: str | tuple[str, int, int], prefix: int, index: int | None) -> IPInterface | None:
    text, scope = (ip, None) if isinstance(ip, str) else (ip[0].partition("%")[0], ip[2] or index)
    address = parse_address(f"{text}%{scope}" if scope else text)
    return None if address is None else ipaddress.ip_interface(f"{address}/{prefix}")


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
    kept, wanted = list(adapters), _wanted(listen, 4)
    if wanted is not None:
        return [one for one in _one_each([_ipv4(adapter) for adapter in kept]) if ip_of(one) in wanted]
    real = [adapter for adapter in kept if not adapter.is_virtual]
    has_ipv6 = any(_ipv6(adapter) for adapter in real)
    others = [adapter for adapter in kept if not (has_ipv6 and _CONTAINER_NAME.match(adapter.name))]
    return _one_each([_ipv4(adapter) for adapter in real]) or _one_each([_ipv4(adapter) for adapter in others])


def usable_ipv6(adapters: Iterable[Adapter], listen: Sequence[str] = ()) -> list[ipaddress.IPv6Interface]:
    """Return the IPv6 addresses under which people nearby can reach this machine, in the same way.

    Of each adapter three at most, best first: one that is valid inside the site, a global one, the link-local one. A
    machine may have a dozen global ones, as it takes a new one every day; RFC 8981.
    """
    kept, wanted = list(adapters), _wanted(listen, 6)
    if wanted is not None:
        return [one for one in _one_each([_ipv6(adapter) for adapter in kept]) if ip_of(one) in wanted]
    real = _one_each([_one_of_a_kind(_ipv6(adapter)) for adapter in kept if not adapter.is_virtual])
    if real or usable_interfaces(kept):
        return real
    return _one_each([_one_of_a_kind(_ipv6(adapter)) for adapter in kept])


def _ipv6(adapter: Adapter) -> list[ipaddress.IPv6Interface]:
    """Return the IPv6 addresses that others can reach, those first that mean the same on every machine."""
    v6 = (one for one in adapter.addresses if isinstance(one, ipaddress.IPv6Interface))
    usable = [one for one in v6 if not (one.ip.is_loopback or one.ip.is_unspecified or one.ip.is_multicast)]
    return sorted((one for one in usable if scope_of(ip_of(one)) or not is_fe80(one.ip)), key=_kind)


def _kind(one: ipaddress.IPv6Interface) -> tuple[bool, bool]:
    return one.ip.is_link_local, one.ip.is_global


def _one_of_a_kind(interfaces: Iterable[ipaddress.IPv6Interface]) -> list[ipaddress.IPv6Interface]:
    by_kind: dict[tuple[bool, bool], ipaddress.IPv6Interface] = {}
    for one in interfaces:
        by_kind.setdefault(_kind(one), one)
    return list(by_kind.values())


def multicast_sources(adapters: Iterable[Adapter], of: Sequence[IPInterface]) -> list[str]:
    """Return, of these own IPv6 addresses, one of each adapter to speak from: the link-local one, where there is one.

    Who hears it is told by the source which adapter a link-local address in the message is to be tried on.
    """
    own = [[one for one in _ipv6(adapter) if one in of] for adapter in adapters]
    return [str(ip_of(of_adapter[-1])) for of_adapter in own if of_adapter]


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
    usable: list[IPInterface] = [*usable_interfaces(adapters, listen), *usable_ipv6(adapters, listen)]
    real = {one for adapter in adapters if not adapter.is_virtual for one in adapter.addresses}
    if _explicit(listen) or any(one in real and not one.ip.is_link_local for one in usable):
        return Reach.NETWORK
    if any(one in real for one in usable):
        return Reach.SELF_ASSIGNED
    return Reach.VIRTUAL if usable else Reach.NOBODY


def other_networks(adapters: Sequence[Adapter], listen: Sequence[str] = ()) -> list[str]:
    """Return own addresses in VPNs that are not announced on, as there is a network of the ordinary kind beside."""
    usable = usable_interfaces(adapters, listen)
    vpns = [one for one in adapters if one.is_virtual and not _CONTAINER_NAME.match(one.name)]
    others = [one for adapter in vpns for one in _ipv4(adapter)]
    return [] if _explicit(listen) else [str(ip_of(one)) for one in others if one not in usable]


def _ipv4(adapter: Adapter) -> list[ipaddress.IPv4Interface]:
    return [
        one
        for one in adapter.addresses
        if isinstance(one, ipaddress.IPv4Interface) and not one.ip.is_loopback and not one.ip.is_unspecified
    ]


def _wanted(listen: Sequence[str], version: int) -> set[IPAddress] | None:
    """Return the addresses of a family that `listen` restricts a host to; None for all."""
    known = [address for text in listen if (address := parse_address(text)) is not None]
    own = {address for address in known if address.version == version}
    return None if not known or any(address.is_unspecified for address in own) else own


def _explicit(listen: Sequence[str]) -> set[IPAddress]:
    """Return the addresses of `listen`, or an empty set where it means all."""
    known = {address for text in listen if (address := parse_address(text)) is not None}
    return set() if any(address.is_unspecified for address in known) else known


def is_loopback_only(listen: Sequence[str]) -> bool:
    """Tell whether only this machine can reach what listens there."""
    wanted = _explicit(listen)
    return bool(wanted) and all(address.is_loopback for address in wanted)


def host_addresses(listen: Sequence[str] = (), adapters: Sequence[Adapter] | None = None) -> list[str]:
    """Return the addresses to tell people, best first: the LAN's IPv4 addresses, which are easily typed, then IPv6.

    Self-assigned ones (169.254) come last, and link-local ones of IPv6, of which every machine has one, are told only
    where nothing else is. None where there is no network, unless loopback was asked for.
    """
    found = read_adapters() if adapters is None else adapters
    v4 = [str(ip_of(one)) for one in sorted(usable_interfaces(found, listen), key=lambda one: one.is_link_local)]
    v6 = usable_ipv6(found, listen)
    wide = [str(ip_of(one)) for one in v6 if not one.ip.is_link_local]
    narrow = [str(ip_of(one)) for one in v6] if not (v4 or wide) or _explicit(listen) else []
    loopback = [str(address) for address in _explicit(listen) if address.is_loopback]
    return list(dict.fromkeys([*v4, *wide, *narrow, *loopback]))


def own_address(text: str, adapters: Iterable[Adapter]) -> str:
    """Return an address to listen on with the scope of the adapter that has it; anything else as it is."""
    own = (str(ip_of(one)) for adapter in adapters for one in _ipv6(adapter))
    address = parse_address(text)
    if address is None or not is_fe80(address) or scope_of(address):
        return normal(text)
    return next((one for one in own if plain(one) == str(address)), str(address))


def asking_addresses(adapters: Iterable[Adapter]) -> list[str]:
    """Return the addresses to browse on, the likely ones first, without loopback: IPv4, and one of IPv6 an adapter."""
    kept = list(adapters)
    ranked = [*(one for one in kept if not one.is_virtual), *(one for one in kept if one.is_virtual)]
    v6 = multicast_sources(ranked, [one for adapter in ranked for one in adapter.addresses])
    return [*[str(ip_of(one)) for one in _likely_first(kept)][:MAX_OWN_ADDRESSES], *v6[:MAX_OWN_ADDRESSES]]


def _likely_first(adapters: Iterable[Adapter]) -> list[ipaddress.IPv4Interface]:
    """Return the addresses of the real adapters, one of each first, then those of the virtual ones."""
    kept = list(adapters)
    ranked = [[one for one in kept if one.is_virtual is is_virtual] for is_virtual in (False, True)]
    return [one for rank in ranked for one in _one_each([_ipv4(adapter) for adapter in rank])]


def bindable(addresses: Iterable[str]) -> list[str]:
    """Return those of our addresses that can be used at this moment.

    An address may be gone by now, or not be ready yet: for a second or two, IPv6 asks whether it is somebody else's. A
    zeroconf made with it fails, and leaks its sockets.
    """
    return [address for address in addresses if _can_bind(address)]


def _can_bind(address: str) -> bool:
    try:
        family, kind, _, _, where = socket.getaddrinfo(address, 0, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind) as sock:
            sock.bind(where)
    except OSError:
        return False
    return True


def broadcast_routes(adapters: Iterable[Adapter]) -> list[tuple[str, str]]:
    """Return pairs of own address and where to ask everybody from it, the likely ones first.

    With IPv4, that is the subnet's broadcast address. IPv6 has none, but a group that every machine is in.
    """
    kept = list(adapters)
    interfaces = [one for one in _likely_first(kept) if one.network.prefixlen < 31]
    by_subnet = {one.network: one for one in reversed(interfaces)}  # a subnet is asked once, whoever asks
    asking = [one for one in interfaces if by_subnet[one.network] is one]
    routes = [(str(ip_of(one)), str(one.network.broadcast_address)) for one in asking][:MAX_ASKED_SUBNETS]
    own = (parse_address(text) for text in asking_addresses(kept))
    return [*routes, *((str(one), f"{ALL_NODES}%{scope}") for one in own if one and (scope := scope_of(one)))]


def best_first(addresses: Iterable[str], adapters: Iterable[Adapter]) -> tuple[str, ...]:
    """Return a room's addresses in the order to try them: this machine, same subnet, other private, the rest.

    Of two that are as near, the IPv4 one is tried first. Those nobody can connect to are left out. At most 8 remain.
    """
    kept = list(adapters)
    own = [(one.network, adapter.is_virtual) for adapter in kept for one in adapter.addresses]
    ways = (way for text in addresses for way in ways_to(text, kept))
    near = {way: (nearness, ":" in way) for way in ways if (nearness := _nearness(way, own)) is not None}
    return tuple(sorted(near, key=near.__getitem__))[:MAX_ADDRESSES]


def ways_to(text: str, adapters: Iterable[Adapter]) -> list[str]:
    """Return an address as this machine uses it: an fe80 one on each adapter, if its scope is none of ours.

    The scope may be that of another machine, an adapter may have been renamed, or nobody gave one.
    """
    address = parse_address(text)
    if address is None or not is_fe80(address):
        return [normal(text)]
    ranked = sorted(adapters, key=lambda one: one.is_virtual)
    ours = [scope for adapter in ranked for one in _ipv6(adapter) if (scope := scope_of(ip_of(one)))]
    if scope_of(address) in ours:
        return [str(address)]
    return [f"{ipaddress.IPv6Address(int(address))}%{scope}" for scope in dict.fromkeys(ours)][:MAX_SCOPES_TRIED]


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
    """Tell whether an address is in the subnet of one of these interfaces. Of fe80, only the scope tells which."""
    address = parse_address(text)
    if address is None:
        return False
    near = [one for one in interfaces if address in one.network]
    return any(not is_fe80(address) or scope_of(ip_of(one)) == scope_of(address) is not None for one in near)


def neighbours(interface: ipaddress.IPv4Interface) -> list[str]:
    """Return the other addresses of an interface's subnet, or of the /24 around it where the subnet is larger."""
    network = interface.network
    if network.prefixlen < 24:
        network = ipaddress.IPv4Interface(f"{interface.ip}/24").network
    return [str(address) for address in network.hosts() if address != interface.ip]


def with_port(host: str, port: int) -> str:
    """Return an address or host name with its port, as people write it: "10.0.0.5:8100", "[fd00::5]:8100"."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
