"""Networks without IPv4: with addresses of the site (ULA) and link-local ones, and with link-local ones only."""

import shutil
import signal
import time

import pytest

from lanchat.discovery.seniority import TOGETHER_S
from tests.lan.lab import Lan, Program
from tests.lan.rooms import LANCHAT, host, list_rooms, start_host, watch
from tests.lan.six import link_local, machine6, plug6

both_networks = pytest.mark.parametrize("has_ula", [True, False], ids=["ula", "fe80"])


def _address(program: Program) -> str:
    return next(line for line in program.output if line.startswith("Address"))


@both_networks
def test_a_room_is_hosted_found_listed_and_joined(lan: Lan, has_ula: bool) -> None:
    machine = machine6(lan, "h1", 11, has_ula=has_ula)
    hosting = host(machine, "Line 3")
    client = machine6(lan, "c1", 21, has_ula=has_ula)
    own = "fd77::11" if has_ula else f"{link_local(machine)}%eth0"

    started = time.monotonic()
    listing = list_rooms(client)
    passed_s = time.monotonic() - started

    assert _address(hosting) == f"Address  [{own}]:8100"
    assert (listing.names, listing.rooms[0]["addresses"], listing.errors) == (["Line 3"], [own], "")
    assert passed_s < 6.0  # as with IPv4: 1.45 s measured in quiet
    done = client.run(*LANCHAT, "join", "line 3", "--plain", "--nick", "Zoé", stdin="Hello\n")
    assert (done.returncode, done.stderr) == (0, "")
    hosting.wait_for("Zoé: Hello")


@both_networks
def test_who_types_nothing_joins_the_only_room(lan: Lan, has_ula: bool) -> None:
    hosting = host(machine6(lan, "h1", 11, has_ula=has_ula), "Line 3")

    zoe = machine6(lan, "c1", 21, has_ula=has_ula).start(*LANCHAT, "join", "--plain", "--nick", "Zoé")
    hosting.wait_for("Zoé has joined")
    zoe.say("Hello")

    hosting.wait_for("Zoé: Hello")


@both_networks
def test_a_room_is_joined_by_each_way_to_write_its_address(lan: Lan, has_ula: bool) -> None:
    machine = machine6(lan, "h1", 11, has_ula=has_ula)
    hosting = start_host(machine, "Line 3", "--no-mdns")
    client = machine6(lan, "c1", 21, has_ula=has_ula)
    narrow = link_local(machine)
    written = [narrow, f"{narrow}%eth0", f"[{narrow}%eth0]:8100", f"[{narrow}]:8100", f"{narrow}%wlan9"]

    for number, address in enumerate([*written, *(["fd77::11", "[FD77::11]:8100"] if has_ula else [])]):
        done = client.run(*LANCHAT, "join", address, "--plain", "--nick", "Zoé", stdin=f"Hello {number}\n")
        assert (done.returncode, done.stderr) == (0, ""), address
        hosting.wait_for(f"Zoé: Hello {number}")


@both_networks
def test_a_room_is_found_on_the_right_one_of_two_adapters(lan: Lan, has_ula: bool) -> None:
    host(machine6(lan, "h1", 11, has_ula=has_ula, switch="br2"), "Line 3")
    client = machine6(lan, "c1", 21, has_ula=has_ula)
    plug6(client, 22, has_ula=False, switch="br2", device="eth1")

    address = list_rooms(client).rooms[0]["addresses"][0]

    assert address.startswith("fe80")
    assert address.endswith("%eth1")
    assert list_rooms(client, address).names == ["Line 3"]


@both_networks
def test_multicast_dns_blocked_leaves_the_question_to_all(lan: Lan, has_ula: bool) -> None:
    host(machine6(lan, "h1", 11, has_ula=has_ula), "Line 3")
    client = machine6(lan, "c1", 21, has_ula=has_ula)
    client.firewall("in udp dport 5353 drop", "out udp dport 5353 drop")

    assert list_rooms(client).names == ["Line 3"]


@both_networks
def test_a_room_joined_before_is_found_where_nothing_announces_it(lan: Lan, has_ula: bool) -> None:
    hosting = host(machine6(lan, "h1", 11, has_ula=has_ula), "Line 3", "--port", "9999")
    client = machine6(lan, "c1", 21, has_ula=has_ula)
    assert client.run(*LANCHAT, "join", "Line 3", "--plain", stdin="Hello\n").returncode == 0
    hosting.wait_for("Hello")
    client.firewall("out udp dport { 5353, 8100 } drop", "in udp dport 5353 drop")

    assert list_rooms(client).names == ["Line 3"]
    client.ip("link", "set", "eth0", "down")
    client.ip("link", "set", "eth0", "name", "lan7")  # the remembered scope is that of no adapter now
    client.ip("link", "set", "lan7", "up")
    if has_ula:
        client.ip("address", "add", "fd77::21/64", "dev", "lan7", "nodad")
    while "tentative" in client.ip("-6", "address"):
        time.sleep(0.05)
    assert list_rooms(client).names == ["Line 3"]


@both_networks
def test_who_is_in_comes_back_when_the_host_was_killed_and_is_there_again(lan: Lan, has_ula: bool) -> None:
    machine = machine6(lan, "h1", 11, has_ula=has_ula)
    hosting = host(machine, "Line 3")
    client = machine6(lan, "c1", 21, has_ula=has_ula)
    zoe = client.start(*LANCHAT, "join", "Line 3", "--plain", "--nick", "Zoé")
    hosting.wait_for("Zoé has joined")

    hosting.send(signal.SIGKILL)
    hosting.wait()
    hosting = start_host(machine, "Line 3")

    hosting.wait_for("Zoé has joined")
    zoe.say("Here again")
    hosting.wait_for("Zoé: Here again")


@both_networks
def test_a_host_started_before_the_network_is_found_and_one_that_ends_is_gone(lan: Lan, has_ula: bool) -> None:
    machine = lan.machine("h1")
    hosting = start_host(machine, "Line 3", "-v")
    watching = watch(machine6(lan, "c1", 21, has_ula=has_ula))

    plug6(machine, 11, has_ula=has_ula)
    hosting.wait_for("can be found")
    address = "fd77::11" if has_ula else f"{link_local(machine)}%eth0"

    watching.wait_for(f"Line 3 {address}")
    assert hosting.stop() == 0
    watching.wait_for("Vanished Line 3")


@both_networks
def test_two_rooms_of_one_name_are_told_apart(lan: Lan, has_ula: bool) -> None:
    host(machine6(lan, "h1", 11, has_ula=has_ula), "Line 3")
    host(machine6(lan, "h2", 12, has_ula=has_ula), "LINE 3")

    assert list_rooms(machine6(lan, "c1", 21, has_ula=has_ula)).names == ["LINE 3 (2)", "Line 3"]


@both_networks
def test_nobody_there_is_not_taken_for_no_network(lan: Lan, has_ula: bool) -> None:
    listing = list_rooms(machine6(lan, "c1", 21, has_ula=has_ula))

    assert (listing.rooms, listing.status) == ([], 1)
    assert "on no network" not in listing.errors
    assert "multicast DNS" in listing.errors
    assert "--scan" not in listing.errors  # a subnet of 2^64 addresses is not asked one by one


def test_a_machine_of_both_kinds_and_one_of_ipv6_only_find_each_other(lan: Lan) -> None:
    both, only = lan.machine("h1", "10.77.1.11/24"), machine6(lan, "h2", 12, has_ula=False)
    host(both, "Line 3")
    host(only, "Press 4")

    seen = {room["name"]: room["addresses"][0] for room in list_rooms(both).rooms}
    seen_without_ipv4 = {room["name"]: room["addresses"][0] for room in list_rooms(only).rooms}

    assert seen["Press 4"] == f"{link_local(only)}%eth0"
    assert seen_without_ipv4["Line 3"] == f"{link_local(both)}%eth0"


def test_where_both_have_ipv4_that_is_the_address_shown(lan: Lan) -> None:
    machine, client = lan.machine("h1", "10.77.1.11/24"), lan.machine("c1", "10.77.1.21/24")
    for one, number in ((machine, 11), (client, 21)):
        one.ip("address", "add", f"fd77::{number}/64", "dev", "eth0", "nodad")
    hosting = host(machine, "Line 3")

    assert _address(hosting) == "Address  10.77.1.11:8100"
    assert list_rooms(client).rooms[0]["addresses"] == ["10.77.1.11", "fd77::11"]


@pytest.mark.parametrize("is_multicast_dns_heard", [True, False], ids=["mdns", "no-mdns"])
def test_a_copied_data_folder_is_noticed(lan: Lan, is_multicast_dns_heard: bool) -> None:
    first, second = machine6(lan, "h1", 11), machine6(lan, "h2", 12)
    host(first, "Line 3").stop()
    shutil.copytree(first.folder, second.folder, dirs_exist_ok=True)
    if not is_multicast_dns_heard:
        for machine in (first, second):
            machine.firewall("in udp dport 5353 drop", "out udp dport 5353 drop")
    start_host(first, "Line 3")
    time.sleep(TOGETHER_S + 1)

    newer = start_host(second, "Line 3")

    newer.wait_for("has this one's data")
    ids = {room["addresses"][0]: room["id"] for room in list_rooms(machine6(lan, "c1", 21)).rooms}
    assert len({*ids.values()}) == len(ids) == 2
