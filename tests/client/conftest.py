from collections.abc import AsyncIterator

import pytest

from tests.client.fakehost import FakeHost


@pytest.fixture
async def host(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeHost]:
    monkeypatch.setattr("lanchat.client.connection.link.FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr("lanchat.client.connection.link.MAX_PAUSE_S", 0.05)
    async with FakeHost() as running:
        yield running
