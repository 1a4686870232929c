"""What is told of rooms that do not answer, and that nobody who looks for rooms passes it over."""

import ast
from dataclasses import replace

import pytest

from lanchat.client.rooms.silences import MAX_TOLD, silence, silences
from lanchat.discovery.events import Silent, Why
from tests.house import ROOT

ROOM = Silent("Line 3", "10.0.0.5", 8100, "did not answer within 2 s", Why.TIMEOUT, is_near=True)


def test_a_firewall_is_named_where_packets_are_dropped_nearby() -> None:
    assert silence(ROOM).endswith("Is a firewall on that machine closing TCP port 8100?")


@pytest.mark.parametrize("why", [Why.REFUSED, Why.NO_ADDRESS, Why.NO_ROOM, Why.ANOTHER_ROOM, Why.UNKNOWN_NAME])
def test_no_firewall_is_named_where_none_can_be_the_reason(why: Why) -> None:
    assert "firewall" not in silence(replace(ROOM, why=why))


@pytest.mark.parametrize("why", [Why.TIMEOUT, Why.UNREACHABLE])
def test_no_firewall_is_named_for_an_address_of_another_network(why: Why) -> None:
    told = silence(replace(ROOM, why=why, is_near=False))

    assert told.endswith("That is no address of a network of this machine: is there a way to it?")


@pytest.mark.parametrize("why", list(Why))
def test_there_is_advice_for_each_reason(why: Why) -> None:
    assert silence(replace(ROOM, why=why)).startswith("Line 3 is announced, but 10.0.0.5:8100 did not answer")


def test_many_are_a_handful_and_a_number() -> None:
    told = silences([replace(ROOM, name=f"Room {number}") for number in range(40)])

    assert len(told) == MAX_TOLD + 1
    assert told[-1] == "35 more announcements led to no room."


def test_what_was_not_tried_is_one_line() -> None:
    odd = [replace(ROOM, name=f"Room {number}", why=Why.NOT_TRIED) for number in range(56)]

    assert silences(odd) == [
        "56 announcements lead to another network, or to a port that rooms do not have; not tried."
    ]


def test_every_reader_of_the_finder_reads_its_silences() -> None:
    """Rooms that were found are half the news: who reads `Appeared` and passes over `Silent` says "no such host"."""
    deaf = [
        path.name
        for path in (ROOT / "lanchat").rglob("*.py")
        if path.parent.name != "discovery"
        for names in [{node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}]
        if "Appeared" in names and not {"Silent", "silence", "silences", "silence_of"} & names
    ]

    assert deaf == []
