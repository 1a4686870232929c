import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.chat.commands.table import COMMANDS
from lanchat.chat.state.flood import Allowances, Bucket, prefix_of
from lanchat.limits import (
    FLOOD_BURST,
    FLOOD_BURST_OF_ADDRESS,
    FLOOD_BURST_OF_PREFIX,
    FLOOD_MAX_DEBT,
    FLOOD_PER_S,
    FLOOD_PER_S_OF_PREFIX,
)
from lanchat.protocol.message import parse_message
from tests.chat.rig import START, Client, Rig


def wait_s(client: Client) -> float:
    assert client.session.allowance is not None
    return client.session.allowance.wait_s(START)


def test_a_burst_is_no_flood() -> None:
    bucket = Bucket(START)
    for _ in range(int(FLOOD_BURST)):
        assert bucket.wait_s(START) == 0.0
        bucket.spend(1.0)
    assert bucket.wait_s(START) == 0.0


def test_after_a_burst_one_waits_for_each_command() -> None:
    bucket = Bucket(START)
    bucket.spend(FLOOD_BURST + 1.0)
    assert bucket.wait_s(START) == 1.0 / FLOOD_PER_S
    assert bucket.wait_s(START + 1.0 / FLOOD_PER_S) == 0.0


def test_pauses_fill_it_up_to_a_burst() -> None:
    bucket = Bucket(START)
    bucket.spend(FLOOD_BURST)
    bucket.wait_s(START + 86_400)
    bucket.spend(FLOOD_BURST + 1.0)
    assert bucket.wait_s(START + 86_400) == 1.0 / FLOOD_PER_S


@given(st.lists(st.tuples(st.floats(0, 900), st.floats(-10, 10)), max_size=30))
def test_whatever_the_clock_does_nobody_waits_longer_than_a_minute(steps: list[tuple[float, float]]) -> None:
    bucket, now, spent = Bucket(START), START, 0.0
    for cost, step in steps:
        now += step
        bucket.spend(cost)
        spent += cost
        assert 0.0 <= bucket.wait_s(now) <= min(spent, FLOOD_MAX_DEBT) / FLOOD_PER_S
    assert FLOOD_MAX_DEBT / FLOOD_PER_S == 60.0


def said_in(seconds: float, allowances: Allowances, addresses: list[str], lines_a_connection: int = 36) -> int:
    """How many lines get through by connecting again and again, from these addresses in turn."""
    now, said, turn = START, 0, 0
    while now < START + seconds:
        allowance = allowances.of(addresses[turn % len(addresses)], now)
        allowance.spend(1.0)
        for _ in range(lines_a_connection):
            now += allowance.wait_s(now)
            said += now < START + seconds
            allowance.spend(1.0)
        turn += 1
    return said


def test_one_address_is_heard_five_times_a_second_however_often_it_connects() -> None:
    assert said_in(600.0, Allowances(), ["10.0.0.9"]) <= FLOOD_BURST_OF_ADDRESS + 600 * FLOOD_PER_S
    assert said_in(600.0, Allowances(), ["2001:db8::1"]) <= FLOOD_BURST_OF_ADDRESS + 600 * FLOOD_PER_S


def test_all_addresses_of_a_64_together_have_a_bound() -> None:
    many = [f"2001:db8::{number:x}" for number in range(1, 200)]
    assert said_in(600.0, Allowances(), many) <= FLOOD_BURST_OF_PREFIX + 600 * FLOOD_PER_S_OF_PREFIX


def test_one_of_a_64_leaves_the_others_of_it_their_part() -> None:
    allowances = Allowances()
    loud = allowances.of("fe80::1", START)
    loud.spend(FLOOD_BURST_OF_ADDRESS + 50.0)
    assert loud.wait_s(START) > 0.0
    assert allowances.of("fe80::2", START).wait_s(START) == 0.0
    assert allowances.of("fe80::1", START).wait_s(START) > 0.0, "a new connection of the same address waits, too"


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("10.0.0.9", ""),
        ("not:an:address", ""),
    ],
)
def test_the_prefix_of_an_address_is_its_64(address: str, prefix: str) -> None:
    assert prefix_of(address) == prefix


def test_what_an_address_owes_is_kept_until_it_is_paid() -> None:
    allowances = Allowances()
    allowances.of("10.0.0.9", START).spend(FLOOD_BURST_OF_ADDRESS + 50.0)
    allowances.forget_full(START + 1.0)
    assert allowances.of("10.0.0.9", START + 1.0).wait_s(START + 1.0) == 9.0
    allowances.forget_full(START + 10.0 + FLOOD_BURST_OF_ADDRESS / FLOOD_PER_S)
    assert len(allowances) == 0


def test_every_line_costs_also_one_that_is_refused() -> None:
    for line in ("PRIVMSG nobody :x", "NONSENSE", "KICK", b"\xff\xff", b"x" * 600):
        foo = Rig(is_flood_limited=True).client("foo")
        for _ in range(60):
            foo.send(line)
        assert wait_s(foo) > 0.0, line


def test_it_is_the_same_before_registration() -> None:
    client = Rig(is_flood_limited=True).client()
    for _ in range(300):  # a fifth each
        client.send("CAP LS")
    assert wait_s(client) > 0.0


def test_twenty_people_behind_one_router_come_in_at_once() -> None:
    """What `lanchat join` sends when it comes in, and what its connections cost before."""
    rig = Rig(is_flood_limited=True)
    for number in range(20):
        person = rig.client(address="10.0.0.9")
        for line in (
            *("CAP LS 302", f"NICK p{number}", f"USER p{number} 0 * p", "CAP REQ :batch", "AUTHENTICATE PLAIN"),
            *("AUTHENTICATE x", "AUTHENTICATE SCRAM-SHA-256", "AUTHENTICATE x", "CAP END", "JOIN #Line-3", "PING x"),
            *("CHATHISTORY LATEST #Line-3 * 100", "PING x", "WHO #Line-3", "MARKREAD #Line-3"),
        ):
            person.send(line)
    assert wait_s(person) == 0.0


def test_a_paste_is_heard_at_once_and_paid_for_by_the_line_afterwards() -> None:
    foo = Rig(is_flood_limited=True).client("foo", caps="batch draft/multiline")
    foo.send("BATCH +1 draft/multiline #Line-3", *["@batch=1 PRIVMSG #Line-3 :x"] * 20)
    assert wait_s(foo) == 0.0
    foo.send("BATCH -1")
    assert wait_s(foo) == 0.0
    foo.send("BATCH +2 draft/multiline #Line-3", *["@batch=2 PRIVMSG #Line-3 :x"] * 99)
    assert wait_s(foo) == 0.0, "it is collected, so it is soon heard"
    foo.send("BATCH -2")
    assert 10.0 < wait_s(foo) < 25.0


def test_answering_costs_little_and_searching_much() -> None:
    foo = Rig(is_flood_limited=True).client("foo")
    for _ in range(100):
        foo.send("PONG x")
    assert wait_s(foo) == 0.0
    foo.send(*["WHO *"] * 30)
    assert wait_s(foo) > 0.0


@pytest.mark.parametrize(
    ("line", "price"),
    [
        ("PRIVMSG #a,#b,#c :x, y, z", 3.0),
        ("NOTICE a,A :x", 2.0),
        ("TAGMSG #a,#b", 1.0),
        ("JOIN #a,#b,#c,#d key,key", 4.0),
        ("PART #a,#b", 2.0),
        ("NAMES #a,#b", 4.0),
        ("KICK #a x,y,z", 3.0),
        ("NAMES", 2.0),
        ("PRIVMSG", 1.0),
    ],
)
def test_each_target_has_its_price(line: str, price: float) -> None:
    message = parse_message(line.encode())
    assert COMMANDS[message.command].price(message) == price


def test_a_target_written_twice_is_told_once() -> None:
    rig = Rig()
    foo, bar = rig.channel("#x", "foo", "bar")
    foo.send("MODE #x +v bar")
    bar.read()
    assert len(bar.ask()) == 0
    foo.send("PRIVMSG bar,BAR,Bar :once", "PRIVMSG #x,#X :once", "PRIVMSG +#x,@+#x,+@#X :once")
    assert [message.params[-1] for message in bar.read()] == ["once"] * 3


def test_a_channel_written_twice_is_entered_and_left_once() -> None:
    foo = Rig().client("foo")
    assert [message.command for message in foo.ask("JOIN #x,#X")].count("JOIN") == 1
    assert [message.command for message in foo.ask("PART #x,#X")] == ["PART"]


def test_who_lifts_the_limits_has_none() -> None:
    assert Rig().client("foo").session.allowance is None


def test_a_mask_is_read_in_linear_time() -> None:
    """Twice the text is at most a little more than twice the steps, whatever the mask: they are counted."""

    class Counted(str):
        looks = 0

        def __getitem__(self, key: object) -> str:
            Counted.looks += 1
            return str.__getitem__(self, key)  # type: ignore[index]

    from lanchat.chat.state.masks import Mask

    chars = random.Random(7)
    for _ in range(200):
        mask = Mask("".join(chars.choices("*?ab\\", weights=(3, 3, 3, 1, 1), k=60)))
        Counted.looks = 0
        mask.means(Counted("".join(chars.choices("ab", k=1_000))))
        assert Counted.looks <= 1_100
