"""Hosting, listing and watching rooms with the installed command, as people would."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lan.lab import Machine, Program, lanchat_command

LANCHAT = lanchat_command()
OPEN = "Address"  # what `lanchat host` says once it listens
FOUND = "can be found"  # what `lanchat host -v` says once a room is announced
RENAMED = "Another room is called"
MOVED = "The network has changed"
_WATCHER = str(Path(__file__).with_name("watcher.py"))


def host(machine: Machine, name: str, *flags: str) -> Program:
    """Host a room and wait until it is announced."""
    program = start_host(machine, name, "-v", *flags)
    program.wait_for(FOUND)
    return program


def start_host(machine: Machine, name: str, *flags: str) -> Program:
    """Host a room and wait until it is open, announced or not."""
    program = machine.start(*LANCHAT, "host", "--name", name, *flags)
    program.wait_for(OPEN)
    return program


@dataclass(frozen=True, slots=True)
class Listing:
    """What `lanchat list-rooms --json` printed."""

    rooms: list[dict[str, Any]]
    errors: str
    status: int

    @property
    def names(self) -> list[str]:
        return sorted(room["name"] for room in self.rooms)


def list_rooms(machine: Machine, *flags: str) -> Listing:
    """List the rooms that a machine finds."""
    done: subprocess.CompletedProcess[str] = machine.run(*LANCHAT, "list-rooms", "--json", *flags)
    assert "Traceback" not in done.stderr, done.stderr
    return Listing([json.loads(line) for line in done.stdout.splitlines()], done.stderr, done.returncode)


def watch(machine: Machine) -> Program:
    """Keep looking, as a picker does; prints a line per event and, when it has begun, "watching"."""
    program = machine.start(sys.executable, _WATCHER)
    program.wait_for("watching")
    return program
