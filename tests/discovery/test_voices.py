from collections.abc import Sequence
from typing import Any

import pytest

from lanchat.discovery import voices
from lanchat.discovery.voices import Voices


class FakeZeroconf:
    """Stands in for an AsyncZeroconf, and for its Zeroconf."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self.addresses = list(addresses)
        self.is_closed = False
        self.zeroconf = self

    async def async_wait_for_start(self) -> None:
        pass

    async def async_update_interfaces(self, addresses: Sequence[str], **_: object) -> None:
        self.addresses = list(addresses)

    async def async_close(self) -> None:
        self.is_closed = True


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[FakeZeroconf]:
    """Return the zeroconfs that are opened; none can be on the network of documentation."""
    opened: list[FakeZeroconf] = []

    def open_zeroconf(addresses: Sequence[str]) -> FakeZeroconf:
        if any(one.startswith("2001:db8") for one in addresses):
            raise OSError("no IPv6 here")
        opened.append(FakeZeroconf(addresses))
        return opened[-1]

    monkeypatch.setattr(voices, "open_zeroconf", open_zeroconf)
    monkeypatch.setattr(voices, "bindable", list)
    return opened


async def test_a_family_that_fails_leaves_the_other_one_heard(opened: list[FakeZeroconf]) -> None:
    made = Voices([])

    assert len(await made.speak_on(["10.0.0.5", "2001:db8::5"])) == 1
    assert [one.addresses for one in opened] == [["10.0.0.5"]]
    assert len(await made.speak_on(["10.0.0.5", "fe80::5%eth0"])) == 1  # tried again at the next change

    with pytest.raises(OSError, match="no IPv6 here"):
        await Voices([]).speak_on(["2001:db8::5"])


async def test_a_family_whose_addresses_went_falls_silent_and_the_other_moves(opened: list[FakeZeroconf]) -> None:
    made = Voices([])
    await made.speak_on(["10.0.0.5", "fe80::5%eth0"])

    assert await made.speak_on(["fe80::5%eth0", "fd00:7::7"]) == []

    assert [one.is_closed for one in opened] == [True, False]
    assert opened[1].addresses == ["fe80::5%eth0", "fd00:7::7"]
    remaining: list[Any] = list(made)
    assert remaining == [opened[1]]
