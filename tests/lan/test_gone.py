"""Peers whose network goes without a word."""

import time

from tests.lan.lab import Lan, Machine, Program
from tests.lan.rooms import start_host

_WITHIN_S = 90.0  # 70, and what a busy machine is late


def _nc(machine: Machine, host: str, name: str) -> Program:
    """Return somebody who comes with nc."""
    peer = machine.start("nc", host, "8100")
    peer.say("")
    peer.wait_for("What is your name?")
    peer.say(name)
    return peer


def test_who_came_by_nc_and_lost_the_network_is_gone_after_70_s_in_talk_and_in_silence(lan: Lan) -> None:
    talking = start_host(lan.machine("h1", "10.77.1.11/24"), "Line 3")
    silent = start_host(lan.machine("h2", "10.77.1.12/24"), "Line 4")
    quiet, other = lan.machine("c1", "10.77.1.21/24"), lan.machine("c2", "10.77.1.22/24")
    _nc(quiet, "10.77.1.11", "Ana")
    talking.wait_for("Ana has joined")
    speaker = _nc(other, "10.77.1.11", "Bob")
    talking.wait_for("Bob has joined")
    _nc(quiet, "10.77.1.12", "Ana")
    silent.wait_for("Ana has joined")

    quiet.ip("link", "set", "eth0", "down")
    cut_at = time.monotonic()
    speaker.say("are you there?")  # is never acknowledged

    talking.wait_for("Ana has left", _WITHIN_S)
    silent.wait_for("Ana has left", _WITHIN_S)
    assert time.monotonic() - cut_at > 60.0
