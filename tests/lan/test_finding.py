"""Rooms are found on networks as they are: the ladder of discovery, run as people run it."""

import shutil
import signal
import sys
import time
from collections.abc import Callable

from lanchat.discovery.seniority import TOGETHER_S
from tests.lan.lab import DEADLINE_S, Lan, Machine
from tests.lan.rooms import FOUND, LANCHAT, host, list_rooms, start_host, watch

DOCUMENT_KEYS = ["id", "name", "channel", "topic", "members", "password", "addresses", "port", "version"]


def test_a_room_hosted_on_one_machine_is_listed_on_another(lan: Lan) -> None:
    host(lan.machine("h1", "10.77.1.11/24", gateway="10.77.1.1"), "Line 3", "--topic", "Shift B")
    client = lan.machine("c1", "10.77.1.21/24", gateway="10.77.1.1")

    started = time.monotonic()
    listing = list_rooms(client)
    passed_s = time.monotonic() - started

    assert listing.status == 0
    assert listing.errors == ""
    room = listing.rooms[0]
    assert list(room) == DOCUMENT_KEYS
    assert (room["name"], room["channel"], room["topic"]) == ("Line 3", "#Line-3", "Shift B")
    assert (room["members"], room["password"], room["addresses"], room["port"]) == (0, False, ["10.77.1.11"], 8100)
    assert passed_s < 6.0  # 1.45 s measured in quiet; 3 s is the bound it sets itself


def test_the_first_row_does_not_wait_for_the_last(lan: Lan) -> None:
    host(lan.machine("h1", "10.77.1.11/24"), "Line 3")
    client = lan.machine("c1", "10.77.1.21/24")

    listing = client.start(*LANCHAT, "list-rooms", "--timeout", "20")

    assert listing.wait_for("Line 3", deadline_s=10).split() == [
        *("Line", "3", "0", "people", "10.77.1.11:8100", "open", "Line", "3")
    ]


def test_a_room_needing_a_password_says_so(lan: Lan) -> None:
    host(lan.machine("h1", "10.77.1.11/24"), "Line 3", "--password", "secret")

    assert list_rooms(lan.machine("c1", "10.77.1.21/24")).rooms[0]["password"] is True


def test_nobody_there_gets_one_helpful_line_and_status_1(lan: Lan) -> None:
    listing = list_rooms(lan.machine("c1", "10.77.1.21/24"))

    assert (listing.rooms, listing.status) == ([], 1)
    assert len(listing.errors.splitlines()) == 1
    assert "--scan" in listing.errors


def test_two_rooms_of_one_name_are_told_apart(lan: Lan) -> None:
    host(lan.machine("h1", "10.77.1.11/24"), "Line 3")
    second = host(lan.machine("h2", "10.77.1.12/24"), "LINE 3")
    client = lan.machine("c1", "10.77.1.21/24")

    listing = list_rooms(client)

    assert listing.names == ["LINE 3 (2)", "Line 3"]
    assert len({room["id"] for room in listing.rooms}) == 2
    assert any("LINE 3 (2)" in line for line in second.output)


def test_two_hosts_starting_together_never_keep_one_name(lan: Lan) -> None:
    machines = [lan.machine(f"h{number}", f"10.77.1.{number}/24") for number in range(1, 4)]
    programs = [start_host(machine, "Line 3", "-v") for machine in machines]
    watching = watch(lan.machine("c1", "10.77.1.21/24"))
    for program in programs:
        program.wait_for(FOUND)

    names: set[str] = set()
    while len(names) < 3:  # two that were quicker than the other's announcement settle it within seconds
        _, name = watching.wait_for("Line 3").rsplit(" ", 1)[0].split(" ", 1)
        names.add(name)

    assert names >= {"Line 3", "Line 3 (2)", "Line 3 (3)"}


def test_several_rooms_of_one_host_are_all_listed(lan: Lan) -> None:
    host(lan.machine("h1", "10.77.1.11/24"), "Line 3", "--name", "Press 4")

    listing = list_rooms(lan.machine("c1", "10.77.1.21/24"))

    assert listing.names == ["Line 3", "Press 4"]
    assert {room["port"] for room in listing.rooms} == {8100}


def test_a_host_without_a_default_route_is_found(lan: Lan) -> None:
    host(lan.machine("h1", "10.77.1.11/24"), "Line 3")

    assert list_rooms(lan.machine("c1", "10.77.1.21/24", gateway="10.77.1.1")).names == ["Line 3"]


def test_a_client_without_a_default_route_finds_rooms(lan: Lan) -> None:
    host(lan.machine("h1", "10.77.1.11/24", gateway="10.77.1.1"), "Line 3")

    assert list_rooms(lan.machine("c1", "10.77.1.21/24")).names == ["Line 3"]


def test_a_machine_with_no_network_lists_its_own_rooms(lan: Lan) -> None:
    machine = lan.machine("alone")
    start_host(machine, "Line 3")
    start_host(machine, "Press 4", "--port", "23456")

    listing = list_rooms(machine)

    assert listing.names == ["Line 3", "Press 4"]
    assert all(room["addresses"][0] in ("127.0.0.1", "::1") for room in listing.rooms)


def test_a_machine_with_no_network_and_no_room_says_so_at_once(lan: Lan) -> None:
    machine = lan.machine("alone")

    listing = list_rooms(machine, "--timeout", "25")

    assert listing.status == 1
    assert "on no network" in listing.errors


def test_a_host_started_before_the_network_is_found_once_it_is_there(lan: Lan) -> None:
    machine = lan.machine("h1")
    program = start_host(machine, "Line 3", "-v")

    machine.plug("br1", "10.77.1.11/24")
    program.wait_for(FOUND)

    assert list_rooms(lan.machine("c1", "10.77.1.21/24")).rooms[0]["addresses"] == ["10.77.1.11"]


def test_a_dual_homed_host_is_found_on_both_networks_each_by_its_own_address(lan: Lan) -> None:
    machine = lan.machine("h1", "10.77.1.50/24", gateway="10.77.1.1")
    machine.plug("br2", "10.77.2.50/24", device="eth1")
    host(machine, "Line 3")

    first = list_rooms(lan.machine("c1", "10.77.1.21/24"))
    second = list_rooms(lan.machine("c2", "10.77.2.21/24", switch="br2"))

    assert first.rooms[0]["addresses"][0] == "10.77.1.50"
    assert second.rooms[0]["addresses"][0] == "10.77.2.50"


def test_a_dual_homed_client_finds_the_rooms_of_both_networks(lan: Lan) -> None:
    host(lan.machine("h1", "10.77.1.11/24"), "Line 3")
    host(lan.machine("h2", "10.77.2.12/24", switch="br2"), "Press 4")
    client = lan.machine("c1", "10.77.1.21/24", gateway="10.77.1.1")
    client.plug("br2", "10.77.2.21/24", device="eth1")

    assert list_rooms(client).names == ["Line 3", "Press 4"]


def test_containers_on_the_host_do_not_lead_astray(lan: Lan) -> None:
    machine = lan.machine("h1", "10.77.1.11/24")
    machine.ip("link", "add", "docker0", "type", "bridge")
    machine.ip("address", "add", "172.17.0.1/16", "dev", "docker0")
    machine.ip("link", "set", "docker0", "up")
    host(machine, "Line 3")

    assert list_rooms(lan.machine("c1", "10.77.1.21/24")).rooms[0]["addresses"] == ["10.77.1.11"]


def test_a_room_on_one_address_only_is_announced_there_only(lan: Lan) -> None:
    machine = lan.machine("h1", "10.77.1.50/24")
    machine.plug("br2", "10.77.2.50/24", device="eth1")
    host(machine, "Line 3", "--listen", "10.77.2.50")

    assert list_rooms(lan.machine("c1", "10.77.1.21/24")).rooms == []
    assert list_rooms(lan.machine("c2", "10.77.2.21/24", switch="br2")).rooms[0]["addresses"] == ["10.77.2.50"]
    assert list_rooms(machine).names == ["Line 3"]


def test_a_room_on_a_port_of_its_own_is_found(lan: Lan) -> None:
    host(lan.machine("h1", "10.77.1.11/24"), "Line 3", "--port", "9999")

    assert list_rooms(lan.machine("c1", "10.77.1.21/24")).rooms[0]["port"] == 9999


def test_a_host_that_ended_well_is_gone_at_once(lan: Lan) -> None:
    program = host(lan.machine("h1", "10.77.1.11/24"), "Line 3")
    client = lan.machine("c1", "10.77.1.21/24")
    watching = watch(client)
    watching.wait_for("Appeared Line 3")

    assert program.stop() == 0

    watching.wait_for("Vanished Line 3")
    assert list_rooms(client).rooms == []


def test_a_host_that_was_killed_is_not_listed_and_vanishes(lan: Lan) -> None:
    program = host(lan.machine("h1", "10.77.1.11/24"), "Line 3")
    host(lan.machine("h2", "10.77.1.12/24"), "Press 4")
    client = lan.machine("c1", "10.77.1.21/24")
    watching = watch(client)
    watching.wait_for("Appeared Line 3")

    program.send(signal.SIGKILL)
    program.wait()

    assert list_rooms(client).names == ["Press 4"]
    watching.wait_for("Vanished Line 3")


def test_a_suspended_host_is_not_listed_and_comes_back(lan: Lan) -> None:
    program = host(lan.machine("h1", "10.77.1.11/24"), "Line 3")
    client = lan.machine("c1", "10.77.1.21/24")

    program.send(signal.SIGSTOP)
    asleep = list_rooms(client)
    asked = list_rooms(client, "10.77.1.11")
    program.send(signal.SIGCONT)
    awake = list_rooms(client)

    assert asleep.rooms == asked.rooms == []
    assert "10.77.1.11:8100 did not answer" in asked.errors
    assert awake.names == ["Line 3"]


def test_multicast_blocked_by_the_network_leaves_broadcast(lan: Lan) -> None:
    host(lan.machine("h1", "10.77.1.11/24", gateway="10.77.1.1"), "Line 3")
    client = lan.machine("c1", "10.77.1.21/24", gateway="10.77.1.1")
    client.firewall("in ip daddr 224.0.0.0/4 drop", "in udp sport 5353 drop", "out ip daddr 224.0.0.0/4 drop")

    assert list_rooms(client).names == ["Line 3"]


def test_a_client_that_lets_nothing_in_on_5353_finds_rooms(lan: Lan) -> None:
    host(lan.machine("h1", "10.77.1.11/24"), "Line 3")
    client = lan.machine("c1", "10.77.1.21/24")
    client.firewall("in udp dport 5353 drop", "out udp dport 8100 drop")

    assert list_rooms(client).names == ["Line 3"]


def test_a_client_that_lets_in_multicast_dns_and_nothing_else_finds_rooms(lan: Lan) -> None:
    host(lan.machine("h1", "10.77.1.11/24"), "Line 3")
    client = lan.machine("c1", "10.77.1.21/24")
    client.firewall(
        "in iif lo accept",
        "in ct state established,related ip protocol tcp accept",
        "in ip daddr 224.0.0.251 udp dport 5353 accept",
        policy="drop",
    )

    assert list_rooms(client).names == ["Line 3"]


def test_a_host_behind_a_closed_port_is_named_with_what_to_look_at(lan: Lan) -> None:
    machine = lan.machine("h1", "10.77.1.11/24")
    machine.firewall("in tcp dport 8100 drop")
    host(machine, "Line 3")

    listing = list_rooms(lan.machine("c1", "10.77.1.21/24"))

    assert (listing.rooms, listing.status) == ([], 1)
    told = (
        "Line 3 is announced, but 10.77.1.11:8100 did not answer within 2 s. "
        "Is a firewall on that machine closing TCP port 8100?"
    )
    assert told in listing.errors
    joining = lan.machine("c2", "10.77.1.22/24").run(*LANCHAT, "join", "line 3", stdin="hello\n")
    assert (joining.returncode, joining.stderr) == (1, f"lanchat: {told}\n")


def test_an_unannounced_room_is_found_by_its_address_and_by_a_scan(lan: Lan) -> None:
    start_host(lan.machine("h1", "10.77.1.11/24"), "Line 3", "--no-mdns")
    client = lan.machine("c1", "10.77.1.21/24")

    assert list_rooms(client).rooms == []
    assert list_rooms(client, "10.77.1.11").names == ["Line 3"]
    assert list_rooms(client, "10.77.1.11:8100").names == ["Line 3"]
    assert list_rooms(client, "--scan").names == ["Line 3"]


def test_rooms_are_found_beside_another_program_that_speaks_multicast_dns(lan: Lan) -> None:
    machine = lan.machine("h1", "10.77.1.11/24")
    host(machine, "Line 3")
    host(lan.machine("h2", "10.77.1.12/24"), "Press 4")

    assert list_rooms(machine).names == ["Line 3", "Press 4"]


def test_a_client_that_joins_the_network_while_looking_finds_rooms(lan: Lan) -> None:
    host(lan.machine("h1", "10.77.1.11/24"), "Line 3")
    client = lan.machine("c1")
    watching = watch(client)

    client.plug("br1", "10.77.1.21/24")

    watching.wait_for("Appeared Line 3 10.77.1.11")


def test_rooms_are_found_on_and_from_machines_that_run_avahi(lan: Lan, need: Callable[[str], None]) -> None:
    """The usual Linux desktop: avahi has port 5353 too, and takes some of the answers."""
    need("avahi-daemon")
    need("dbus-daemon")
    machines = [lan.machine("h1", "10.77.1.11/24"), lan.machine("c1", "10.77.1.21/24")]
    for machine in machines:
        machine.start("unshare", "-m", "sh", "-c", AVAHI_SCRIPT + "echo avahi is up; wait").wait_for("avahi is up")
    host(machines[0], "Line 3")

    assert list_rooms(machines[0]).names == ["Line 3"]
    assert list_rooms(machines[1]).names == ["Line 3"]


def test_avahi_resolves_the_room(lan: Lan, need: Callable[[str], None]) -> None:
    need("avahi-daemon")
    need("avahi-browse")
    need("dbus-daemon")
    host(lan.machine("h1", "10.77.1.11/24"), "Halle 2.5", "--advertise-all")
    avahi = lan.machine("a1", "10.77.1.31/24")

    def browse(service_type: str) -> list[str]:
        done = avahi.run("unshare", "-m", "sh", "-c", AVAHI_SCRIPT + AVAHI_BROWSE, "sh", service_type)
        return [line for line in done.stdout.splitlines() if line.startswith("=;eth0;IPv4")]  # told over IPv6, too

    found, web, irc = browse("_lanchat._tcp"), browse("_http._tcp"), browse("_irc._tcp")

    assert len(found) == len(web) == len(irc) == 1
    fields = found[0].split(";")
    assert fields[7:9] == ["10.77.1.11", "8100"]
    assert '"n=Halle 2.5"' in fields[9]
    assert '"txtvers=1"' in fields[9]
    assert '"path=/"' in web[0]


def test_the_rooms_pages_are_found_as_web_pages_by_phones_and_browsers_unless_there_are_none(
    lan: Lan, need: Callable[[str], None]
) -> None:
    need("avahi-daemon")
    need("avahi-browse")
    need("dbus-daemon")
    host(lan.machine("h1", "10.77.1.11/24"), "Halle 2", "--name", "Büro 7")
    host(lan.machine("h2", "10.77.1.12/24"), "Terminal only", "--no-web")
    avahi = lan.machine("a1", "10.77.1.31/24")

    done = avahi.run("unshare", "-m", "sh", "-c", AVAHI_SCRIPT + AVAHI_BROWSE, "sh", "_http._tcp")
    lines = (line.split(";") for line in done.stdout.splitlines())
    found = sorted(fields[7:] for fields in lines if fields[0] == "=" and fields[2] == "IPv4")  # it tells IPv6, too

    assert [fields[:2] for fields in found] == [["10.77.1.11", "8100"]] * 2
    assert {fields[2].split('"')[1] for fields in found} >= {"path=/"}
    assert all("path=/" in fields[2] for fields in found)


# A bus and an avahi of our own: in a mount namespace, so that the machine's are neither used nor disturbed.
AVAHI_SCRIPT = """
set -e
mount -t tmpfs tmpfs /run
mkdir -p /run/dbus /run/avahi-daemon
dbus-daemon --system --nofork --nopidfile --address=unix:path=/run/dbus/system_bus_socket &
bus=$!
trap 'kill $bus $avahi 2>/dev/null' EXIT
until [ -S /run/dbus/system_bus_socket ]; do sleep 0.05; done
avahi-daemon --no-drop-root --no-chroot --no-rlimits >/run/avahi.log 2>&1 &
avahi=$!
until grep -q 'Server startup complete' /run/avahi.log; do sleep 0.05; done
"""
AVAHI_BROWSE = 'timeout 20 avahi-browse --resolve --parsable --terminate "$1"'


def test_a_host_without_any_network_says_so_and_one_with_docker_only_too(lan: Lan) -> None:
    alone = start_host(lan.machine("h1"), "Line 3")
    assert alone.output[-1] == "Address  no network yet: only this machine can join"

    machine = lan.machine("h2", "10.77.1.12/24")
    machine.plug("br2", "172.17.0.1/16", device="docker0")
    hosting = host(machine, "Bridge")
    machine.ip("link", "set", "eth0", "down")
    hosting.wait_for("The network is gone; only containers or a VPN still reach the room, at 172.17.0.1:8100.")


def test_all_of_a_hosts_many_rooms_are_listed(lan: Lan) -> None:
    names = [f"Room {number:02}" for number in range(1, 91)]
    machine = lan.machine("h1", "10.77.1.11/24")
    hosting = machine.start(*LANCHAT, "host", "-v", *(word for name in names for word in ("--name", name)))
    hosting.wait_for("Room 90” can be found", deadline_s=60.0)

    assert sorted(list_rooms(lan.machine("c1", "10.77.1.21/24")).names) == names


REPLAYED = r"""
import socket
host = socket.create_connection(("127.0.0.1", 8100))
host.sendall(b"NICK Zoe\r\nUSER zoe 0 * :Zoe\r\nJOIN #Line-3\r\nPING end\r\n")
heard = b""
while b"PONG" not in heard and (more := host.recv(65536)):
    heard += more
print(heard.decode())
"""


def copied(lan: Lan) -> tuple[Machine, Machine]:
    """Return two machines, the second with a copy of what the first kept in its folder."""
    first, second = lan.machine("h1", "10.77.1.11/24"), lan.machine("h2", "10.77.1.12/24")
    hosting = host(first, "Line 3")
    said = first.run(*LANCHAT, "join", "127.0.0.1", "--plain", "--nick", "Ana", stdin="said before the copy\n")
    assert said.returncode == 0
    hosting.stop()
    shutil.copytree(first.folder, second.folder, dirs_exist_ok=True)
    return first, second


def test_of_two_hosts_with_one_data_folder_the_later_one_takes_another_id_for_good(lan: Lan) -> None:
    first, second = copied(lan)
    older = host(first, "Line 3")
    client = lan.machine("c1", "10.77.1.21/24")
    before = {room["addresses"][0]: room["id"] for room in list_rooms(client).rooms}
    time.sleep(TOGETHER_S + 1)  # after a power cut, chance decides: see the next test
    newer = host(second, "Line 3")

    older.wait_for("Another host, at 10.77.1.12, has a copy of this one's data and came later.")
    newer.wait_for("Another host, at 10.77.1.11, has this one's data")

    watching = watch(client)
    watching.wait_for("10.77.1.12")
    listing = list_rooms(client)
    ids = {room["addresses"][0]: room["id"] for room in listing.rooms}
    assert set(ids) == {"10.77.1.11", "10.77.1.12"}
    assert ids["10.77.1.11"] == before["10.77.1.11"], "the one that people are used to"
    assert ids["10.77.1.12"] != ids["10.77.1.11"]
    assert sorted(room["name"] for room in listing.rooms) == ["Line 3", "Line 3 (2)"]
    assert "under one id" not in listing.errors

    heard = client.run(*LANCHAT, "join", "10.77.1.12", "--plain", "--nick", "Ben", stdin="/quit\n")
    assert heard.returncode == 0
    newer.stop()
    older.stop()
    again = host(second, "Line 3")
    ids_again = {room["addresses"][0]: room["id"] for room in list_rooms(client).rooms}
    assert ids_again == {"10.77.1.12": ids["10.77.1.12"]}, "the new id stays"
    assert "said before the copy" in second.run(sys.executable, "-c", REPLAYED).stdout, "its history, too"
    again.stop()


def test_two_hosts_with_one_data_folder_that_start_together_come_to_the_same_end(lan: Lan) -> None:
    first, second = copied(lan)
    programs = [start_host(machine, "Line 3", "-v") for machine in (first, second)]
    client = lan.machine("c1", "10.77.1.21/24")
    until = time.monotonic() + DEADLINE_S
    ids: set[str] = set()
    while len(ids) < 2 and time.monotonic() < until:
        ids = {room["id"] for room in list_rooms(client).rooms}
    assert len(ids) == 2
    for program in programs:
        program.stop()
    told = [[line for line in program.output if "Another host, at" in line] for program in programs]
    changed = [any("has taken a new id" in line for line in lines) for lines in told]
    assert sorted(changed) == [False, True], "one of them, and not both"


def test_hosts_of_one_data_folder_on_two_networks_that_become_one_notice_it_and_keep_their_people(lan: Lan) -> None:
    first, second = lan.machine("h1", "10.77.1.11/24"), lan.machine("h2", "10.77.1.12/24", switch="br2")
    host(first, "Line 3").stop()
    shutil.copytree(first.folder, second.folder, dirs_exist_ok=True)
    older = host(first, "Line 3")
    time.sleep(TOGETHER_S + 1)
    newer = host(second, "Line 3", "--port", "8200")
    zoe = lan.machine("c2", "10.77.1.22/24", switch="br2").start(*LANCHAT, "join", "Line 3", "--nick", "Zoe")
    newer.wait_for("Zoe has joined")

    lan.join_switches()
    client = lan.machine("c1", "10.77.1.21/24")
    watching = watch(client)  # its questions are heard by both, and so are the answers

    older.wait_for("Another host, at 10.77.1.12, has a copy")
    newer.wait_for("it has taken a new id")
    watching.wait_for("Line 3")
    rooms = list_rooms(client).rooms
    assert len({room["id"] for room in rooms}) == len(rooms) == 2

    newer.send(signal.SIGKILL)
    newer.wait()
    zoe.wait_for("Connection lost")
    back = host(second, "Line 3", "--port", "8200")
    zoe.wait_for("Connected again after")
    if not any("Zoe has joined" in line for line in back.output):  # while it announced itself
        back.wait_for("Zoe has joined")
    assert older.stop() == 0
    assert not any("Zoe" in line for line in older.output), "where her people are, though the other one has the old id"
