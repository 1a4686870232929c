import pytest

from lanchat.discovery.last_resort import LastResort
from lanchat.discovery.probe import ProbeError
from tests.discovery.peers import ID_A, answering, host_answer, room_json, serving


def test_link_local_addresses_are_set_aside_where_there_are_others() -> None:
    aside = LastResort()

    assert aside.set_aside(ID_A, ["fe80::5%eth0", "fd00::5", "10.0.0.5"]) == ["fd00::5", "10.0.0.5"]
    assert aside.set_aside(ID_A, ["fe80::5%eth0"]) == ["fe80::5%eth0"]
    assert aside.set_aside(None, ["fe80::5%eth0", "fd00::5"]) == ["fe80::5%eth0", "fd00::5"]


async def test_what_was_set_aside_is_asked_when_the_others_do_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    aside = LastResort()
    async with serving(answering(host_answer(room_json()))) as port:
        monkeypatch.setitem(aside._aside, ID_A, ("127.0.0.1",))  # no fe80 address is sure to be here

        rooms = await aside.ask(["fe80::1"], port, ID_A)

    assert [room.addresses for room in rooms] == [("127.0.0.1",)]


async def test_who_has_nothing_set_aside_is_silent() -> None:
    with pytest.raises(ProbeError):
        await LastResort().ask([], 8100, ID_A)
