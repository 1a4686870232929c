"""Messages to those of a rank: "@#chan". The sentences are from modern.ircdocs.horse, PRIVMSG and STATUSMSG."""

import pytest

from lanchat.chat.rules.isupport import TOKENS
from tests.chat.rig import Client, Rig


def channel(rig: Rig) -> tuple[Client, Client, Client, Client]:
    """In #chan: an operator, another operator, somebody with a voice, and somebody without."""
    first, second, voiced, joe = rig.channel("#chan", "chanop", "second", "voiced", "joe")
    first.send("MODE #chan +ov second voiced")
    for client in (first, second, voiced, joe):
        client.read()
    return first, second, voiced, joe


def test_a_message_to_the_operators_reaches_only_them() -> None:
    """“the message will be delivered only to the members of that channel with the given or higher status in the
    channel.”
    """
    assert "STATUSMSG=@+" in TOKENS
    first, second, voiced, joe = channel(Rig())
    assert first.numerics("privmsg @#CHAN :among us") == []
    assert second.lines() == [":chanop!~username@10.0.0.9 PRIVMSG @#chan :among us"]
    assert voiced.lines() == joe.lines() == []


def test_a_message_to_the_voiced_reaches_operators_too() -> None:
    """“the given or higher status”."""
    first, second, voiced, joe = channel(Rig())
    first.send("NOTICE +#chan :you may speak")
    assert second.lines() == voiced.lines() == [":chanop!~username@10.0.0.9 NOTICE +#chan :you may speak"]
    assert joe.lines() == []


@pytest.mark.parametrize("target", ["@+#chan", "+@#chan"])
def test_of_several_prefixes_the_lowest_counts(target: str) -> None:
    """“PRIVMSG @%#bunny […] This command is functionally identical to the above command” (to %#bunny)."""
    first, second, voiced, joe = channel(Rig())
    first.send(f"PRIVMSG {target} :hi")
    assert second.lines() == voiced.lines() == [":chanop!~username@10.0.0.9 PRIVMSG +#chan :hi"]
    assert joe.lines() == []


def test_a_member_without_a_rank_may_write_to_the_operators() -> None:
    """“it may be prefixed with one or more channel membership prefix character”; nobody is kept from it."""
    first, second, voiced, joe = channel(Rig())
    assert joe.numerics("PRIVMSG @#chan :help") == []
    assert first.lines() == second.lines() == [":joe!~username@10.0.0.9 PRIVMSG @#chan :help"]
    assert voiced.lines() == []


def test_it_comes_back_to_who_asked_for_echoes() -> None:
    """“servers will echo […] messages back to the client that sent them” — ircv3.net, echo-message."""
    rig = Rig()
    channel(rig)
    zoe = rig.client("zoe", caps="echo-message")
    zoe.send("JOIN #chan")
    assert zoe.numerics("PRIVMSG @#chan :hi") == [("PRIVMSG", "@#chan", "hi")]


def test_outside_the_channel_the_same_is_forbidden_as_to_all() -> None:
    """“users MUST be joined to the channel in order to send private messages and notices” — "No External Messages"."""
    rig = Rig()
    channel(rig)
    out = rig.client("out")
    assert out.numerics("PRIVMSG @#chan :hi")[0][:3] == ("404", "out", "#chan")
    assert out.numerics("PRIVMSG @#none :hi") == [("403", "out", "@#none", "No such channel")]


def test_it_is_not_shown_to_who_comes_later() -> None:
    """What was said to some is not history for all."""
    rig = Rig()
    first, *_ = channel(rig)
    first.send("PRIVMSG @#chan :among us", "PRIVMSG #chan :to all")
    texts = [n[-1] for n in rig.client("late").numerics("JOIN #chan") if n[0] == "PRIVMSG"]
    assert len(texts) == 1
    assert texts[0].endswith("to all")
