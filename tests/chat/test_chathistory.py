"""CHATHISTORY over a network in memory. The same questions over a store: tests/store/test_history.py."""

import pytest

from lanchat.limits import MAX_HISTORY_PAGE
from lanchat.protocol.message import Message
from tests.chat.rig import START, Client, Rig

CAPS = "draft/chathistory message-tags server-time batch labeled-response echo-message"
PLAYBACK = f"{CAPS} draft/event-playback extended-join"


def told(client: Client, line: str) -> list[Message]:
    """Ask, and return what stands in the batch, which is taken apart by its own rules."""
    start, *inner, end = client.ask(line)
    assert start.command == end.command == "BATCH"
    reference = start.params[0][1:]
    assert end.params == (f"-{reference}",)
    assert all("batch" in message.tags for message in inner)
    return inner


def texts(client: Client, line: str) -> list[str]:
    return [message.params[1] for message in told(client, line) if message.command == "PRIVMSG"]


def is_end(client: Client, line: str) -> bool:
    return "draft/chathistory-end" in client.ask(line)[0].tags


def talk(count: int = 10, caps: str = CAPS) -> tuple[Rig, Client, list[Message]]:
    """Return somebody in #a who has said the numbers from 0 on, a second apart, and what they were echoed."""
    rig = Rig(is_exact=True)
    zoe = rig.client("zoe", caps=caps)
    zoe.ask("JOIN #a")
    said = []
    for number in range(count):
        rig.now += 1
        said += zoe.ask(f"PRIVMSG #a {number}")
    return rig, zoe, said


def places(message: Message) -> tuple[str, str]:
    return f"msgid={message.tags['msgid']}", f"timestamp={message.tags['time']}"


# ---- Subcommands -----------------------------------------------------------------------------------------------------


def test_latest_are_the_last_ones_oldest_first() -> None:
    """IRCv3 chathistory, "LATEST": "up to `limit` number of the most recent messages"."""
    _, zoe, said = talk()
    start, *inner, _ = zoe.ask("CHATHISTORY LATEST #A * 3")
    assert start.params[1:] == ("chathistory", "#a")
    expected = [{**message.tags, "batch": start.params[0][1:]} for message in said[7:]]
    assert [message.tags for message in inner] == expected
    assert [message.source for message in inner] == ["zoe!~username@10.0.0.9"] * 3


def test_latest_since_a_message_or_a_time() -> None:
    """ "restricted to those sent after and excluding that timestamp or msgid"."""
    _, zoe, said = talk()
    for place in places(said[7]):
        assert texts(zoe, f"CHATHISTORY LATEST #a {place} 50") == ["8", "9"]
        assert texts(zoe, f"CHATHISTORY LATEST #a {place} 1") == ["9"]


def test_before_a_message_or_a_time() -> None:
    """ "before and excluding the given `timestamp` or `msgid`"."""
    _, zoe, said = talk()
    for place in places(said[6]):
        assert texts(zoe, f"CHATHISTORY BEFORE #a {place} 50") == ["0", "1", "2", "3", "4", "5"]
        assert texts(zoe, f"CHATHISTORY BEFORE #a {place} 2") == ["4", "5"]


def test_after_a_message_or_a_time() -> None:
    """ "after and excluding the given `timestamp` or `msgid`"."""
    _, zoe, said = talk()
    for place in places(said[3]):
        assert texts(zoe, f"CHATHISTORY AFTER #a {place} 50") == ["4", "5", "6", "7", "8", "9"]
        assert texts(zoe, f"CHATHISTORY AFTER #a {place} 3") == ["4", "5", "6"]


def test_around_a_message_or_a_time() -> None:
    """ "before and after the `timestamp` or `msgid` with the total number […] not exceeding `limit`"."""
    _, zoe, said = talk()
    for place in places(said[7]):
        assert texts(zoe, f"CHATHISTORY AROUND #a {place} 1") == ["7"]
        assert texts(zoe, f"CHATHISTORY AROUND #a {place} 3") == ["6", "7", "8"]
        assert texts(zoe, f"CHATHISTORY AROUND #a {place} 6") == ["4", "5", "6", "7", "8", "9"]
    assert texts(zoe, f"CHATHISTORY AROUND #a {places(said[9])[0]} 5") == ["5", "6", "7", "8", "9"]
    assert texts(zoe, f"CHATHISTORY AROUND #a {places(said[0])[0]} 3") == ["0", "1", "2"]


def test_between_forwards_and_backwards() -> None:
    """ "counted starting from and excluding the first message selector […] forwards or backwards in time"."""
    _, zoe, said = talk()
    for first, last in zip(places(said[0]), places(said[9]), strict=True):
        all_between = [str(number) for number in range(1, 9)]
        assert texts(zoe, f"CHATHISTORY BETWEEN #a {first} {last} 50") == all_between
        assert texts(zoe, f"CHATHISTORY BETWEEN #a {last} {first} 50") == all_between
        assert texts(zoe, f"CHATHISTORY BETWEEN #a {first} {last} 3") == ["1", "2", "3"]
        assert texts(zoe, f"CHATHISTORY BETWEEN #a {last} {first} 3") == ["6", "7", "8"]
        assert texts(zoe, f"CHATHISTORY BETWEEN #a {first} {first} 3") == []


def test_targets_are_where_something_was_said_last_in_that_time() -> None:
    """IRCv3 chathistory, "TARGETS": "ordered by the time of the latest message"."""
    rig, zoe, said = talk(2)
    rig.client("ana", caps=CAPS).ask("JOIN #b")
    zoe.ask("JOIN #b", "JOIN #silent")
    rig.now = START + 60
    zoe.ask("PRIVMSG ana :psst")
    rig.now += 60
    zoe.ask("PRIVMSG #b :hi")
    a, ana, b = (said[1].tags["time"], "2023-11-14T22:14:20.000Z", "2023-11-14T22:15:20.000Z")
    rows = [("TARGETS", "#a", a), ("TARGETS", "ana", ana), ("TARGETS", "#b", b)]
    early, late = "timestamp=2020-01-01T00:00:00.000Z", "timestamp=2262-01-01T00:00:00.000Z"

    def found(first: str, second: str, limit: int) -> list[tuple[str, ...]]:
        return [message.params for message in told(zoe, f"CHATHISTORY TARGETS {first} {second} {limit}")]

    assert zoe.ask(f"CHATHISTORY TARGETS {early} {late} 9")[0].params[1:] == ("draft/chathistory-targets",)
    assert found(early, late, 9) == found(late, early, 9) == rows
    assert found(early, late, 2) == rows[:2]
    assert found(late, early, 2) == rows[1:]
    assert found(f"timestamp={a}", f"timestamp={b}", 9) == rows[1:2]
    assert found(early, f"timestamp={said[0].tags['time']}", 9) == []


# ---- What is in an answer --------------------------------------------------------------------------------------------


def test_no_more_are_told_than_005_says() -> None:
    _, zoe, _ = talk(MAX_HISTORY_PAGE + 5)
    assert len(texts(zoe, "CHATHISTORY LATEST #a * 500")) == MAX_HISTORY_PAGE
    tokens = [word for line in zoe.numerics("VERSION") for word in line]
    assert f"CHATHISTORY={MAX_HISTORY_PAGE}" in tokens


def test_where_nothing_is_left_the_batch_says_so() -> None:
    """draft/chathistory-end: a short page is no sign, as a client cannot know what the server left out."""
    _, zoe, said = talk()
    first, fifth, last = (places(said[number])[0] for number in (0, 5, 9))
    assert is_end(zoe, "CHATHISTORY LATEST #a * 10")
    assert not is_end(zoe, "CHATHISTORY LATEST #a * 9")
    assert is_end(zoe, f"CHATHISTORY BEFORE #a {fifth} 5")
    assert not is_end(zoe, f"CHATHISTORY BEFORE #a {fifth} 4")
    assert is_end(zoe, f"CHATHISTORY AFTER #a {fifth} 4")
    assert not is_end(zoe, f"CHATHISTORY AFTER #a {fifth} 3")
    assert is_end(zoe, f"CHATHISTORY BETWEEN #a {first} {last} 8")
    assert not is_end(zoe, f"CHATHISTORY BETWEEN #a {last} {first} 7")
    assert is_end(zoe, f"CHATHISTORY AROUND #a {fifth} 10")
    assert not is_end(zoe, f"CHATHISTORY AROUND #a {fifth} 9")


def test_an_answer_is_no_longer_than_may_wait_for_a_slow_reader() -> None:
    rig, zoe, _ = talk(0, f"{CAPS} draft/multiline")
    for _ in range(30):
        zoe.send("BATCH +1 draft/multiline #a", *["@batch=1 PRIVMSG #a :" + "x" * 400] * 40, "BATCH -1")
    zoe.raw = b""
    zoe.send("CHATHISTORY LATEST #a * 100")
    assert 100_000 < len(zoe.raw) < 400_000
    assert "draft/chathistory-end" not in zoe.read()[0].tags
    assert rig.now == START


def test_a_message_of_several_lines_counts_as_one() -> None:
    _, zoe, _ = talk(3, f"{CAPS} draft/multiline")
    zoe.ask("BATCH +1 draft/multiline #a", "@batch=1 PRIVMSG #a :one", "@batch=1 PRIVMSG #a :two", "BATCH -1")
    first, start, *lines, end = told(zoe, "CHATHISTORY LATEST #a * 2")
    assert first.params == ("#a", "2")
    assert start.params[1:] == ("draft/multiline", "#a")
    assert [line.params[1] for line in lines] == ["one", "two"]
    assert end.command == "BATCH"


def test_what_was_taken_back_is_not_shown_and_one_may_go_on_from_there() -> None:
    _, zoe, said = talk(3)
    msgid = said[1].tags["msgid"]
    zoe.ask(f"REDACT #a {msgid}")
    assert texts(zoe, "CHATHISTORY LATEST #a * 9") == ["0", "2"]
    assert texts(zoe, f"CHATHISTORY AFTER #a msgid={msgid} 9") == ["2"]


def test_who_was_away_learns_what_was_taken_back_meanwhile() -> None:
    _, zoe, said = talk(3, f"{CAPS} draft/message-redaction")
    zoe.ask(f"REDACT #a {said[0].tags['msgid']} :typo")
    messages = told(zoe, f"CHATHISTORY AFTER #a {places(said[1])[0]} 9")
    shown = [(message.command, *message.params) for message in messages]
    assert shown == [("PRIVMSG", "#a", "2"), ("REDACT", "#a", said[0].tags["msgid"], "typo")]


def test_without_event_playback_only_what_was_said_is_told() -> None:
    """ "the server MUST NOT send any lines other than `PRIVMSG` and `NOTICE`"."""
    rig, zoe, _ = talk(1)
    rig.client("ana").ask("JOIN #a")
    zoe.ask("TOPIC #a :tea", "NOTICE #a :note", "@+draft/react=x TAGMSG #a")
    assert [message.command for message in told(zoe, "CHATHISTORY LATEST #a * 9")] == ["PRIVMSG", "NOTICE"]


def test_with_it_all_that_happened_is_told_as_it_was() -> None:
    rig, zoe, _ = talk(1, PLAYBACK)
    ana = rig.client("ana", caps=PLAYBACK, address="10.0.0.7")
    live = ana.ask("JOIN #a")[:1]
    zoe.lines()
    zoe.ask("TOPIC #a :tea", "MODE #a +v ana", "@+draft/react=x;+typing=active TAGMSG #a", "@+typing=active TAGMSG #a")
    live += [message for message in ana.read() if "+typing" not in message.tags or "+draft/react" in message.tags]
    ana.send("NICK anna", "PART #a :bye")
    live += ana.read()
    ana.send("JOIN #a")
    live += ana.read()[:1]
    zoe.lines()
    ana.send("QUIT :off")
    live += zoe.read()
    messages = told(zoe, "CHATHISTORY AFTER #a timestamp=2023-11-14T22:13:21.000Z 50")
    for message in messages:
        message.tags = {tag: value for tag, value in message.tags.items() if tag != "batch"}
    assert messages == live
    commands = [message.command for message in messages]
    assert commands == ["JOIN", "TOPIC", "MODE", "TAGMSG", "NICK", "PART", "JOIN", "QUIT"]


def test_reactions_follow_what_they_are_about_uncounted() -> None:
    """ "MUST be tagged with the `draft/chathistory-context` tag and MUST immediately follow their parent message"."""
    _, zoe, said = talk(4, PLAYBACK)
    first, second = (message.tags["msgid"] for message in said[:2])
    zoe.ask(f"@+draft/react=👍;+reply={first} TAGMSG #a", f"@+draft/react=🎉;+draft/reply={second} TAGMSG #a")
    shown = told(zoe, f"CHATHISTORY BEFORE #a msgid={said[2].tags['msgid']} 2")
    assert [message.tags.get("+draft/react", message.params[-1]) for message in shown] == ["0", "👍", "1", "🎉"]
    assert ["draft/chathistory-context" in message.tags for message in shown] == [False, True, False, True]
    later = told(zoe, f"CHATHISTORY AFTER #a msgid={said[2].tags['msgid']} 9")
    assert [message.command for message in later] == ["PRIVMSG", "TAGMSG", "TAGMSG"]
    assert not any("draft/chathistory-context" in message.tags for message in later)


def test_reactions_are_only_for_those_who_asked_for_events() -> None:
    rig, zoe, said = talk(1, PLAYBACK)
    zoe.ask(f"@+draft/react=👍;+reply={said[0].tags['msgid']} TAGMSG #a")
    ana = rig.client("ana", caps=CAPS)
    ana.ask("JOIN #a")
    assert [message.command for message in told(ana, "CHATHISTORY LATEST #a * 9")] == ["PRIVMSG"]


def test_a_reaction_to_a_message_of_another_conversation_is_not_shown_there() -> None:
    rig, zoe, said = talk(1, PLAYBACK)
    zoe.ask("JOIN #b", f"@+draft/react=👍;+reply={said[0].tags['msgid']} TAGMSG #b")
    assert [message.params for message in told(zoe, "CHATHISTORY AROUND #a msgid=run-1 1")] == [("#a", "0")]
    assert rig.network.channel("#b")


def test_joins_are_told_in_the_way_of_who_asks() -> None:
    rig, zoe, _ = talk(0)
    late = rig.client("late", caps=f"{CAPS} draft/event-playback")
    late.ask("JOIN #a")
    joins = [message.params for message in told(late, "CHATHISTORY LATEST #a * 9")]
    assert joins == [("#a",), ("#a",)]
    assert zoe.session.has("draft/chathistory")


def test_a_label_is_on_the_batch() -> None:
    _, zoe, _ = talk(2)
    start, *inner, end = zoe.ask("@label=7 CHATHISTORY LATEST #a * 9")
    assert start.tags["label"] == "7"
    assert not any("label" in message.tags for message in [*inner, end])
    assert zoe.ask("@label=8 CHATHISTORY LATEST #no * 9")[0].tags["label"] == "8"


def test_without_batches_the_messages_bear_their_time_so_as_not_to_look_like_now() -> None:
    rig, _, _ = talk(2)
    late = rig.client("late", caps="draft/chathistory server-time")
    late.ask("JOIN #a")
    assert late.numerics("CHATHISTORY LATEST #a * 9") == [
        ("PRIVMSG", "#a", "[22:13 UTC] 0"),
        ("PRIVMSG", "#a", "[22:13 UTC] 1"),
    ]


def test_where_nothing_was_said_the_batch_is_empty() -> None:
    """ "the server SHOULD return an empty batch in order to avoid the client waiting for a reply"."""
    _, zoe, _ = talk(0)
    assert told(zoe, "CHATHISTORY LATEST #a * 9") == []


def test_who_can_ask_is_shown_nothing_unasked() -> None:
    """ "the server (or bouncer) SHOULD NOT play back any history that would otherwise be sent automatically"."""
    rig, _, _ = talk(2)
    joined = rig.client("late", caps=CAPS).ask("JOIN #a")
    assert [message.command for message in joined][-1] == "366"


def test_questions_of_programs_to_programs_are_not_kept() -> None:
    _, zoe, _ = talk(0)
    zoe.ask("PRIVMSG #a :\x01VERSION\x01", "NOTICE #a :\x01VERSION x\x01", "PRIVMSG #a :\x01ACTION waves\x01")
    assert texts(zoe, "CHATHISTORY LATEST #a * 9") == ["\x01ACTION waves\x01"]


# ---- What cannot be answered -----------------------------------------------------------------------------------------

_T = "timestamp=2023-11-14T22:13:20.000Z"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("NEWEST #a * 9", ("INVALID_PARAMS", "NEWEST")),
        ("LATEST #a *", ("INVALID_PARAMS", "LATEST")),
        ("LATEST #a * 9 9", ("INVALID_PARAMS", "LATEST")),
        ("BETWEEN #a msgid=x 9", ("INVALID_PARAMS", "BETWEEN")),
        (f"TARGETS {_T} 9", ("INVALID_PARAMS", "TARGETS")),
        ("LATEST #a * 0", ("INVALID_PARAMS", "LATEST", "0")),
        ("LATEST #a * -1", ("INVALID_PARAMS", "LATEST", "-1")),
        ("LATEST #a * ٣", ("INVALID_PARAMS", "LATEST", "٣")),
        ("LATEST #a * " + "9" * 300, ("INVALID_PARAMS", "LATEST", "9" * 300)),
        ("BEFORE #a * 9", ("INVALID_PARAMS", "BEFORE", "*")),
        ("BEFORE #a msgid= 9", ("INVALID_PARAMS", "BEFORE", "msgid=")),
        ("BEFORE #a timestamp=2023-13-45T22:13:20.000Z 9", ("INVALID_PARAMS", "BEFORE")),
        ("BEFORE #a timestamp=yesterday 9", ("INVALID_PARAMS", "BEFORE", "timestamp=yesterday")),
        ("BEFORE #a serial=7 9", ("INVALID_MSGREFTYPE", "BEFORE", "#a", "serial=7")),
        (f"TARGETS msgid=x {_T} 9", ("INVALID_PARAMS", "TARGETS", "msgid=x")),
        ("BEFORE #a msgid=none 9", ("MESSAGE_ERROR", "BEFORE", "#a", "msgid=none")),
        ("LATEST #b * 9", ("INVALID_TARGET", "LATEST", "#b")),
        ("LATEST #none * 9", ("INVALID_TARGET", "LATEST", "#none")),
        ("LATEST nobody * 9", ("INVALID_TARGET", "LATEST", "nobody")),
        ("LATEST @#a * 9", ("INVALID_TARGET", "LATEST", "@#a")),
    ],
)
def test_what_cannot_be_answered_is_told_in_the_words_of_the_standard(line: str, answer: tuple[str, ...]) -> None:
    """IRCv3 chathistory, "Errors and Warnings"."""
    rig, zoe, _ = talk(1)
    rig.client("other").ask("JOIN #b", "PRIVMSG #b :hi")
    ((command, *params),) = zoe.numerics(f"CHATHISTORY {line}")
    assert (command, *params[: len(answer) + 1]) == ("FAIL", "CHATHISTORY", *answer)


def test_a_channel_one_is_not_in_is_refused_as_one_that_is_none() -> None:
    """ "Servers MUST ensure that users cannot obtain history they are not authorised to view"."""
    rig, zoe, _ = talk(1)
    rig.client("other").ask("JOIN #hidden", "MODE #hidden +s")
    hidden, none = (zoe.numerics(f"CHATHISTORY LATEST #{name} * 9") for name in ("hidden", "nothin"))
    assert [one[:4] + one[5:] for one in hidden] == [one[:4] + one[5:] for one in none]


def test_a_message_of_another_channel_is_no_place_in_this_one() -> None:
    _, zoe, said = talk(1)
    zoe.ask("JOIN #b")
    ((_, _, code, *_),) = zoe.numerics(f"CHATHISTORY AFTER #b {places(said[0])[0]} 9")
    assert code == "MESSAGE_ERROR"


def test_nothing_is_told_before_registering() -> None:
    assert Rig().client().numerics("CHATHISTORY LATEST #a * 9")[0][0] == "451"


# ---- Private talk ----------------------------------------------------------------------------------------------------


def private(rig: Rig, **accounts: str) -> list[Client]:
    return [rig.client(nick, caps=f"sasl {CAPS}", account=account) for nick, account in accounts.items()]


def test_what_two_said_to_each_other_is_for_both() -> None:
    rig = Rig(is_exact=True)
    ana, bo = private(rig, ana="", bo="")
    ana.ask("PRIVMSG bo :one")
    bo.ask("PRIVMSG ana :two")
    assert texts(ana, "CHATHISTORY LATEST BO * 9") == texts(bo, "CHATHISTORY LATEST ana * 9") == ["one", "two"]
    assert ana.ask("CHATHISTORY LATEST BO * 9")[0].params[1:] == ("chathistory", "BO")


def test_what_one_said_to_oneself_is_there_once() -> None:
    (ana,) = private(Rig(is_exact=True), ana="")
    ana.ask("PRIVMSG ana :note")
    assert texts(ana, "CHATHISTORY LATEST ana * 9") == ["note"]


def test_who_takes_a_name_over_sees_nothing_of_what_was_said_under_it() -> None:
    rig = Rig(is_exact=True)
    ana, bo = private(rig, ana="", bo="")
    ana.ask("PRIVMSG bo :secret")
    bo.send("QUIT")
    (thief,) = private(rig, bo="")
    assert texts(thief, "CHATHISTORY LATEST ana * 9") == []
    assert texts(ana, "CHATHISTORY LATEST bo * 9") == []
    wide = "timestamp=2020-01-01T00:00:00.000Z timestamp=2262-01-01T00:00:00.000Z"
    assert told(thief, f"CHATHISTORY TARGETS {wide} 9") == told(ana, f"CHATHISTORY TARGETS {wide} 9") == []


def test_nor_does_who_makes_it_an_account() -> None:
    rig = Rig(is_exact=True)
    ana, bo = private(rig, ana="", bo="")
    ana.ask("PRIVMSG bo :secret")
    bo.send("QUIT")
    (later,) = private(rig, bo="bo")
    assert texts(later, "CHATHISTORY LATEST ana * 9") == []


def test_with_an_account_it_is_there_whenever_one_comes_back() -> None:
    rig = Rig(is_exact=True)
    ana, bo = private(rig, ana="ana", bo="bo")
    ana.ask("PRIVMSG bo :one")
    for client in (ana, bo):
        client.send("QUIT")
    (ana,) = private(rig, anna="ana")
    assert texts(ana, "CHATHISTORY LATEST bo * 9") == ["one"]
    wide = "timestamp=2020-01-01T00:00:00.000Z timestamp=2262-01-01T00:00:00.000Z"
    assert [message.params[1] for message in told(ana, f"CHATHISTORY TARGETS {wide} 9")] == ["bo"]


def test_who_makes_an_account_while_they_are_in_keeps_what_was_said_before() -> None:
    rig = Rig(is_exact=True)
    ana, bo = private(rig, ana="", bo="")
    ana.ask("PRIVMSG bo :before")
    bo.login("bo")
    ana.ask("PRIVMSG bo :after")
    assert texts(bo, "CHATHISTORY LATEST ana * 9") == texts(ana, "CHATHISTORY LATEST bo * 9") == ["before", "after"]
    wide = "timestamp=2020-01-01T00:00:00.000Z timestamp=2262-01-01T00:00:00.000Z"
    assert [message.params[1] for message in told(ana, f"CHATHISTORY TARGETS {wide} 9")] == ["bo"]


def test_who_is_given_a_name_that_was_let_go_of_reads_nothing_of_its_former_owners() -> None:
    rig = Rig(is_exact=True)
    ana, bo = private(rig, ana="ana", bo="bo")
    ana.ask("PRIVMSG bo :secret")
    bo.send("QUIT")
    rig.now += 60
    rig.network.accounts.replace([account for account in rig.network.accounts.all() if account.name != "bo"])
    later = rig.client("bo", caps=f"sasl {CAPS}", account="bo", secret="another")
    for question in ("LATEST ana *", "AROUND ana timestamp=2023-11-14T22:13:20.000Z"):
        assert texts(later, f"CHATHISTORY {question} 9") == []
    wide = "timestamp=2020-01-01T00:00:00.000Z timestamp=2262-01-01T00:00:00.000Z"
    assert told(later, f"CHATHISTORY TARGETS {wide} 9") == []
    ana.ask("PRIVMSG bo :again")
    assert texts(later, "CHATHISTORY LATEST ana * 9") == ["again"]
    assert texts(ana, "CHATHISTORY LATEST bo * 9") == ["secret", "again"]


def test_it_is_addressed_to_the_names_that_both_have_now() -> None:
    """ "Servers may wish to rewrite the sources or targets of messages to correspond to the current nicknames"."""
    rig = Rig(is_exact=True)
    ana, bo = private(rig, ana="", bo="")
    ana.ask("PRIVMSG bo :one")
    bo.ask("PRIVMSG ana :two")
    ana.send("NICK anna")
    bo.send("NICK bob")
    assert [message.params[0] for message in told(ana, "CHATHISTORY LATEST bob * 9")] == ["bob", "anna"]


def test_a_member_opened_channel_of_the_same_name_is_another_one() -> None:
    rig, zoe, said = talk(3)
    zoe.ask("PART #a")
    late = rig.client("late", caps=CAPS)
    late.ask("JOIN #a")
    assert told(late, "CHATHISTORY LATEST #a * 9") == []
    assert late.numerics(f"CHATHISTORY AFTER #a {places(said[0])[0]} 9")[0][2] == "MESSAGE_ERROR"
