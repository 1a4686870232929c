from hypothesis import given
from hypothesis import strategies as st
from zeroconf.asyncio import AsyncServiceInfo

from lanchat.discovery.browse import Browsers, Sighting, sighting_of
from lanchat.discovery.names import SERVICE_TYPE, full_name
from lanchat.protocol.text import clean
from tests.discovery.peers import ID_A


def announced(label: str, addresses: list[str], port: int = 8100, **txt: str) -> AsyncServiceInfo:
    return AsyncServiceInfo(
        SERVICE_TYPE, full_name(label), port=port, properties=dict(txt), parsed_addresses=addresses, server="a.local."
    )


def test_an_announcement_tells_name_id_and_place() -> None:
    info = announced("Line 3", ["10.0.0.5", "192.168.1.5"], id=ID_A)

    assert sighting_of("Line 3", info) == Sighting("Line 3", ID_A, ("10.0.0.5", "192.168.1.5"), 8100, "a.local.")


def test_the_true_name_is_taken_from_the_txt_record() -> None:
    sighting = sighting_of("Halle 2\u20245", announced("Halle 2\u20245", ["10.0.0.5"], n="Halle 2.5", id=ID_A))

    assert sighting is not None
    assert sighting.name == "Halle 2.5"


def test_nobody_sends_us_to_our_own_loopback() -> None:
    assert sighting_of("x", announced("x", ["127.0.0.1"])) is None
    assert sighting_of("x", announced("x", ["127.0.0.1", "10.0.0.5"])) == Sighting(
        "x", None, ("10.0.0.5",), 8100, "a.local."
    )


def test_an_announcement_that_leads_nowhere_is_none() -> None:
    assert sighting_of("x", announced("x", [])) is None
    assert sighting_of("x", announced("x", ["10.0.0.5"], port=0)) is None


def test_a_crowd_of_addresses_is_cut() -> None:
    sighting = sighting_of("x", announced("x", [f"10.0.0.{number}" for number in range(1, 100)]))

    assert sighting is not None
    assert len(sighting.addresses) == 64


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_foreign_label_is_cleaned(label: str, name: str) -> None:
    sighting = sighting_of(label, announced("x", ["10.0.0.5"], n=name))

    assert sighting is not None
    assert clean(sighting.name) == sighting.name
    assert len(sighting.name.encode()) <= 68


async def test_without_any_address_no_browser_starts() -> None:
    browsers = Browsers(lambda *_: None, lambda _: None)

    assert browsers.start([]) == 0
    await browsers.close()


async def test_an_address_that_cannot_be_used_starts_no_browser_and_raises_nothing() -> None:
    browsers = Browsers(lambda *_: None, lambda _: None)  # the address is of a documentation network

    assert browsers.start(["192.0.2.1"]) == 0
    await browsers.close()


def test_an_fe80_address_has_the_scope_of_the_adapter_that_it_was_heard_on() -> None:
    info = announced("x", ["fe80::5", "fd00::5"])
    heard = AsyncServiceInfo(
        info.type, info.name, port=8100, parsed_addresses=["fe80::5", "fd00::5"], interface_index=77
    )

    sighting = sighting_of("x", heard)

    assert sighting is not None
    assert set(sighting.addresses) == {"fe80::5%77", "fd00::5"}
