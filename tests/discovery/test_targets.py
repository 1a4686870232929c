import asyncio
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.discovery import targets
from lanchat.discovery.addresses import Adapter
from lanchat.discovery.ip import IPInterface
from lanchat.discovery.targets import parse_target, resolve


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("10.0.0.5", ("10.0.0.5", 8100)),
        ("10.0.0.5:9000", ("10.0.0.5", 9000)),
        (" 10.0.0.5:9000 ", ("10.0.0.5", 9000)),
        ("press-4.local", ("press-4.local", 8100)),
        ("press4:65535", ("press4", 65_535)),
        ("müller.example.", ("müller.example.", 8100)),
        ("[fd00::5]", ("fd00::5", 8100)),
        ("[fd00::5]:9000", ("fd00::5", 9000)),
        ("fd00::5", ("fd00::5", 8100)),
        ("[fe80::1%eth0]:8101", ("fe80::1%eth0", 8101)),
        ("FE80::0001%eth0", ("fe80::1%eth0", 8100)),
        ("[FD00::0005]:8101", ("fd00::5", 8101)),
        ("fe80::1", ("fe80::1", 8100)),
    ],
)
def test_hosts_and_ports_are_read(text: str, target: tuple[str, int]) -> None:
    assert parse_target(text) == target


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("10.0.0.5:", "port"),
        ("10.0.0.5:0", "port"),
        ("10.0.0.5:65536", "port"),
        ("10.0.0.5:9999999999999", "port"),
        ("10.0.0.5:９０００", "port"),
        ("10.0.0.5:http", "port"),
        ("a:b:c", "port"),
        ("[10.0.0.5]:9000", "IPv6"),
        ("[fd00::5", "address"),
        ("", "address"),
        ("Line 3", "address"),
        ("-x", "address"),
        ("a..b", "address"),
        ("10.0.0.300", "address"),
        ("10.0.0", "address"),
        ("x" * 300, "address"),
        ("a\x00b", "address"),
        ("http://10.0.0.5/", "port"),
    ],
)
def test_what_is_no_target_gets_a_sentence(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as raised:
        parse_target(text)

    assert str(raised.value).endswith(".")


@given(st.text(max_size=60))
def test_no_text_raises_anything_else(text: str) -> None:
    try:
        host, port = parse_target(text)
    except ValueError:
        return
    assert host
    assert 1 <= port <= 65_535


async def test_a_numeric_address_needs_no_look_up() -> None:
    assert await resolve("10.0.0.5") == ["10.0.0.5"]


async def test_a_name_is_looked_up() -> None:
    assert "127.0.0.1" in await asyncio.wait_for(resolve("localhost"), 10)


async def test_a_name_that_is_none_raises_oserror() -> None:
    with pytest.raises(OSError):  # noqa: PT011 - each system has its own words for it
        await asyncio.wait_for(resolve("x" * 64 + ".invalid"), 10)


@pytest.mark.parametrize("typed", ["fe80::99", "fe80::99%wlan0"])
async def test_a_link_local_address_is_asked_for_on_each_adapter(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    interfaces: list[IPInterface] = [ipaddress.ip_interface(f"fe80::1%eth{number}/64") for number in (0, 1)]
    monkeypatch.setattr(targets, "read_adapters", lambda: [Adapter("eth0", (one,)) for one in interfaces])

    assert await resolve(typed) == ["fe80::99%eth0", "fe80::99%eth1"]
    assert await resolve("fe80::99%eth1") == ["fe80::99%eth1"]
