import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import pytest

from lanchat.discovery import last_resort
from lanchat.discovery.last_resort import LastResort
from lanchat.discovery.probe import ProbeError
from lanchat.discovery.rooms import FoundRoom
from tests.discovery.peers import ID_A

Asked = dict[str, Callable[[], Awaitable[list[FoundRoom]]]]


def test_link_local_addresses_are_set_aside_where_there_are_others() -> None:
    aside = LastResort()

    assert aside.set_aside(ID_A, ["fe80::5%eth0", "fd00::5", "10.0.0.5"]) == ["fd00::5", "10.0.0.5"]
    assert aside.set_aside(ID_A, ["fe80::5%eth0"]) == ["fe80::5%eth0"]
    assert aside.set_aside(None, ["fe80::5%eth0", "fd00::5"]) == ["fe80::5%eth0", "fd00::5"]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Return what each address answers, to be filled."""
    answers: Asked = {}

    async def probe_first(addresses: Sequence[str], *_: object, **__: object) -> list[FoundRoom]:
        return await answers[addresses[0]]()

    monkeypatch.setattr(last_resort, "probe_first", probe_first)
    monkeypatch.setattr(last_resort, "LATER_S", 0.05)
    return answers


def room_at(address: str) -> list[FoundRoom]:
    return [FoundRoom(ID_A, "Line 3", "#Line-3", "", 0, False, "", (address,), 8100)]


async def answers(address: str) -> list[FoundRoom]:
    return room_at(address)


async def refuses(why: str) -> list[FoundRoom]:
    raise ProbeError(why)


async def silent_for(seconds: float, why: str) -> list[FoundRoom]:
    await asyncio.sleep(seconds)
    raise ProbeError(why)


async def test_what_was_set_aside_is_asked_when_the_others_refuse_or_keep_silent(asked: Asked) -> None:
    aside = LastResort()
    aside.set_aside(ID_A, ["10.0.0.5", "fe80::5%eth0"])
    asked["fe80::5%eth0"] = partial(answers, "fe80::5%eth0")

    asked["10.0.0.5"] = partial(refuses, "refuses")
    assert await aside.ask(["10.0.0.5"], 8100, ID_A) == room_at("fe80::5%eth0")
    asked["10.0.0.5"] = partial(silent_for, 60.0, "silent")
    assert await aside.ask(["10.0.0.5"], 8100, ID_A) == room_at("fe80::5%eth0")
    assert await aside.ask(["fe80::5%eth0", "10.0.0.5"], 8100, ID_A) == room_at("fe80::5%eth0")


async def test_an_address_that_works_again_goes_before_a_link_local_one_that_answered_last(asked: Asked) -> None:
    asked["10.0.0.5"] = partial(answers, "10.0.0.5")
    asked["fe80::5%eth0"] = partial(answers, "fe80::5%eth0")

    assert await LastResort().ask(["fe80::5%eth0", "10.0.0.5"], 8100, ID_A) == room_at("10.0.0.5")


async def test_of_a_host_that_answers_nowhere_the_first_silence_is_told(asked: Asked) -> None:
    aside = LastResort()
    aside.set_aside(ID_A, ["10.0.0.5", "fe80::5%eth0"])
    asked["10.0.0.5"] = partial(silent_for, 0.2, "did not answer within 2 s")
    asked["fe80::5%eth0"] = partial(refuses, "cannot be reached")

    with pytest.raises(ProbeError, match="did not answer within 2 s"):
        await aside.ask(["10.0.0.5"], 8100, ID_A)


async def test_who_has_no_address_is_silent() -> None:
    with pytest.raises(ProbeError):
        await LastResort().ask([], 8100, ID_A)
