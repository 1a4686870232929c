"""Joining what was found, with the installed command on three machines."""

import signal

from tests.lan.lab import Lan
from tests.lan.rooms import LANCHAT, host, list_rooms


def test_two_people_who_typed_no_address_talk(lan: Lan) -> None:
    hosting = host(lan.machine("h1", "10.77.1.11/24"), "Line 3")
    zoe = lan.machine("c1", "10.77.1.21/24").start(*LANCHAT, "join", "--plain", "--nick", "Zoé")
    hosting.wait_for("Zoé has joined")

    bob = lan.machine("c2", "10.77.1.22/24").run(
        *LANCHAT, "join", "line", "--plain", "--nick", "Bob", stdin="Press 4 is back\n"
    )

    assert (bob.returncode, bob.stderr) == (0, "")
    zoe.wait_for("Bob has joined")
    zoe.wait_for("Bob: Press 4 is back")
    zoe.wait_for("Bob has left")
    hosting.wait_for("Bob: Press 4 is back")


def test_people_in_a_room_are_counted_and_looking_does_not_count(lan: Lan) -> None:
    hosting = host(lan.machine("h1", "10.77.1.11/24"), "Line 3")
    client = lan.machine("c1", "10.77.1.21/24")
    client.start(*LANCHAT, "join", "--plain", "--nick", "Zoé")
    hosting.wait_for("Zoé has joined")

    counts = [list_rooms(client).rooms[0]["members"] for _ in range(2)]

    assert counts == [1, 1]


def test_a_room_joined_before_is_found_where_nothing_announces_it(lan: Lan) -> None:
    hosting = host(lan.machine("h1", "10.77.1.11/24"), "Line 3", "--port", "9999")
    client = lan.machine("c1", "10.77.1.21/24")
    assert client.run(*LANCHAT, "join", "Line 3", "--plain", stdin="Hello\n").returncode == 0
    hosting.wait_for("Hello")

    client.firewall("out udp dport { 5353, 8100 } drop", "in udp dport 5353 drop")

    assert list_rooms(client).names == ["Line 3"]


def test_a_room_is_joined_by_its_address(lan: Lan) -> None:
    hosting = host(lan.machine("h1", "10.77.1.11/24"), "Line 3")
    client = lan.machine("c1", "10.77.1.21/24")
    client.firewall("out udp dport { 5353, 8100 } drop")

    done = client.run(*LANCHAT, "join", "10.77.1.11", "--plain", "--nick", "Zoé", stdin="Hello\n")

    assert done.returncode == 0
    hosting.wait_for("Zoé: Hello")


def test_a_room_whose_host_was_killed_is_not_joined_and_no_traceback_is_shown(lan: Lan) -> None:
    hosting = host(lan.machine("h1", "10.77.1.11/24"), "Line 3")
    client = lan.machine("c1", "10.77.1.21/24")
    assert client.run(*LANCHAT, "join", "Line 3", "--plain", stdin="Hello\n").returncode == 0

    hosting.send(signal.SIGKILL)
    hosting.wait()
    done = client.run(*LANCHAT, "join", "Line 3", "--plain", stdin="Hello\n")

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
