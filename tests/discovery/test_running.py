import os
from pathlib import Path

import pytest

from lanchat.discovery.running import MAX_FILES, RunningHost, forget, record, running_hosts
from tests.discovery.peers import ID_A, ID_B


def test_what_is_recorded_is_found_until_it_is_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "running"

    record(folder, 8123, [ID_A, ID_B])
    found = running_hosts(folder)
    forget(folder, 8123)

    assert found == [RunningHost(8123, (ID_A, ID_B), ("127.0.0.1", "::1"))]
    assert running_hosts(folder) == []


def test_a_host_on_one_address_is_asked_there(tmp_path: Path) -> None:
    record(tmp_path, 8123, [ID_A], listen=["10.0.0.5", "0.0.0.0", "::"])

    assert running_hosts(tmp_path)[0].addresses == ("10.0.0.5", "127.0.0.1", "::1")


def test_what_a_crashed_host_left_goes_when_its_port_is_taken_again(tmp_path: Path) -> None:
    record(tmp_path, 8123, [ID_A])
    (tmp_path / f"8123-{os.getpid()}.json").rename(tmp_path / "8123-1.json")

    record(tmp_path, 8123, [ID_B])

    assert [host.ids for host in running_hosts(tmp_path)] == [(ID_B,)]


def test_only_the_newest_stay(tmp_path: Path) -> None:
    for port in range(9000, 9000 + MAX_FILES + 5):
        record(tmp_path, port, [ID_A])
        os.utime(tmp_path / f"{port}-{os.getpid()}.json", (port, port))

    ports = [host.port for host in running_hosts(tmp_path)]

    assert ports == list(range(9000 + MAX_FILES + 4, 9004, -1))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"[" * 5000,
        b'{"port": 0, "ids": [], "addresses": ["127.0.0.1"]}',
        b'{"port": "8100", "ids": [], "addresses": ["127.0.0.1"]}',
        b'{"port": 8100, "ids": [], "addresses": []}',
        b'{"port": 8100, "ids": 3, "addresses": ["127.0.0.1"]}',
        b'{"port": 8100, "ids": [], "addresses": [5, "example.org"]}',
        b'{"port": 8100, "ids": [], "addresses": ["127.0.0.1"]' + b" " * 10_000 + b"}",
    ],
)
def test_a_file_that_makes_no_sense_is_left_out(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "8100-1.json").write_bytes(content)

    assert running_hosts(tmp_path) == []


def test_a_folder_that_cannot_be_made_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    record(tmp_path / "file" / "running", 8123, [ID_A])
    forget(tmp_path / "file" / "running", 8123)

    assert running_hosts(tmp_path / "file" / "running") == []
    assert running_hosts(tmp_path / "absent") == []
