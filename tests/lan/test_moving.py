"""Networks that change while rooms are open: addresses, adapters, and two networks that become one."""

import sys
from pathlib import Path

from tests.discovery.peers import ID_A, ID_B
from tests.lan.lab import Lan, Machine, Program
from tests.lan.rooms import MOVED, RENAMED, host, list_rooms, watch

ANNOUNCER = str(Path(__file__).with_name("announcer.py"))


def test_a_host_whose_address_changes_is_found_at_the_new_one(lan: Lan) -> None:
    machine = lan.machine("h1", "10.77.1.11/24")
    program = host(machine, "Line 3")
    client = lan.machine("c1", "10.77.1.21/24")
    watching = watch(client)
    watching.wait_for("Appeared Line 3 10.77.1.11")
    before = list_rooms(client).rooms[0]

    machine.ip("address", "del", "10.77.1.11/24", "dev", "eth0")
    machine.ip("address", "add", "10.77.1.99/24", "broadcast", "+", "dev", "eth0")
    assert "10.77.1.99" in program.wait_for(MOVED)

    watching.wait_for("Line 3 10.77.1.99")
    after = list_rooms(client).rooms[0]
    assert after["id"] == before["id"]
    assert after["addresses"] == ["10.77.1.99"]


def test_a_second_adapter_makes_the_room_found_there_too(lan: Lan) -> None:
    machine = lan.machine("h1", "10.77.1.11/24")
    program = host(machine, "Line 3")
    watching = watch(lan.machine("c2", "10.77.2.21/24", switch="br2"))

    machine.plug("br2", "10.77.2.11/24", device="eth1")
    program.wait_for(MOVED)

    watching.wait_for("Appeared Line 3 10.77.2.11")


def test_a_network_that_goes_and_comes_back_leaves_the_room_found(lan: Lan) -> None:
    machine = lan.machine("h1", "10.77.1.11/24")
    program = host(machine, "Line 3")
    watching = watch(lan.machine("c1", "10.77.1.21/24"))
    watching.wait_for("Appeared Line 3")

    machine.ip("link", "set", "eth0", "down")
    program.wait_for("The network is gone")
    watching.wait_for("Vanished Line 3")
    machine.ip("link", "set", "eth0", "up")
    program.wait_for(MOVED)

    watching.wait_for("Appeared Line 3")


def test_a_room_whose_host_loses_its_ipv4_address_only_is_still_found(lan: Lan) -> None:
    machine = lan.machine("h1", "10.77.1.11/24")
    program = host(machine, "Line 3")
    watching = watch(lan.machine("c1", "10.77.1.21/24"))
    watching.wait_for("Appeared Line 3 10.77.1.11")

    machine.ip("address", "del", "10.77.1.11/24", "dev", "eth0")
    assert "[fe80:" in program.wait_for("No router gives an address")

    watching.wait_for("Line 3 fe80:")


def test_hosts_ask_by_themselves_who_else_has_their_name(lan: Lan) -> None:
    def announce(machine: Machine, room_id: str, name: str) -> Program:
        program = machine.start(sys.executable, ANNOUNCER, room_id, name)
        program.wait_for("Announced")
        return program

    higher = announce(lan.machine("h1", "10.77.1.11/24"), ID_B, "Line 3")
    lower = announce(lan.machine("h2", "10.77.1.12/24", switch="br2"), ID_A, "LINE 3")

    lan.join_switches()

    assert "new='Line 3 (2)'" in higher.wait_for("Renamed")
    assert lower.stop() == 0
    assert not any("Renamed" in line for line in lower.output)


def test_two_networks_that_become_one_leave_no_name_twice(lan: Lan) -> None:
    """Both hosts took the name while they could not hear each other (python-zeroconf #1356)."""
    programs = {
        "10.77.1.11": host(lan.machine("h1", "10.77.1.11/24"), "Line 3"),
        "10.77.1.12": host(lan.machine("h2", "10.77.1.12/24", switch="br2"), "Line 3"),
    }
    client = lan.machine("c1", "10.77.1.21/24")
    only = list_rooms(client).rooms
    other = list_rooms(lan.machine("c2", "10.77.1.22/24", switch="br2")).rooms
    assert [room["name"] for room in only + other] == ["Line 3", "Line 3"]

    lan.join_switches()
    watching = watch(client)  # its questions are heard by both, and so are the answers
    ids = {room["addresses"][0]: room["id"] for room in only + other}
    lower, higher = sorted(ids, key=lambda address: ids[address])
    programs[higher].wait_for(RENAMED)

    watching.wait_for(f"Line 3 (2) {higher}")
    names = {room["addresses"][0]: room["name"] for room in list_rooms(client).rooms}
    assert names == {lower: "Line 3", higher: "Line 3 (2)"}
    assert programs[lower].stop() == 0
    assert not any(RENAMED in line for line in programs[lower].output)
