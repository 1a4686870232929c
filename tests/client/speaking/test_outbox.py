import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.client.speaking.outbox import MAX_PARTS, WINDOW, Outbox, Outcome
from lanchat.client.speaking.phrasing import Manner, Part, Saying, phrase
from lanchat.protocol.message import Message
from tests.client.lines import MESSAGES, message

ROOM = "#Line-3"


def is_channel(target: str) -> bool:
    return target.startswith("#")


def part(text: str, target: str = ROOM) -> Part:
    return phrase(Saying(target, text), Manner("Ana!a@h"), "r")[0]


def filled(*texts: str) -> Outbox:
    outbox = Outbox()
    for text in texts:
        outbox.put(part(text))
    return outbox


def sent(outbox: Outbox, *, has_labels: bool = False, has_echo: bool = True) -> list[list[Message]]:
    return [messages for _, messages in outbox.due(lambda _: True, has_labels=has_labels, has_echo=has_echo)]


def test_parts_go_out_once_and_in_order() -> None:
    outbox = filled("one", "two")
    assert [messages[0].params[-1] for messages in sent(outbox)] == ["one", "two"]
    assert sent(outbox) == []
    assert len(outbox) == 2


def test_only_so_many_are_out_at_one_time() -> None:
    outbox = filled(*[str(number) for number in range(WINDOW + 5)])
    assert len(sent(outbox)) == WINDOW
    outbox.hear(message(f":Ana!a@h PRIVMSG {ROOM} 0"), is_own=True)
    assert len(sent(outbox)) == 1


def test_what_cannot_be_spoken_to_waits() -> None:
    outbox = filled("one")
    assert outbox.due(lambda _: False, has_labels=False, has_echo=True) == []
    assert len(sent(outbox)) == 1


def test_there_is_a_bound() -> None:
    outbox = filled(*["x"] * (MAX_PARTS - 1))
    assert outbox.free == 1
    outbox.put(part("x"))
    assert outbox.free == 0


def test_an_echo_confirms_the_oldest_of_its_text() -> None:
    outbox = filled("again", "again", "other")
    sent(outbox)
    assert outbox.hear(message(f":Ana!a@h PRIVMSG {ROOM.upper()} again"), is_own=True) == [Outcome(part("again"), True)]
    assert [one.text for one in outbox.waiting] == ["again", "other"]


def test_the_words_of_somebody_else_confirm_nothing() -> None:
    outbox = filled("one")
    sent(outbox)
    assert outbox.hear(message(f":Ben!b@h PRIVMSG {ROOM} one"), is_own=False) == []


def test_a_label_confirms_its_own_part() -> None:
    outbox = filled("one", "two")
    labels = [messages[0].tags["label"] for messages in sent(outbox, has_labels=True)]
    echo = message(f"@label={labels[1]} :Ana!a@h PRIVMSG {ROOM} :something else")
    assert outbox.hear(echo, is_own=True) == [Outcome(part("two"), True)]


def test_a_labelled_refusal_refuses_its_own_part() -> None:
    outbox = filled("one", "two")
    labels = [messages[0].tags["label"] for messages in sent(outbox, has_labels=True)]
    refusal = message(f"@label={labels[1]} :host 404 Ana {ROOM} :Cannot send to channel")
    assert outbox.hear(refusal, is_own=False) == [Outcome(part("two"), False)]


def test_a_labelled_answer_in_several_messages_confirms_at_its_end() -> None:
    outbox = filled("one")
    [[first]] = sent(outbox, has_labels=True)
    lines = [
        f"@label={first.tags['label']} :host BATCH +b labeled-response",
        f"@batch=b :Ana!a@h PRIVMSG {ROOM} one",
        "@batch=b :host 301 Ana Ben :lunch",
    ]
    assert [outbox.hear(message(line), is_own=":Ana!" in line) for line in lines] == [[], [], []]
    assert outbox.hear(message(":host BATCH -b"), is_own=False) == [Outcome(part("one"), True)]


def test_a_refusal_inside_a_labelled_answer_counts() -> None:
    outbox = filled("one")
    [[first]] = sent(outbox, has_labels=True)
    outbox.hear(message(f"@label={first.tags['label']} :host BATCH +b labeled-response"), is_own=False)
    refusal = message(f"@batch=b :host 404 Ana {ROOM} :Cannot send")
    assert outbox.hear(refusal, is_own=False) == [Outcome(part("one"), False)]
    assert outbox.hear(message(":host BATCH -b"), is_own=False) == []


@pytest.mark.parametrize("line", [f":host 404 Ana {ROOM} :no", ":host 417 Ana :Input line was too long"])
def test_a_refusal_without_a_label_is_about_the_oldest(line: str) -> None:
    outbox = filled("one", "two")
    sent(outbox)
    assert outbox.hear(message(line), is_own=False) == [Outcome(part("one"), False)]


def test_a_refusal_about_somebody_else_is_not_ours() -> None:
    outbox = filled("one")
    sent(outbox)
    assert outbox.hear(message(":host 401 Ana Zoe :No such nick"), is_own=False) == []


def test_where_nothing_is_echoed_a_ping_confirms() -> None:
    outbox = filled("one")
    [[_, ping]] = sent(outbox, has_echo=False)
    assert ping.command == "PING"
    assert outbox.hear(Message("PONG", ("host", ping.params[0])), is_own=False) == [Outcome(part("one"), True)]


def test_a_batch_is_confirmed_by_its_echo() -> None:
    outbox = Outbox()
    manner = Manner("Ana!a@h", {"batch": "", "draft/multiline": ""})
    [several] = phrase(Saying(ROOM, "one\ntwo"), manner, "r")
    outbox.put(part("one"))
    outbox.put(several)
    sent(outbox)
    echo = message(f":Ana!a@h BATCH +x draft/multiline {ROOM}")
    assert outbox.hear(echo, is_own=True) == [Outcome(several, True)]


def test_what_was_out_when_the_connection_broke_goes_out_again() -> None:
    outbox = filled("one", "two")
    sent(outbox)
    outbox.disconnected()
    assert sent(outbox) == []
    assert outbox.settle({}, is_channel) == []
    assert [messages[0].params[-1] for messages in sent(outbox)] == ["one", "two"]


def test_what_the_host_replays_has_arrived() -> None:
    outbox = filled("same", "same", "other")
    sent(outbox)
    outbox.disconnected()
    assert outbox.settle({ROOM.lower(): ["same"]}, is_channel) == [Outcome(part("same"), True)]
    assert [messages[0].params[-1] for messages in sent(outbox)] == ["same", "other"]


def test_what_was_never_out_is_not_taken_for_arrived() -> None:
    outbox = filled("same")
    outbox.disconnected()
    assert outbox.settle({ROOM.lower(): ["same"]}, is_channel) == []
    assert len(sent(outbox)) == 1


def test_a_target_that_is_closed_gives_its_parts_back() -> None:
    outbox = filled("one")
    outbox.put(part("psst", "Ben"))
    assert outbox.fail(ROOM) == [Outcome(part("one"), False)]
    assert [one.target for one in outbox.waiting] == ["Ben"]


@given(st.lists(st.tuples(MESSAGES, st.booleans()), max_size=40), st.booleans())
def test_whatever_a_host_answers_each_part_ends_once(answers: list[tuple[Message, bool]], has_labels: bool) -> None:
    outbox = filled("Ana", "Ben", "m1")
    sent(outbox, has_labels=has_labels)
    outcomes = [outcome for one, is_own in answers for outcome in outbox.hear(one, is_own=is_own)]
    assert sorted(one.text for one in (*outbox.waiting, *[outcome.part for outcome in outcomes])) == [
        "Ana",
        "Ben",
        "m1",
    ]


def test_a_doubtful_whisper_is_given_up_rather_than_said_twice() -> None:
    outbox = Outbox()
    outbox.put(part("psst", "Ben"))
    sent(outbox)
    outbox.disconnected()
    assert outbox.settle({}, is_channel) == [Outcome(part("psst", "Ben"), False)]
    assert sent(outbox) == []


def test_the_same_words_without_the_label_confirm_nothing_that_has_one() -> None:
    outbox = filled("ok")
    sent(outbox, has_labels=True)
    assert outbox.hear(message(f":Ana!a@h PRIVMSG {ROOM} ok"), is_own=True) == []
