"""The servers that are compared: how each is set up and started, flood limits off in all of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import running

MOST_CLIENTS = 5000
BARE_PYTHON = Path(__file__).with_name("bare_python.py")


@dataclass(frozen=True)
class Server:
    """A program to measure. `prepare(folder, port)` writes its settings and gives its command line."""

    name: str
    find: Callable[[], str | None]
    prepare: Callable[[Path, int], list[str]]
    version: Callable[[], str]

    def is_installed(self) -> bool:
        """Is it on this machine?"""
        return self.find() is not None

    @contextmanager
    def running(self, folder: Path, cores: frozenset[int]) -> Iterator[running.Running]:
        """Start it on a free port of loopback, on the given cores, and end it afterwards."""
        folder.mkdir()
        port = running.free_port()
        with running.started(self.name, self.prepare(folder, port), folder, port, cores) as process:
            yield process


def _find(program: str) -> str | None:
    """Look for a program also where daemons live, which is not on everybody's PATH."""
    return shutil.which(program, path=os.environ.get("PATH", os.defpath) + ":/usr/sbin:/usr/local/sbin")


def _first_line(*command: str) -> str:
    answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return answer.strip().splitlines()[0] if answer.strip() else "unknown"


def _prepare_lanchat(folder: Path, port: int) -> list[str]:
    options = ["--listen", "127.0.0.1", "--port", str(port), "--data-dir", str(folder)]
    switches = ["--no-mdns", "--no-flood-limits", "--no-join-replay", "--no-motd"]
    limit = ["--max-clients", str(MOST_CLIENTS)]
    return [sys.executable, "-m", "lanchat", "host", "--name", "Bench", *options, *switches, *limit]


def _prepare_lanchat_in_memory(folder: Path, port: int) -> list[str]:
    """What storing costs is the difference to this."""
    return [*_prepare_lanchat(folder, port), "--no-history"]


# Limits at 0 are none; MaxPenaltyTime 0 turns the delays for busy senders off. ngircd.conf(5)
NGIRCD = """\
[Global]
Name = bench.example
Info = Bench
Listen = 127.0.0.1
Ports = {port}
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
[Options]
DNS = no
Ident = no
PAM = no
IncludeDir = {folder}
"""


def _prepare_ngircd(folder: Path, port: int) -> list[str]:
    settings = folder / "ngircd.settings"  # not *.conf: those are read again, from IncludeDir
    settings.write_text(NGIRCD.format(port=port, folder=folder))
    return [_find("ngircd") or "ngircd", "--nodaemon", "--config", str(settings)]


# fakelag is InspIRCd's delay for busy senders, commandrate its bound; the queues are wide enough
# for a thousand joins at once. docs.inspircd.org/3/configuration
INSPIRCD = """\
<server name="bench.example" description="Bench" network="Bench">
<admin name="Bench" nick="bench" email="bench@bench.example">
<bind address="127.0.0.1" port="{port}" type="clients">
<connect allow="*" timeout="60" pingfreq="120" localmax="{most}" globalmax="{most}" limit="{most}"
         fakelag="no" commandrate="1000000000" threshold="1000000000" recvq="1048576"
         softsendq="1048576" hardsendq="16777216" resolvehostnames="no" useconnectban="no">
"""


def _prepare_inspircd(folder: Path, port: int) -> list[str]:
    settings = folder / "inspircd.conf"
    settings.write_text(INSPIRCD.format(port=port, most=MOST_CLIENTS))
    command = [_find("inspircd") or "inspircd", "--nofork", "--nolog", "--nopid", "--config", str(settings)]
    return [*command, "--runasroot"] if os.geteuid() == 0 else command


def _lanchat_version() -> str:
    return _first_line(sys.executable, "-m", "lanchat", "--version")


def known_servers(bare: Path) -> list[Server]:
    """Give all servers in the order of the table; `bare` is the compiled bare loop."""
    return [
        Server("lanchat", lambda: sys.executable, _prepare_lanchat, _lanchat_version),
        Server("lanchat-memory", lambda: sys.executable, _prepare_lanchat_in_memory, _lanchat_version),
        Server(
            "ngircd",
            lambda: _find("ngircd"),
            _prepare_ngircd,
            lambda: _first_line(_find("ngircd") or "ngircd", "--version").partition("-")[0],
        ),
        Server(
            "inspircd",
            lambda: _find("inspircd"),
            _prepare_inspircd,
            lambda: _first_line(_find("inspircd") or "inspircd", "--version").removesuffix("-debian"),
        ),
        Server(
            "bare",
            lambda: str(bare),
            lambda _folder, port: [str(bare), str(port)],
            lambda: "bare.c",
        ),
        Server(
            "bare-python",
            lambda: sys.executable,
            lambda _folder, port: [sys.executable, str(BARE_PYTHON), str(port)],
            lambda: "bare_python.py",
        ),
    ]
