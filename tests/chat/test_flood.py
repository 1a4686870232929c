from hypothesis import given
from hypothesis import strategies as st

from lanchat.chat.state.flood import Allowance
from lanchat.limits import FLOOD_BURST, FLOOD_PER_S
from tests.chat.rig import START, Client, Rig


def wait_s(client: Client) -> float:
    assert client.session.allowance is not None
    return client.session.allowance.wait_s(START)


def test_a_burst_is_no_flood() -> None:
    allowance = Allowance(START)
    for _ in range(int(FLOOD_BURST)):
        assert allowance.wait_s(START) == 0.0
        allowance.spend(1.0, START)
    assert allowance.wait_s(START) == 0.0


def test_after_a_burst_one_waits_for_each_command() -> None:
    allowance = Allowance(START)
    allowance.spend(FLOOD_BURST + 1.0, START)
    assert allowance.wait_s(START) == 1.0 / FLOOD_PER_S
    assert allowance.wait_s(START + 1.0 / FLOOD_PER_S) == 0.0


def test_pauses_fill_it_up_to_a_burst() -> None:
    allowance = Allowance(START)
    allowance.spend(FLOOD_BURST, START)
    allowance.spend(FLOOD_BURST + 1.0, START + 86_400)
    assert allowance.wait_s(START + 86_400) == 1.0 / FLOOD_PER_S


@given(st.lists(st.tuples(st.floats(0, 9), st.floats(-10, 10)), max_size=30))
def test_whatever_the_clock_does_nobody_waits_longer_than_what_they_spent(steps: list[tuple[float, float]]) -> None:
    allowance, now, spent = Allowance(START), START, 0.0
    for cost, step in steps:
        now += step
        allowance.spend(cost, now)
        spent += cost
        assert 0.0 <= allowance.wait_s(now) <= spent / FLOOD_PER_S


def test_every_line_costs_also_one_that_is_refused() -> None:
    rig = Rig(is_flood_limited=True)
    for line in ("PRIVMSG nobody :x", "NONSENSE", "KICK", b"\xff\xff", b"x" * 600):
        foo = rig.client("foo")
        for _ in range(60):
            foo.send(line)
        assert wait_s(foo) > 0.0, line
        foo.drop()


def test_it_is_the_same_before_registration() -> None:
    client = Rig(is_flood_limited=True).client()
    for _ in range(60):
        client.send("CAP LS")
    assert wait_s(client) > 0.0


def test_answering_and_pasting_cost_little_and_searching_much() -> None:
    rig = Rig(is_flood_limited=True)
    foo = rig.client("foo", caps="batch draft/multiline")
    foo.send("BATCH +1 draft/multiline #Line-3", *["@batch=1 PRIVMSG #Line-3 :x"] * 99, "BATCH -1")
    assert wait_s(foo) == 0.0
    for _ in range(100):
        foo.send("PONG x")
    assert wait_s(foo) == 0.0
    foo.send(*["WHO *"] * 30)
    assert wait_s(foo) > 0.0


def test_who_lifts_the_limits_has_none() -> None:
    assert Rig().client("foo").session.allowance is None
