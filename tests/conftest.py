"""What tests of all areas share."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.hosting import HostProcess


def do_without(reason: str) -> None:
    """Skip the test; fail instead where nothing may be skipped."""
    if os.environ.get("LANCHAT_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def require(*commands: str) -> None:
    """Do without the test where one of these commands is not installed."""
    for command in commands:
        if shutil.which(command) is None:
            do_without(f"the command {command} is missing")


@pytest.fixture(scope="session", autouse=True)
def _signals_as_at_a_terminal() -> None:
    """Have programs under test hear all signals, also where the tests run behind `nohup` or `&`, which ignore some."""
    for name in ("SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


@pytest.fixture
def start_host(tmp_path: Path) -> Iterator[Callable[..., HostProcess]]:
    """Return what starts `lanchat host` with more arguments and variables; hosts of one test share a data folder."""
    hosts: list[HostProcess] = []

    def start(*arguments: str, port: int | None = 0, **env: str) -> HostProcess:
        hosts.append(HostProcess(tmp_path / "data", *arguments, port=port, env=env))
        return hosts[-1]

    yield start
    for host in hosts:
        host.kill()


@pytest.fixture
def host(start_host: Callable[..., HostProcess]) -> HostProcess:
    """Return a host of the room “Line 3”."""
    return start_host("--name", "Line 3")
