"""A LAN of network namespaces: switches and machines, made for one test and gone after it.

Everything lives inside namespaces of a prefix of its own, the switches too, so nothing of it is seen from outside.
"""

import contextlib
import itertools
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

DEADLINE_S = 30.0  # for what takes one or two seconds on a quiet machine

_serial = itertools.count(1)


class CommandFailed(Exception):
    """A command that makes the LAN did not work."""


def command(*argv: str, stdin: str | None = None) -> str:
    """Run a command and return its output. Raises CommandFailed."""
    done = subprocess.run(argv, input=stdin, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandFailed(f"{' '.join(argv)}: {done.stdout}{done.stderr}")
    return done.stdout


def sweep() -> None:
    """Take down what test runs left behind that were killed: namespaces named after a process that is no more."""
    for line in command("ip", "netns", "list").splitlines():
        left = re.match(r"lc(\d+)x\d+-\S+", line)
        if left and not Path(f"/proc/{left[1]}").exists():
            for process in command("ip", "netns", "pids", left[0]).split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(process), signal.SIGKILL)
            command("ip", "netns", "del", left[0])


def reason_against() -> str | None:
    """Return why no namespaces can be made here, or None."""
    if sys.platform != "linux":
        return "network namespaces are Linux'"
    if os.geteuid() != 0:
        return "making network namespaces needs root"
    if shutil.which("ip") is None:
        return "the command ip (iproute2) is missing"
    name = f"lct{os.getpid()}"
    try:
        command("ip", "netns", "add", name)
        command("ip", "netns", "del", name)
        sweep()
    except CommandFailed as error:
        return f"namespaces cannot be made: {error}"
    return None


def lanchat_command() -> list[str]:
    """Return the installed command, or the module where the tests run from a tree."""
    installed = Path(sys.executable).parent / "lanchat"
    return [str(installed)] if installed.exists() else [sys.executable, "-m", "lanchat"]


class Program:
    """A program that runs on a machine of the LAN. What it prints can be waited for."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
            env=dict(env),
            start_new_session=True,
        )
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self.output: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(ValueError):  # closed at the end of the test, while it is read
            for line in self._process.stdout:
                self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def wait_for(self, text: str, deadline_s: float = DEADLINE_S) -> str:
        """Return the next line that holds the text; a line is looked at once."""
        until = time.monotonic() + deadline_s
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {text!r} within {deadline_s} s; got {self.output}") from None
            if line is None:
                raise AssertionError(f"ended without {text!r}; got {self.output}")
            self.output.append(line)
            if text in line:
                return line

    def say(self, line: str) -> None:
        """Type a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        self._process.send_signal(number)

    def wait(self, deadline_s: float = DEADLINE_S) -> int:
        """Wait for the program's end and return its exit status; `output` holds all lines then."""
        status = self._process.wait(deadline_s)
        while (line := self._lines.get(timeout=deadline_s)) is not None:
            self.output.append(line)
        self._lines.put(None)
        return status

    def stop(self) -> int:
        """End the program as a person would, and return its exit status."""
        self.send(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        """End the program and what it started, at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                assert stream is not None
                stream.close()


class Machine:
    """A machine on the LAN: a network namespace with a data folder of its own."""

    def __init__(self, lan: "Lan", name: str, folder: Path) -> None:
        self._lan = lan
        self.name = name
        self.namespace = f"{lan.prefix}-{name}"
        self.folder = folder
        self.env = {**os.environ, "LANCHAT_DATA_DIR": str(folder), "TERM": "dumb", "PYTHONUNBUFFERED": "1"}
        command("ip", "netns", "add", self.namespace)
        self.ip("link", "set", "lo", "up")

    def ip(self, *arguments: str) -> str:
        """Configure the machine's network."""
        return command("ip", "-n", self.namespace, *arguments)

    def plug(self, switch: str, address: str | None, *, device: str = "eth0", gateway: str | None = None) -> Self:
        """Connect a network adapter of this machine to a switch."""
        port = f"p{next(_serial)}"
        at_switch = ("type", "veth", "peer", "name", device, "netns", self.namespace)
        command("ip", "link", "add", port, "netns", self._lan.switches, *at_switch)
        command("ip", "-n", self._lan.switches, "link", "set", port, "master", switch, "up")
        self.ip("link", "set", device, "up")
        if address:
            self.ip("address", "add", address, "broadcast", "+", "dev", device)
        if gateway:
            self.ip("route", "add", "default", "via", gateway)
        return self

    def firewall(self, *rules: str, policy: str = "accept") -> None:
        """Filter what comes in and goes out. A rule starts with "in" or "out", the rest is nftables'."""
        chains = {"in": "input", "out": "output"}
        text = "".join(
            f"chain {name} {{ type filter hook {name} priority 0; policy {policy if name == 'input' else 'accept'}; "
            + "".join(f"{rule.partition(' ')[2]}; " for rule in rules if rule.partition(" ")[0] == direction)
            + "}\n"
            for direction, name in chains.items()
        )
        command("ip", "netns", "exec", self.namespace, "nft", "-f", "-", stdin=f"table inet lab {{\n{text}}}\n")

    def argv(self, *argv: str) -> list[str]:
        """Return the command line that runs a program on this machine."""
        return ["ip", "netns", "exec", self.namespace, *argv]

    def start(self, *argv: str) -> Program:
        """Start a program on this machine; it ends with the LAN at the latest."""
        program = Program(self.argv(*argv), self.env)
        self._lan.programs.append(program)
        return program

    def run(self, *argv: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a program on this machine to its end."""
        return subprocess.run(
            self.argv(*argv),
            input=stdin,
            capture_output=True,
            text=True,
            env=self.env,
            timeout=DEADLINE_S,
            check=False,
        )


class Lan:
    """Switches without uplink, and the machines on them."""

    def __init__(self, folder: Path, switches: Sequence[str] = ("br1", "br2")) -> None:
        self.prefix = f"lc{os.getpid()}x{next(_serial)}"
        self.switches = f"{self.prefix}-switches"
        self.programs: list[Program] = []
        self._folder = folder
        self._machines: list[Machine] = []
        command("ip", "netns", "add", self.switches)
        for switch in switches:
            bridge = ("type", "bridge", "forward_delay", "0", "stp_state", "0", "mcast_snooping", "0")
            command("ip", "-n", self.switches, "link", "add", switch, *bridge)
            command("ip", "-n", self.switches, "link", "set", switch, "up")

    def machine(
        self, name: str, address: str | None = None, *, switch: str = "br1", gateway: str | None = None
    ) -> Machine:
        """Add a machine; with an address, its adapter eth0 is plugged into the switch."""
        folder = self._folder / name
        folder.mkdir()
        made = Machine(self, name, folder)
        self._machines.append(made)
        return made.plug(switch, address, gateway=gateway) if address else made

    def join_switches(self) -> None:
        """Lay a cable between the two switches."""
        inside = ("-n", self.switches)
        command("ip", *inside, "link", "add", "up1", "type", "veth", "peer", "name", "up2")
        command("ip", *inside, "link", "set", "up1", "master", "br1", "up")
        command("ip", *inside, "link", "set", "up2", "master", "br2", "up")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End all programs and take the namespaces down."""
        for program in self.programs:
            program.kill()
        for namespace in [*(machine.namespace for machine in self._machines), self.switches]:
            with contextlib.suppress(CommandFailed):
                command("ip", "netns", "del", namespace)
