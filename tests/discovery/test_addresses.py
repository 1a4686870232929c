import ipaddress
import socket
import sys

import ifaddr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.discovery import addresses
from lanchat.discovery.addresses import (
    MAX_OWN_ADDRESSES,
    Adapter,
    Reach,
    asking_addresses,
    best_first,
    broadcast_routes,
    host_addresses,
    is_loopback_only,
    is_on_link,
    is_virtual_adapter,
    multicast_sources,
    neighbours,
    other_networks,
    own_address,
    reach_of,
    read_adapters,
    usable_interfaces,
    usable_ipv6,
    ways_to,
    with_port,
)
from lanchat.discovery.ip import normal, plain


def adapter(name: str, *addresses: str, is_virtual: bool = False) -> Adapter:
    return Adapter(name, tuple(ipaddress.ip_interface(one) for one in addresses), is_virtual)


LOOPBACK = adapter("lo", "127.0.0.1/8", "::1/128")
CABLE = adapter("eth0", "10.77.1.11/24", "fe80::1%eth0/64", "fd00::11/64")
SIX = adapter("eth6", "fe80::6%eth6/64", "2001:db8::6/64", "2606:4700::6/64", "fd00:6::6/64", "2606:4700::7/64")
BARE = adapter("eth8", "fe80::8%eth8/64")
WIFI = adapter("wlan0", "192.168.5.20/22")
DOCKER = adapter("docker0", "172.17.0.1/16", is_virtual=True)


def usable(*adapters: Adapter, listen: tuple[str, ...] = ()) -> list[str]:
    return [str(one.ip) for one in usable_interfaces(adapters, listen)]


def test_containers_are_left_out_beside_a_real_network() -> None:
    assert usable(LOOPBACK, DOCKER, CABLE, WIFI) == ["10.77.1.11", "192.168.5.20"]


def test_containers_are_used_where_nothing_else_is() -> None:
    assert usable(LOOPBACK, DOCKER) == ["172.17.0.1"]


def test_loopback_alone_is_no_network() -> None:
    assert usable(LOOPBACK) == []
    assert host_addresses(adapters=[LOOPBACK]) == []
    assert reach_of([LOOPBACK]) is Reach.NOBODY


def test_addresses_asked_for_are_used_whatever_they_are() -> None:
    assert usable(CABLE, DOCKER, WIFI, listen=("172.17.0.1",)) == ["172.17.0.1"]
    assert usable(CABLE, WIFI, listen=("0.0.0.0", "10.77.1.11")) == ["10.77.1.11", "192.168.5.20"]
    assert usable(CABLE, listen=("10.99.0.1",)) == []


def test_what_people_are_told_is_ipv4_first_and_no_link_local_ipv6_beside_it() -> None:
    assert host_addresses(adapters=[LOOPBACK, CABLE, WIFI, DOCKER]) == ["10.77.1.11", "192.168.5.20", "fd00::11"]
    assert host_addresses(["fd00::11"], adapters=[LOOPBACK, CABLE]) == ["fd00::11"]
    assert host_addresses(["127.0.0.1"], adapters=[LOOPBACK, CABLE]) == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("listen", "expected"),
    [((), False), (("127.0.0.1", "::1"), True), (("127.0.0.1", "10.0.0.1"), False), (("0.0.0.0",), False)],
)
def test_only_loopback_is_told_from_more(listen: tuple[str, ...], expected: bool) -> None:
    assert is_loopback_only(listen) is expected


@pytest.mark.parametrize(
    ("name", "nice_name", "address"),
    [
        ("docker0", "docker0", "172.17.0.1/16"),
        ("br-0123456789ab", "br-0123456789ab", "172.18.0.1/16"),
        ("veth12ab", "veth12ab", "169.254.3.4/16"),
        ("wg0", "wg0", "10.8.0.2/24"),
        ("utun3", "utun3", "10.8.0.2/24"),
        ("{846EE342}", "Hyper-V Virtual Ethernet Adapter", "172.20.0.1/20"),
        ("{846EE342}", "TAP-Windows Adapter V9", "10.8.0.2/24"),
        ("eth7", "eth7", "100.64.0.5/10"),
        ("eth8", "eth8", "10.9.9.9/32"),
    ],
)
def test_containers_and_vpns_are_recognised(name: str, nice_name: str, address: str) -> None:
    assert is_virtual_adapter(name, nice_name, [ipaddress.ip_interface(address)])


@pytest.mark.parametrize("name", ["eth0", "enp3s0", "wlan0", "wlp2s0", "en0", "bond0", "br0", "bridge0", "usb0"])
def test_real_adapters_are_recognised(name: str) -> None:
    assert not is_virtual_adapter(name, name, [ipaddress.ip_interface("192.168.1.5/24")])


def test_own_adapters_can_be_read() -> None:
    texts = [str(one.ip) for found in read_adapters() for one in found.addresses]

    assert "127.0.0.1" in texts


class FakeIP:
    """An address as ifaddr tells it: a text for IPv4; text, flow and scope for IPv6."""

    def __init__(self, ip: str | tuple[str, int, int], prefix: int) -> None:
        self.ip = ip
        self.network_prefix = prefix


class FakeAdapter:
    def __init__(self, name: str, nice_name: str, index: int | None, *ips: FakeIP) -> None:
        self.name, self.nice_name, self.index, self.ips = name, nice_name, index, ips


@pytest.mark.parametrize(("platform", "scope"), [("win32", "12"), ("darwin", "en0"), ("linux", "en0")])
@pytest.mark.parametrize("told", [12, 0])  # where the scope is missing, the adapter's number stands in
def test_link_local_addresses_of_an_adapter_get_its_scope(
    monkeypatch: pytest.MonkeyPatch, platform: str, scope: str, told: int
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(socket, "if_indextoname", {12: "en0"}.__getitem__)
    monkeypatch.setattr(addresses, "is_up", lambda _: True)
    ips = [FakeIP(("fe80::1", 0, told), 64), FakeIP(("fd00::1", 0, 0), 64), FakeIP("10.0.0.1", 24)]
    monkeypatch.setattr(ifaddr, "get_adapters", lambda: [FakeAdapter("{846EE342}", "Ethernet", 12, *ips)])

    assert [str(one) for one in read_adapters()[0].addresses] == [f"fe80::1%{scope}/64", "fd00::1/64", "10.0.0.1/24"]


def test_browsing_asks_on_every_adapter_real_ones_first() -> None:
    assert asking_addresses([LOOPBACK, DOCKER, CABLE]) == ["10.77.1.11", "172.17.0.1", "fe80::1%eth0"]


def test_broadcasts_go_to_each_subnet() -> None:
    point_to_point = adapter("ppp0", "10.64.0.1/32", is_virtual=True)

    assert broadcast_routes([LOOPBACK, WIFI, point_to_point, CABLE]) == [
        ("192.168.5.20", "192.168.7.255"),
        ("10.77.1.11", "10.77.1.255"),
        ("fe80::1%eth0", "ff02::1%eth0"),
    ]


def test_the_same_subnet_is_tried_first_then_private_then_the_rest() -> None:
    told = ["8.8.8.8", "fe80::5%eth0", "192.168.77.1", "172.17.0.1", "fd00::50", "10.77.1.50", "127.0.0.1"]

    assert best_first(told, [LOOPBACK, CABLE, DOCKER]) == (
        "127.0.0.1",
        "10.77.1.50",
        "fd00::50",
        "192.168.77.1",
        "fe80::5%eth0",
        "172.17.0.1",
        "8.8.8.8",
    )


def test_self_assigned_addresses_come_last_unless_we_share_their_network() -> None:
    direct = adapter("eth1", "169.254.7.7/16")

    assert best_first(["169.254.9.9", "8.8.8.8"], [CABLE]) == ("8.8.8.8", "169.254.9.9")
    assert best_first(["8.8.8.8", "169.254.9.9"], [CABLE, direct]) == ("169.254.9.9", "8.8.8.8")
    assert host_addresses(adapters=[direct, CABLE]) == ["10.77.1.11", "169.254.7.7", "fd00::11"]


def test_what_nobody_can_connect_to_is_not_tried() -> None:
    assert best_first(["224.0.0.251", "0.0.0.0", "255.255.255.255", "::", "ff02::fb", "x"], [CABLE]) == ()


@given(st.lists(st.ip_addresses().map(str) | st.text(max_size=20), max_size=40))
def test_at_most_eight_addresses_are_tried_and_each_once(told: list[str]) -> None:
    ordered = best_first(told, [LOOPBACK, CABLE])

    assert len(ordered) <= 8
    assert len(set(ordered)) == len(ordered)
    assert {*map(plain, ordered)} <= {plain(normal(one)) for one in told}


def test_on_link_means_one_of_our_subnets() -> None:
    interfaces = usable_interfaces([CABLE, WIFI])

    assert is_on_link("10.77.1.200", interfaces)
    assert is_on_link("192.168.7.1", interfaces)
    assert not is_on_link("10.77.2.1", interfaces)
    assert not is_on_link("nonsense", interfaces)


def test_a_scan_covers_a_slash_24_at_most() -> None:
    small = neighbours(ipaddress.IPv4Interface("10.0.0.5/29"))
    large = neighbours(ipaddress.IPv4Interface("10.20.30.40/8"))

    assert small == ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.6"]
    assert len(large) == 253
    assert {one.rpartition(".")[0] for one in large} == {"10.20.30"}


def test_ipv6_goes_into_brackets_before_a_port() -> None:
    assert with_port("fe80::1%eth0", 8100) == "[fe80::1%eth0]:8100"
    assert with_port("10.0.0.1", 8100) == "10.0.0.1:8100"


def test_an_address_is_called_what_it_is() -> None:
    direct = adapter("eth1", "169.254.7.7/16")

    assert reach_of([LOOPBACK, DOCKER]) is Reach.VIRTUAL
    assert reach_of([LOOPBACK, DOCKER, direct]) is Reach.SELF_ASSIGNED
    assert reach_of([LOOPBACK, DOCKER, direct, CABLE]) is Reach.NETWORK
    assert reach_of([LOOPBACK, DOCKER], ["172.17.0.1"]) is Reach.NETWORK  # asked for by itself


def test_no_network_is_left_out_for_the_many_addresses_of_another() -> None:
    crowded = adapter("eth0", *(f"10.0.0.{number}/24" for number in range(1, 30)))
    late = adapter("eth9", "192.168.9.9/24")

    assert "192.168.9.9" in asking_addresses([crowded, late])
    assert "192.168.9.9" in usable(crowded, late)[:MAX_OWN_ADDRESSES]
    assert ("192.168.9.9", "192.168.9.255") in broadcast_routes([crowded, late])
    assert len(broadcast_routes([crowded, late])) == 2  # one question to a subnet


def test_a_vpn_beside_a_network_is_named_and_containers_are_not() -> None:
    zerotier = adapter("ztabcdef12", "10.147.17.5/24", is_virtual=True)

    assert other_networks([CABLE, DOCKER, zerotier]) == ["10.147.17.5"]
    assert other_networks([zerotier]) == []  # announced on, as there is nothing else
    assert other_networks([CABLE, zerotier], ["10.77.1.11", "10.147.17.5"]) == []


def test_of_each_adapter_one_ipv6_address_of_a_kind_is_used_and_the_link_local_one_last() -> None:
    assert [str(one) for one in usable_ipv6([LOOPBACK, SIX, BARE, DOCKER])] == [
        *("2001:db8::6/64", "fe80::8%eth8/64", "2606:4700::6/64", "fe80::6%eth6/64")
    ]
    assert [str(one) for one in usable_ipv6([SIX], ["fd00:6::6", "2606:4700::7"])] == [
        *("fd00:6::6/64", "2606:4700::7/64")
    ]


def test_link_local_addresses_are_told_with_their_scope_where_nothing_else_is() -> None:
    assert host_addresses(adapters=[LOOPBACK, BARE]) == ["fe80::8%eth8"]
    assert host_addresses(adapters=[LOOPBACK, BARE, SIX]) == ["2001:db8::6", "2606:4700::6"]
    assert host_addresses(["fe80::6%eth6"], adapters=[LOOPBACK, SIX]) == ["fe80::6%eth6"]


def test_a_network_of_ipv6_only_is_a_network() -> None:
    assert reach_of([LOOPBACK, SIX]) is Reach.NETWORK
    assert reach_of([LOOPBACK, BARE]) is Reach.SELF_ASSIGNED
    assert reach_of([LOOPBACK, BARE, DOCKER]) is Reach.SELF_ASSIGNED
    assert host_addresses(adapters=[LOOPBACK, BARE, DOCKER]) == ["fe80::8%eth8"]  # not the containers' one


def test_a_vpn_is_announced_on_beside_an_adapter_that_has_a_link_local_address_only() -> None:
    zerotier = adapter("ztabcdef12", "10.147.17.5/24", is_virtual=True)

    assert usable(LOOPBACK, BARE, zerotier, DOCKER) == ["10.147.17.5"]


def test_multicast_is_spoken_from_link_local_addresses_one_of_each_adapter() -> None:
    ula_only = adapter("eth7", "fd00:7::7/64")

    assert multicast_sources([SIX, BARE, ula_only], usable_ipv6([SIX, BARE, ula_only])) == [
        *("fe80::6%eth6", "fe80::8%eth8", "fd00:7::7")
    ]
    assert multicast_sources([SIX, BARE], usable_ipv6([SIX, BARE], ["fd00:6::6"])) == ["fd00:6::6"]


def test_an_fe80_address_is_on_the_link_of_its_scope_only() -> None:
    interfaces = [*SIX.addresses, *BARE.addresses]

    assert is_on_link("fe80::99%eth6", interfaces)
    assert not is_on_link("fe80::99%eth1", interfaces)
    assert not is_on_link("fe80::99", interfaces)
    assert is_on_link("fd00:6::99", interfaces)


@pytest.mark.parametrize("typed", ["fe80::99", "fe80::99%wlan0", "FE80:0::0099%17"])
def test_a_link_local_address_without_a_scope_of_this_machine_is_tried_on_each_adapter(typed: str) -> None:
    virtual = adapter("veth0", "fe80::5%veth0/64", is_virtual=True)

    assert ways_to(typed, [LOOPBACK, virtual, SIX, BARE]) == ["fe80::99%eth6", "fe80::99%eth8", "fe80::99%veth0"]
    assert best_first([typed], [LOOPBACK, SIX, BARE]) == ("fe80::99%eth6", "fe80::99%eth8")
    assert ways_to(typed, [LOOPBACK, WIFI]) == []
    assert len(ways_to(typed, [adapter(f"eth{n}", f"fe80::1%eth{n}/64") for n in range(50)])) == 4


def test_a_scope_of_this_machine_is_kept_and_other_addresses_stay_as_they_are() -> None:
    assert ways_to("fe80::99%eth8", [SIX, BARE]) == ["fe80::99%eth8"]
    assert ways_to("10.0.0.5", [SIX]) == ["10.0.0.5"]
    assert ways_to("FD00::0005%eth8", [SIX]) == ["fd00::5"]


def test_who_listens_on_all_addresses_of_one_family_is_not_told_at_those_of_the_other() -> None:
    assert host_addresses(["::"], adapters=[LOOPBACK, CABLE]) == ["fd00::11"]
    assert host_addresses(["0.0.0.0"], adapters=[LOOPBACK, CABLE]) == ["10.77.1.11"]
    assert host_addresses(["0.0.0.0", "::"], adapters=[LOOPBACK, CABLE]) == ["10.77.1.11", "fd00::11"]


def test_a_link_local_address_to_listen_on_gets_the_scope_of_its_adapter() -> None:
    assert own_address("fe80::6", [BARE, SIX]) == "fe80::6%eth6"
    assert own_address("FE80::6%eth8", [BARE, SIX]) == "fe80::6%eth8"
    assert own_address("fe80::77", [BARE, SIX]) == "fe80::77"
    assert own_address("10.0.0.5", [SIX]) == "10.0.0.5"
    assert own_address("press4", [SIX]) == "press4"
