"""`lanchat join` on a LAN of network namespaces: rooms are found by multicast, and found again."""

import signal
import sys
import time
from pathlib import Path

from tests.lan.conftest import lan as lan
from tests.lan.lab import Lan, Machine, Program
from tests.lan.rooms import LANCHAT, MOVED, host

RETURNING = str(Path(__file__).parents[1] / "lan" / "returning.py")


def join(machine: Machine, *arguments: str) -> Program:
    return machine.start(*LANCHAT, "join", *arguments, "--plain")


def test_one_room_is_joined_without_naming_it_and_people_talk(lan: Lan) -> None:
    host(lan.machine("h1", "10.77.1.11/24"), "Line 3")
    ana = join(lan.machine("c1", "10.77.1.21/24"), "--nick", "Ana")
    ana.say("hello")
    ana.wait_for("Ana: hello")
    said = lan.machine("c2", "10.77.1.22/24").run(*LANCHAT, "join", "line", "--nick", "Ben", stdin="Press 4 is back\n")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.endswith(" Ben: Press 4 is back\n")
    ana.wait_for("Ben: Press 4 is back")


def test_of_two_rooms_a_pipe_has_to_name_one(lan: Lan) -> None:
    host(lan.machine("h1", "10.77.1.11/24"), "Line 3")
    host(lan.machine("h2", "10.77.1.12/24"), "Bridge")
    client = lan.machine("c1", "10.77.1.21/24")
    refused = client.run(*LANCHAT, "join", stdin="hello\n")
    assert refused.returncode == 1
    assert refused.stderr == "lanchat: There is more than one room: Bridge and Line 3. Name one: lanchat join ROOM\n"
    assert client.run(*LANCHAT, "join", "bridge", stdin="hello\n").returncode == 0


def test_a_room_whose_address_changes_is_joined_again_at_the_new_one(lan: Lan) -> None:
    machine = lan.machine("h1", "10.77.1.11/24")
    hosting = host(machine, "Line 3")
    ana = join(lan.machine("c1", "10.77.1.21/24"), "Line 3", "--nick", "Ana")
    ana.say("before")
    ana.wait_for("Ana: before")

    machine.ip("address", "del", "10.77.1.11/24", "dev", "eth0")
    machine.ip("address", "add", "10.77.1.99/24", "broadcast", "+", "dev", "eth0")
    hosting.wait_for(MOVED)
    ana.say("after")

    ana.wait_for("Connected again after", deadline_s=60.0)  # 20 s of silence first: nothing tells of an address gone
    ana.wait_for("Ana: after")


def test_a_client_that_moves_to_another_network_of_the_host_finds_it_there(lan: Lan) -> None:
    machine = lan.machine("h1", "10.77.1.11/24").plug("br2", "10.77.2.11/24", device="eth1")
    host(machine, "Line 3")
    client = lan.machine("c1", "10.77.1.21/24")
    ana = join(client, "Line 3", "--nick", "Ana")
    ana.say("before")
    ana.wait_for("Ana: before")

    client.ip("address", "del", "10.77.1.21/24", "dev", "eth0")
    client.plug("br2", "10.77.2.21/24", device="eth1")
    ana.say("after")

    ana.wait_for("Connected again after", deadline_s=60.0)
    ana.wait_for("Ana: after")


def test_a_host_that_is_back_is_heard_and_ends_the_longest_pause(lan: Lan) -> None:
    machine = lan.machine("h1", "10.77.1.11/24")
    hosting = host(machine, "Line 3")
    ana = lan.machine("c1", "10.77.1.21/24").start(sys.executable, RETURNING, "10.77.1.11")
    ana.wait_for("joined")

    hosting.send(signal.SIGKILL)
    hosting.wait()
    seconds = int(ana.wait_for("connection lost").rpartition("again in ")[2].split()[0])
    assert seconds > 5_000
    ana.wait_for("EntryAdded: are you there? (not sent yet)")
    host(machine, "Line 3")
    announced_at = time.monotonic()

    ana.wait_for("Connected again after")
    ana.wait_for("DeliveryChanged: are you there? ()")
    assert time.monotonic() - announced_at < 15, "rather than hours"


def test_a_network_of_our_own_that_is_back_ends_the_pause_too(lan: Lan) -> None:
    host(lan.machine("h1", "10.77.1.11/24"), "Line 3")
    client = lan.machine("c1", "10.77.1.21/24")
    ana = client.start(sys.executable, RETURNING, "10.77.1.11")
    ana.wait_for("joined")

    client.ip("address", "del", "10.77.1.21/24", "dev", "eth0")
    ana.wait_for("connection lost", deadline_s=60.0)  # 20 s of silence first
    client.ip("address", "add", "10.77.1.22/24", "broadcast", "+", "dev", "eth0")

    ana.wait_for("Connected again after")
