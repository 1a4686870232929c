import pytest

from lanchat.chat.state.effects import Close, Deliver
from lanchat.limits import MAX_TARGETS
from lanchat.protocol.message import Message
from tests.chat.rig import Client, Rig


def people(rig: Rig, *nicks: str) -> list[Client]:
    return [rig.client(nick) for nick in nicks]


def test_a_message_to_a_person_comes_from_their_whole_source() -> None:
    """Modern, "PRIVMSG message": "the message <source> will be the user […] that sent the message"."""
    foo, bar, baz = people(Rig(), "foo", "bar", "baz")
    assert foo.ask("PRIVMSG BAR :hi there", "NOTICE bar :note") == []
    assert bar.lines() == [
        ":foo!~username@10.0.0.9 PRIVMSG bar :hi there",
        ":foo!~username@10.0.0.9 NOTICE bar :note",
    ]
    assert baz.lines() == []


def test_a_message_to_a_channel_goes_to_its_members_but_not_to_the_sender() -> None:
    """RFC 2812, section 3.3.1: a channel's members hear it, the sender does not."""
    foo, bar, baz = people(Rig(), "foo", "bar", "baz")
    for client in (foo, bar):
        client.ask("JOIN #a")
    foo.lines()
    assert foo.ask("PRIVMSG #A hi") == []
    assert bar.lines() == [":foo!~username@10.0.0.9 PRIVMSG #a :hi"]
    assert baz.lines() == []


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("PRIVMSG nobody :x", ("401", "foo", "nobody", "No such name")),
        ("PRIVMSG #nowhere :x", ("403", "foo", "#nowhere", "No such channel")),
        ("PRIVMSG", ("411", "foo", "No recipient given (PRIVMSG)")),
        ("PRIVMSG :", ("411", "foo", "No recipient given (PRIVMSG)")),
        ("PRIVMSG bar", ("412", "foo", "No text to send")),
        ("PRIVMSG bar :", ("412", "foo", "No text to send")),
        ("PRIVMSG :a b :x", ("412", "foo", "No text to send")),
        ("PRIVMSG , :x", ("401", "foo", "*", "No such name")),
    ],
)
def test_what_cannot_be_delivered_is_told_so(line: str, answer: tuple[str, ...]) -> None:
    """Modern, "PRIVMSG message", "Numeric Replies": ERR_NOSUCHNICK, ERR_NORECIPIENT, ERR_NOTEXTTOSEND …"""
    foo, bar = people(Rig(), "foo", "bar")
    assert foo.numerics(line) == [answer]
    assert bar.lines() == []


@pytest.mark.parametrize(
    "line",
    [
        "NOTICE nobody :x",
        "NOTICE #nowhere :x",
        "NOTICE",
        "NOTICE bar",
        "NOTICE bar :",
        "NOTICE #a :x",
        "NOTICE a,b,c,d,e :x",
    ],
)
def test_a_notice_is_never_answered(line: str) -> None:
    """Modern, "NOTICE message": "automatic replies must never be sent in response to a NOTICE message"."""
    rig = Rig()
    foo, bar = people(rig, "foo", "bar")
    bar.ask("JOIN #a", "AWAY :lunch")
    assert foo.ask(line, "NOTICE bar :x") == []


def test_several_targets_get_it_each_once() -> None:
    """Modern, "PRIVMSG message": "<target>{,<target>}"."""
    foo, bar, baz = people(Rig(), "foo", "bar", "baz")
    assert foo.numerics("PRIVMSG bar,nobody,baz,bar :hi") == [("401", "foo", "nobody", "No such name")]
    assert [message.params for message in bar.read()] == [("bar", "hi")]
    assert [message.params for message in baz.read()] == [("baz", "hi")]


def test_too_many_targets_are_refused_and_nobody_hears_it() -> None:
    """RFC 2812, section 3.3.1: ERR_TOOMANYTARGETS; TARGMAX tells how many."""
    foo, bar = people(Rig(), "foo", "bar")
    targets = ["bar", *[f"x{number}" for number in range(MAX_TARGETS)]]
    (answer,) = foo.numerics(f"PRIVMSG {','.join(targets)} :hi")
    assert answer[:3] == ("407", "foo", targets[MAX_TARGETS])
    assert bar.lines() == []


def test_who_is_away_is_written_to_nevertheless() -> None:
    """Modern, "PRIVMSG message": "If the target user has been set as away, the server may reply with RPL_AWAY"."""
    foo, bar = people(Rig(), "foo", "bar")
    bar.ask("AWAY :lunch")
    assert foo.numerics("PRIVMSG bar :hi") == [("301", "foo", "bar", "lunch")]
    assert bar.lines() == [":foo!~username@10.0.0.9 PRIVMSG bar :hi"]


def test_a_message_to_oneself_arrives() -> None:
    (foo,) = people(Rig(), "foo")
    assert [message.params for message in foo.ask("PRIVMSG foo :note to self")] == [("foo", "note to self")]


def test_speaking_is_not_being_idle() -> None:
    """Modern, "RPL_WHOISIDLE (317)": "how long they have been idle"."""
    rig = Rig()
    foo, bar = people(rig, "foo", "bar")
    rig.now += 100
    assert [answer[3] for answer in bar.numerics("WHOIS foo") if answer[0] == "317"] == ["100"]
    foo.send("PRIVMSG bar :hi")
    assert [answer[3] for answer in bar.numerics("WHOIS foo") if answer[0] == "317"] == ["0"]


def test_the_host_hears_what_is_said_in_channels_and_not_what_is_said_in_private() -> None:
    rig = Rig()
    foo, _ = people(rig, "foo", "bar")
    foo.ask("JOIN #a")
    rig.happened.clear()
    foo.send("PRIVMSG #a :hi", "PRIVMSG bar :psst", "NOTICE #a :note")
    assert [(one.kind, one.nick, one.channel, one.text) for one in rig.happened] == [("message", "foo", "#a", "hi")]


def test_at_the_end_everybody_is_told_and_let_go_of() -> None:
    """The profile: "SIGTERM: everybody gets ERROR"."""
    rig = Rig()
    foo, _ = people(rig, "foo", "bar")
    newcomer = rig.client()
    effects = rig.chat.stop("The room is closing")
    assert effects[0] == Deliver(list(rig.network.sessions), Message("ERROR", ("The room is closing",)))
    assert [effect.session for effect in effects if isinstance(effect, Close)] == list(rig.network.sessions)
    rig.perform(effects)
    assert foo.lines() == newcomer.lines() == ["ERROR :The room is closing"]
    assert foo.is_closed
