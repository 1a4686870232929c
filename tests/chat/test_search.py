"""SEARCH over a network in memory (soju.im/search). Which words find which texts: tests/chat/test_folding.py."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lanchat.chat.state.history import Answer
from lanchat.limits import MAX_SEARCH_RESULTS, MAX_SEARCHED_IN_MEMORY
from lanchat.protocol.message import Message, parse_message
from tests.chat.rig import START, Client, Rig

CAPS = "soju.im/search message-tags server-time batch labeled-response echo-message standard-replies"


def told(client: Client, line: str) -> list[Message]:
    """Ask, and return what stands in the batch."""
    start, *inner, end = client.ask(line)
    reference = start.params[0][1:]
    assert (start.command, start.params) == ("BATCH", (f"+{reference}", "soju.im/search"))
    assert end.params == (f"-{reference}",)
    assert all("batch" in message.tags for message in inner)
    return inner


def texts(client: Client, line: str) -> list[str]:
    return [message.params[1] for message in told(client, line) if message.command in ("PRIVMSG", "NOTICE")]


def room(*lines: str, caps: str = CAPS) -> tuple[Rig, Client]:
    """Return somebody in #a who has said lines, a second apart."""
    rig = Rig(is_exact=True)
    zoe = rig.client("zoe", caps=caps)
    zoe.ask("JOIN #a")
    for line in lines:
        rig.now += 1
        zoe.ask(f"PRIVMSG #a :{line}")
    return rig, zoe


def at(seconds: int) -> str:
    return f"2023-11-14T22:13:{20 + seconds:02d}.000Z"


# ---- Attributes ------------------------------------------------------------------------------------------------------


def test_what_has_the_words_is_found_as_it_was_said() -> None:
    """soju search: "containing messages matching all the specified attributes"; "SHOULD be ascending time order"."""
    _, zoe = room("That was fast!", "No.", "Fast cars, FAST food")
    inner = told(zoe, "SEARCH in=#A;text=fast")
    assert [message.params for message in inner] == [("#a", "That was fast!"), ("#a", "Fast cars, FAST food")]
    assert [message.source for message in inner] == ["zoe!~username@10.0.0.9"] * 2
    assert [message.tags["time"] for message in inner] == [at(1), at(3)]
    msgids = [message.tags["msgid"] for message in zoe.ask("PRIVMSG #a :fast")]
    assert [message.tags["msgid"] for message in told(zoe, "SEARCH text=fast;limit=1")] == msgids


def test_a_text_may_have_spaces_and_semicolons_as_tags_have() -> None:
    _, zoe = room("press four; then wait", "four press")
    assert texts(zoe, r'SEARCH text="press\sfour\:";in=#a') == ["press four; then wait"]
    assert texts(zoe, 'SEARCH :in=#a;text="press four"') == ["press four; then wait"]


def test_by_whom() -> None:
    """ "the message was sent with this nick"."""
    rig, zoe = room("one")
    ana = rig.client("Ana", caps=CAPS)
    ana.ask("JOIN #a", "PRIVMSG #a :two", "NICK Anna", "PRIVMSG #a :three")
    assert texts(zoe, "SEARCH from=ANA") == ["two"]
    assert texts(zoe, "SEARCH from=anna;text=three") == ["three"]
    assert texts(zoe, "SEARCH from=nobody") == []


def test_from_a_time_on_and_up_to_one() -> None:
    """ "sent at or after this time", "at or before this time"."""
    _, zoe = room("one", "two", "three", "four")
    assert texts(zoe, f"SEARCH after={at(2)};before={at(3)}") == ["two", "three"]
    assert texts(zoe, f"SEARCH after={at(2)}") == ["two", "three", "four"]
    assert texts(zoe, f"SEARCH before={at(1)}") == ["one"]
    assert texts(zoe, "SEARCH before=1970-01-01T00:00:00.000Z") == []
    assert texts(zoe, "SEARCH after=0001-01-01T00:00:00.000Z;before=9999-12-31T23:59:59.999Z;limit=1") == ["one"]


def test_how_many_are_told_from_the_first_time_on_or_the_last() -> None:
    """ "If `after` is specified, messages SHOULD be searched from that time. Otherwise […] from the `before` time"."""
    _, zoe = room("one", "two", "three", "four")
    assert texts(zoe, "SEARCH limit=2") == ["three", "four"]
    assert texts(zoe, f"SEARCH limit=2;before={at(3)}") == ["two", "three"]
    assert texts(zoe, f"SEARCH limit=2;after={at(1)}") == ["one", "two"]


def test_no_more_than_a_hundred_are_told() -> None:
    _, zoe = room(*["x"] * (MAX_SEARCH_RESULTS + 5))
    assert len(texts(zoe, "SEARCH text=x;limit=500")) == len(texts(zoe, "SEARCH text=x")) == MAX_SEARCH_RESULTS


def test_where_nothing_is_found_the_batch_is_empty() -> None:
    """ "the server SHOULD return an empty batch in order to avoid the client waiting for a reply"."""
    _, zoe = room("one")
    for line in ("text=two", 'text="', "text=*", "text=-", "from=zoe;text=?!"):
        assert told(zoe, f"SEARCH {line}") == []


def test_only_what_was_said_is_found() -> None:
    """ "These messages MUST be `PRIVMSG` or `NOTICE` messages"."""
    _, zoe = room("fast")
    zoe.ask("TOPIC #a :fast", "NOTICE #a :fast too", "@+draft/react=fast TAGMSG #a")
    assert [message.command for message in told(zoe, "SEARCH text=fast")] == ["PRIVMSG", "NOTICE"]


def test_what_was_taken_back_is_not_found() -> None:
    rig, zoe = room("secret")
    zoe.ask(f"REDACT #a {rig.last_msgid}")
    assert told(zoe, "SEARCH text=secret") == []


def test_a_message_of_several_lines_is_found_as_one() -> None:
    _, zoe = room(caps=f"{CAPS} draft/multiline")
    zoe.ask("BATCH +1 draft/multiline #a", "@batch=1 PRIVMSG #a :one", "@batch=1 PRIVMSG #a :two", "BATCH -1")
    start, *lines, end = told(zoe, "SEARCH text=one\\stwo;limit=1")
    assert start.params[1:] == ("draft/multiline", "#a")
    assert [line.params[1] for line in lines] == ["one", "two"]
    assert end.command == "BATCH"


# ---- Whose -----------------------------------------------------------------------------------------------------------


def test_without_a_target_all_is_searched_that_one_may_read() -> None:
    rig, zoe = room("word in a")
    ana, bo = rig.client("ana", caps=CAPS), rig.client("bo", caps=CAPS)
    ana.ask("JOIN #b", "PRIVMSG #b :word in b", "PRIVMSG zoe :word to zoe", "PRIVMSG bo :word to bo")
    zoe.ask("PRIVMSG ana :word back")
    assert texts(zoe, "SEARCH text=word") == ["word in a", "word to zoe", "word back"]
    assert texts(ana, "SEARCH text=word") == ["word in b", "word to zoe", "word to bo", "word back"]
    assert texts(bo, "SEARCH text=word") == ["word to bo"]
    assert texts(bo, "SEARCH from=ana") == ["word to bo"]
    assert texts(rig.client("eve", caps=CAPS), "SEARCH text=word") == []


def test_what_two_said_is_addressed_as_both_are_called_now() -> None:
    rig, zoe = room()
    ana = rig.client("ana", caps=CAPS)
    zoe.ask("PRIVMSG ana :word one")
    ana.ask("PRIVMSG zoe :word two", "NICK anna")
    for line in ("SEARCH text=word", "SEARCH text=word;in=anna"):
        assert [message.params for message in told(zoe, line)] == [("anna", "word one"), ("zoe", "word two")]
    assert [message.params[0] for message in told(ana, "SEARCH text=word")] == ["anna", "zoe"]


def test_who_takes_a_name_over_finds_nothing_of_what_was_said_under_it() -> None:
    rig, zoe = room()
    bo = rig.client("bo", caps=CAPS)
    zoe.ask("PRIVMSG bo :secret")
    bo.send("QUIT")
    thief = rig.client("bo", caps=CAPS)
    for line in ("SEARCH text=secret", "SEARCH text=secret;in=zoe", "SEARCH from=zoe"):
        assert told(thief, line) == []


def test_who_is_given_a_name_that_was_let_go_of_finds_nothing_of_its_former_owners() -> None:
    rig = Rig(is_exact=True)
    ana, bo = (rig.client(nick, caps=f"sasl {CAPS}", account=nick) for nick in ("ana", "bo"))
    ana.ask("PRIVMSG bo :secret")
    assert texts(bo, "SEARCH text=secret") == ["secret"]
    bo.send("QUIT")
    rig.now += 60
    rig.network.accounts.replace([account for account in rig.network.accounts.all() if account.name != "bo"])
    later = rig.client("bo", caps=f"sasl {CAPS}", account="bo", secret="another")
    ana.ask("PRIVMSG bo :another secret")
    for line in ("text=secret", "in=ana", "in=bo"):
        assert texts(later, f"SEARCH {line}") == (["another secret"] if line != "in=bo" else [])
    assert texts(ana, "SEARCH text=secret") == ["secret", "another secret"]


def test_a_channel_one_is_not_in_is_refused_as_one_that_is_none() -> None:
    rig, zoe = room("word")
    rig.client("other").ask("JOIN #hidden", "MODE #hidden +s", "PRIVMSG #hidden :word")
    hidden, none, nobody = (zoe.numerics(f"SEARCH in={name}") for name in ("#hidden", "#none", "nobody"))
    assert hidden == none == nobody
    assert hidden[0][:4] == ("FAIL", "SEARCH", "INVALID_PARAMS", "in")


def test_who_has_left_finds_nothing_of_it_any_more() -> None:
    _, zoe = room("word")
    zoe.ask("PART #a")
    assert told(zoe, "SEARCH text=word") == []


# ---- How it is told --------------------------------------------------------------------------------------------------


def test_a_label_is_on_the_batch() -> None:
    _, zoe = room("one")
    start, *inner, end = zoe.ask("@label=7 SEARCH text=one")
    assert start.tags["label"] == "7"
    assert not any("label" in message.tags for message in [*inner, end])
    assert zoe.ask("@label=8 SEARCH in=#no")[0].tags["label"] == "8"


def test_without_batches_the_messages_bear_their_time_so_as_not_to_look_like_now() -> None:
    """ "limited functionality is available to clients without support for these CAPs"."""
    rig, _ = room("one")
    late = rig.client("late", caps="soju.im/search server-time")
    late.ask("JOIN #a")
    assert late.numerics("SEARCH text=one") == [("PRIVMSG", "#a", "[22:13 UTC] one")]


@pytest.mark.parametrize(
    ("line", "attribute"),
    [
        ("text=x;limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=٣", "limit"),
        ("limit=" + "9" * 300, "limit"),
        ("limit", "limit"),
        ("text=", "text"),
        ("after=yesterday", "after"),
        ("before=2023-13-45T22:13:20.000Z", "before"),
        ("before=2023-11-14", "before"),
        ("in=#none", "in"),
        ("in=@#a", "in"),
        ("form=zoe", "form"),
        ("two words", "two"),
    ],
)
def test_what_cannot_be_understood_is_told_by_its_attribute(line: str, attribute: str) -> None:
    """ "If the selectors were invalid, the `INVALID_PARAMS` error code SHOULD be returned"."""
    _, zoe = room("one")
    ((command, *params),) = zoe.numerics(f"SEARCH {line}")
    assert (command, *params[:3]) == ("FAIL", "SEARCH", "INVALID_PARAMS", attribute)


def test_what_could_not_be_looked_up_is_told_as_an_error_of_ours() -> None:
    """ "If the search cannot be run due to an internal error, the `INTERNAL_ERROR` error code SHOULD be returned"."""
    rig, zoe = room("one")
    rig.network.history.answer = lambda query: Answer(failure="MESSAGE_ERROR")  # type: ignore[method-assign]
    assert zoe.numerics("SEARCH text=one")[0][:3] == ("FAIL", "SEARCH", "INTERNAL_ERROR")


def test_where_not_all_was_looked_through_it_is_told() -> None:
    rig, zoe = room("one")
    answer = rig.network.history.answer
    rig.network.history.answer = lambda query: Answer(is_partial=True)  # type: ignore[method-assign]
    note, start, end = zoe.ask("SEARCH text=one")
    assert (note.command, *note.params[:2]) == ("NOTE", "SEARCH", "INCOMPLETE")
    assert (start.command, end.command) == ("BATCH", "BATCH")
    whole = zoe.ask("@label=3 SEARCH text=one")
    assert whole[0].params[1:] == ("labeled-response",)
    assert [message.command for message in whole] == ["BATCH", "NOTE", "BATCH", "BATCH", "BATCH"]
    rig.network.history.answer = answer  # type: ignore[method-assign]


def test_of_what_is_in_memory_so_much_is_looked_through_as_takes_a_moment() -> None:
    rig = Rig(is_exact=True, rooms=())
    zoe = rig.client("zoe", caps=CAPS)
    for number in range(MAX_SEARCHED_IN_MEMORY // 500 + 1):
        zoe.ask(f"JOIN #{number}")
        other = rig.client(f"other{number}", address=f"10.0.1.{number}")
        other.ask(f"JOIN #{number}", *[f"PRIVMSG #{number} :word {number}"] * 500)
    assert zoe.numerics("SEARCH text=0;limit=1")[0][:3] == ("NOTE", "SEARCH", "INCOMPLETE")
    assert texts(zoe, "SEARCH text=0;limit=1;in=#0") == ["word 0"]
    assert texts(zoe, "SEARCH text=1;limit=1") == ["word 1"]


def test_where_it_cannot_be_searched_it_is_not_offered() -> None:
    rig = Rig()
    type(rig.network.history).is_searchable = property(lambda _: False)  # type: ignore[assignment,method-assign]
    try:
        zoe = rig.client("zoe", caps="batch")
        offered = " ".join(params[-1] for params in zoe.numerics("CAP LS 302"))
        assert "soju.im/search" not in offered
        assert zoe.numerics("CAP REQ soju.im/search")[0][2:] == ("NAK", "soju.im/search")
        assert zoe.numerics("SEARCH text=x")[0][0] == "421"
    finally:
        type(rig.network.history).is_searchable = property(lambda _: True)  # type: ignore[assignment,method-assign]
    assert "soju.im/search" in " ".join(params[-1] for params in zoe.numerics("CAP LS 302"))


def test_nothing_is_told_before_registering() -> None:
    assert Rig().client().numerics("SEARCH text=x")[0][0] == "451"


# ---- Whatever is asked -----------------------------------------------------------------------------------------------

_VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=300) | st.sampled_from(
    ['"', "-x", "AND", "text:", "*", "a*", '"a', "NEAR(a b)", "東京", "#a", "zoe", at(1), "5", "(", "^a", "a OR", "\\"]
)
_ASKED = st.dictionaries(
    st.sampled_from(["in", "from", "after", "before", "text", "limit", "other", ""]), _VALUES, max_size=6
)


@settings(deadline=None, max_examples=200)
@given(asked=_ASKED, is_colon=st.booleans())
@example(asked={"text": "\0"}, is_colon=True)
def test_whatever_is_asked_is_answered(asked: dict[str, str], *, is_colon: bool) -> None:
    _, zoe = room("one", "東京 a AND b", 'he said "x"')
    colon = ":" if is_colon else ""
    line = f"SEARCH {colon}" + ";".join(f"{name}={value}" for name, value in asked.items())
    zoe.raw = b""
    zoe.send(line)
    *lines, rest = zoe.raw.split(b"\r\n")
    assert rest == b""
    commands = [parse_message(answer, 8191).command for answer in lines]
    assert commands
    assert set(commands) <= {"BATCH", "PRIVMSG", "FAIL", "461", "417", "NOTICE"}
    assert zoe.numerics("PING 1")[0][0] == "PONG"


def test_what_it_takes_is_charged() -> None:
    rig = Rig(is_exact=True, is_flood_limited=True)
    zoe = rig.client("zoe", caps=CAPS)
    answer = rig.network.history.answer
    rig.network.history.answer = lambda query: Answer(took_s=1.0)  # type: ignore[method-assign]
    zoe.ask("SEARCH text=one")
    assert zoe.session.allowance
    assert zoe.session.allowance.wait_s(START) > 10
    rig.network.history.answer = answer  # type: ignore[method-assign]
