import pytest

from lanchat.client.connection.barriers import Barriers
from lanchat.protocol.message import Message
from tests.client.lines import message


def raised(count: int) -> Barriers:
    barriers = Barriers()
    for _ in range(count):
        barriers.raise_next()
    return barriers


def test_a_barrier_is_passed_with_all_before_it() -> None:
    barriers = raised(3)
    assert barriers.hear(message(":host PONG host barrier-2"))
    assert barriers.passed == 2
    assert not barriers.hear(message(":host PONG host barrier-1"))
    assert barriers.raise_next() == Message("PING", ("barrier-4",))


_NINES = "9" * 5_000


@pytest.mark.parametrize(
    "token", ["barrier-3", "barrier-0", "barrier-", "barrier-x", "barrier-1²", f"barrier-{_NINES}"]
)
def test_nothing_else_passes_one(token: str) -> None:
    barriers = raised(2)
    assert not barriers.hear(Message("PONG", ("host", token)))
    assert not barriers.hear(Message("PING", ("barrier-1",)))
    assert barriers.passed == 0
