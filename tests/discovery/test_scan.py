import asyncio
import ipaddress

import pytest

from lanchat.discovery.addresses import Adapter
from lanchat.discovery.scan import AT_ONCE, MAX_SCANNED, addresses_in_all, scan, scan_addresses


def test_every_subnet_is_scanned_but_the_own_address() -> None:
    adapters = [Adapter("eth0", (ipaddress.ip_interface("10.0.0.5/30"), ipaddress.ip_interface("10.0.1.9/30")))]

    assert scan_addresses(adapters) == ["10.0.0.6", "10.0.1.10"]


def test_the_scan_is_bounded_however_many_adapters_there_are() -> None:
    adapters = [Adapter(f"eth{n}", (ipaddress.ip_interface(f"10.{n}.0.5/16"),)) for n in range(20)]

    assert len(scan_addresses(adapters)) == MAX_SCANNED


async def test_all_are_asked_with_bounded_concurrency_and_progress() -> None:
    addresses = [f"10.0.0.{number}" for number in range(300)]
    asked: list[str] = []
    progress: list[tuple[int, int]] = []
    running = most = 0

    async def ask(address: str) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        asked.append(address)
        running -= 1

    await scan(addresses, ask, lambda done, total: progress.append((done, total)))

    assert sorted(asked) == sorted(addresses)
    assert most == AT_ONCE
    assert progress == [(done, 300) for done in range(1, 301)]


async def test_nothing_to_scan_is_done_at_once() -> None:
    async def ask(_: str) -> None:
        raise AssertionError

    await scan([], ask, lambda *_: None)


@pytest.mark.parametrize(
    ("own", "count"),
    [
        (["10.0.0.5/24"], 253),
        (["10.0.0.5/16"], 65_533),
        (["10.0.0.5/30", "10.0.1.9/30"], 2),
        (["10.0.0.5/24", "10.0.0.6/24"], 252),  # two of our own in one subnet
        (["10.0.0.5/16", "10.0.0.6/24"], 65_532),  # one inside the other
        ([], 0),
    ],
)
def test_how_many_addresses_there_are_is_known_also_where_not_all_are_asked(own: list[str], count: int) -> None:
    adapters = [Adapter(f"eth{n}", (ipaddress.ip_interface(text),)) for n, text in enumerate(own)]

    assert addresses_in_all(adapters) == count
