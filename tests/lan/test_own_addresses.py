"""What a host says of its own addresses at which it is not announced."""

from tests.lan.lab import Lan, Machine
from tests.lan.rooms import host, list_rooms, start_host

_LEFT_OUT = "This machine has more addresses than the 16 that are announced; left out: "


def with_addresses(machine: Machine, count: int) -> None:
    """Give a machine more addresses on its cable, from 10.77.1.100 on."""
    for number in range(count):
        machine.ip("address", "add", f"10.77.1.{100 + number}/24", "dev", "eth0")


def test_of_too_many_addresses_the_host_says_which_are_left_out_and_is_found_all_the_same(lan: Lan) -> None:
    machine = lan.machine("h1", "10.77.1.11/24")
    with_addresses(machine, 17)
    start_host(machine, "Line 3").wait_for(
        f"{_LEFT_OUT}10.77.1.115, 10.77.1.116. Who does not find the room there joins by the address; --listen ADDR, "
        "repeated, says which to announce."
    )
    assert list_rooms(lan.machine("c1", "10.77.1.21/24")).names == ["Line 3"]


def test_of_very_many_a_few_are_named_and_the_rest_counted(lan: Lan) -> None:
    machine = lan.machine("h1", "10.77.1.11/24")
    with_addresses(machine, 25)
    start_host(machine, "Line 3").wait_for("10.77.1.115, 10.77.1.116, 10.77.1.117, 10.77.1.118 and 6 more. Who")


def test_addresses_of_vpns_are_named_with_the_flags_that_announce_there_and_these_do(lan: Lan) -> None:
    machine = lan.machine("h1", "10.77.1.11/24")
    machine.plug("br2", "10.147.17.5/24", device="zt0")
    hosting = start_host(machine, "Line 3")
    flags = "--listen 10.77.1.11 --listen 10.147.17.5"
    hosting.wait_for(f"Not announced at 10.147.17.5, which looks like a VPN; to be found there, too: {flags}")
    hosting.stop()
    again = host(machine, "Line 3", *flags.split())
    assert "Not announced" not in again.output
    assert {"10.77.1.11", "10.147.17.5"} <= set(list_rooms(machine).rooms[0]["addresses"])


def test_of_several_vpns_the_words_are_plural(lan: Lan) -> None:
    machine = lan.machine("h1", "10.77.1.11/24")
    machine.plug("br2", "10.147.17.5/24", device="zt0")
    machine.plug("br2", "10.8.0.2/24", device="tun0")
    start_host(machine, "Line 3").wait_for("Not announced at 10.147.17.5, 10.8.0.2, which look like VPNs; to be found")
