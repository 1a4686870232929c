"""Peers whose network goes without a word."""

import time

from tests.lan.lab import Lan, Machine, Program
from tests.lan.rooms import start_host

_WITHIN_S = 90.0  # 70, and what a busy machine is late
_HOST = "10.77.1.11"


def _nc(machine: Machine, name: str) -> Program:
    """Return somebody who has come with nc."""
    peer = machine.start("nc", _HOST, "8100")
    peer.say("")
    peer.wait_for("What is your name?")
    peer.say(name)
    return peer


def test_who_came_by_nc_and_lost_the_network_is_gone_after_70_s_in_talk_and_in_silence(lan: Lan) -> None:
    host = start_host(lan.machine("h1", f"{_HOST}/24"), "Line 3")
    quiet, other = lan.machine("c1", "10.77.1.21/24"), lan.machine("c2", "10.77.1.22/24")
    _nc(quiet, "Ana")
    host.wait_for("Ana has joined")
    speaker = _nc(other, "Bob")
    host.wait_for("Bob has joined")

    quiet.ip("link", "set", "eth0", "down")
    cut_at = time.monotonic()
    speaker.say("are you there?")  # is never acknowledged
    host.wait_for("Ana has left", _WITHIN_S)
    assert time.monotonic() - cut_at > 60.0

    other.ip("link", "set", "eth0", "down")
    host.wait_for("Bob has left", _WITHIN_S)  # to whom nothing was sent, as nobody is in
