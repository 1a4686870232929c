import pytest

from tests.chat.rig import Rig


@pytest.mark.parametrize("command", ["PRIVMSG", "NOTICE"])
@pytest.mark.parametrize("timed", ["", " server-time"])
@pytest.mark.parametrize("is_alone", [True, False])
def test_what_one_says_comes_back(command: str, timed: str, *, is_alone: bool) -> None:
    """IRCv3 echo-message: "servers MUST send PRIVMSG and NOTICE messages back to the client that sent them"."""
    rig = Rig()
    baz = rig.client("baz", caps=f"echo-message{timed}")
    baz.ask("JOIN #chan")
    qux = rig.client("qux", caps=timed.strip())
    if not is_alone:
        qux.ask("JOIN #chan")
        baz.lines()
    (echo,) = baz.ask(f"{command} #chan :hello everyone")
    heard = qux.read()
    assert (echo.command, echo.params) == (command, ("#chan", "hello everyone"))
    assert echo.source == "baz!~username@10.0.0.9"
    assert set(echo.tags) == ({"time"} if timed else set())
    assert heard == ([] if is_alone else [echo])


def test_without_the_capability_nothing_comes_back() -> None:
    rig = Rig()
    baz = rig.client("baz")
    baz.ask("JOIN #chan")
    assert baz.ask("PRIVMSG #chan :hi", "NOTICE #chan :hi") == []


def test_a_direct_message_comes_back_with_the_tags_and_id_it_was_delivered_with() -> None:
    """IRCv3 message-ids: "clients need to know the IDs for their own messages as well"."""
    rig = Rig()
    bar = rig.client("bar", caps="batch labeled-response echo-message message-tags")
    qux = rig.client("qux", caps="batch labeled-response echo-message message-tags")
    (echo,) = bar.ask("@label=xyz;+example-client-tag=example-value PRIVMSG qux :hi there")
    (heard,) = qux.read()
    assert echo.params == heard.params == ("qux", "hi there")
    assert echo.tags == {"label": "xyz", "msgid": heard.tags["msgid"], "+example-client-tag": "example-value"}
    assert heard.tags == {"msgid": echo.tags["msgid"], "+example-client-tag": "example-value"}


def test_a_tagmsg_comes_back_to_those_who_agreed_on_tags() -> None:
    """IRCv3 echo-message: with message-tags, "the same rules apply to TAGMSG messages"."""
    rig = Rig()
    tagged = rig.client("tagged", caps="echo-message message-tags")
    tagged.ask("JOIN #a")
    assert [message.command for message in tagged.ask("@+typing=active TAGMSG #a")] == ["TAGMSG"]
    untagged = rig.client("untagged", caps="echo-message")
    untagged.ask("JOIN #a")
    assert untagged.ask("@+typing=active TAGMSG #a") == []


def test_what_was_refused_does_not_come_back() -> None:
    """IRCv3 echo-message: the echo "acts as an acknowledgement that the message has been delivered to the server"."""
    rig = Rig()
    rig.client("op").ask("JOIN #a", "MODE #a +m")
    foo = rig.client("foo", caps="echo-message")
    foo.ask("JOIN #a")
    assert [message.command for message in foo.ask("PRIVMSG #a :hi", "NOTICE #a :hi", "PRIVMSG nobody :hi")] == [
        "404",
        "401",
    ]


def test_a_target_comes_back_as_it_was_relayed() -> None:
    """IRCv3 echo-message: "they MUST send the final version of the message back"."""
    rig = Rig()
    rig.client("Qux")
    foo = rig.client("foo", caps="echo-message")
    assert [message.params for message in foo.ask("PRIVMSG qUX :hi")] == [("Qux", "hi")]


def test_an_echo_comes_once_for_each_target_and_before_the_word_that_somebody_is_away() -> None:
    rig = Rig()
    rig.client("bar").ask("AWAY :lunch")
    foo = rig.client("foo", caps="echo-message")
    assert foo.numerics("PRIVMSG bar,foo2,bar :hi") == [
        ("PRIVMSG", "bar", "hi"),
        ("301", "foo", "bar", "lunch"),
        ("401", "foo", "foo2", "No such name"),
    ]
