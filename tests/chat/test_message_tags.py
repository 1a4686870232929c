import re

import pytest

from tests.chat.rig import Client, Rig


def in_test(rig: Rig, **caps: str) -> list[Client]:
    """Return clients by their nicks, with these capabilities, all in #test."""
    clients = [rig.client(nick, caps=words) for nick, words in caps.items()]
    for client in clients:
        client.ask("JOIN #test")
    for client in clients:
        client.lines()
    return clients


# ---- Who gets which tags ---------------------------------------------------------------------------------------------


def test_client_only_tags_go_to_those_who_agreed_on_tags() -> None:
    """IRCv3 message-tags: "Client-only tags MUST be relayed on PRIVMSG, NOTICE and TAGMSG"; "Tags without the
    client-only prefix MUST be removed by the server before being relayed".
    """
    alice, bob, carol, dave = in_test(
        Rig(), alice="message-tags", bob="message-tags echo-message", carol="", dave="server-time"
    )
    alice.send("@+baz=bat;fizz=buzz PRIVMSG #test hi")
    assert set(bob.read()[0].tags) == {"+baz", "msgid"}
    assert carol.lines() == [":alice!~username@10.0.0.9 PRIVMSG #test :hi"]
    assert set(dave.read()[0].tags) == {"time"}
    (echo,) = bob.ask("@+bat=baz;+fizz=buzz PRIVMSG #test :hi yourself")
    assert {"+bat": "baz", "+fizz": "buzz"}.items() < echo.tags.items()
    assert alice.read() == [echo]


@pytest.mark.parametrize("command", ["PRIVMSG", "NOTICE", "TAGMSG"])
@pytest.mark.parametrize("target", ["bob", "#test"])
def test_every_kind_of_message_carries_them(command: str, target: str) -> None:
    alice, bob = in_test(Rig(), alice="message-tags", bob="message-tags")
    alice.send(f"@+a=b {command} {target}" + ("" if command == "TAGMSG" else " :hi"))
    (heard,) = bob.read()
    assert heard.command == command
    assert heard.tags["+a"] == "b"


def test_values_are_told_as_they_were_sent() -> None:
    r"""IRCv3 message-tags, "Examples": "`raw+:=,escaped; \`" is told as "`raw+:=,escaped\:\s\\`"."""
    alice, bob = in_test(Rig(), alice="message-tags", bob="message-tags")
    alice.send(r"@+example=raw+:=,escaped\:\s\\ :irc.example.com NOTICE #test :Message")
    assert r";+example=raw+:=,escaped\:\s\\ :alice!" in bob.lines()[0]


def test_of_a_tag_that_comes_twice_the_last_counts() -> None:
    """IRCv3 message-tags, "Format": "all but the final occurrence" are discarded."""
    alice, bob = in_test(Rig(), alice="message-tags", bob="message-tags")
    alice.send("@+a=1;+a=2 PRIVMSG #test :hi")
    assert bob.read()[0].tags["+a"] == "2"


@pytest.mark.parametrize("tag", ["+", "+/", "+é", "+a_b", "+a:b", "+a!", "+x/", "a", "msgid", "time", "account", "bot"])
def test_what_is_no_client_only_tag_is_not_relayed(tag: str) -> None:
    """IRCv3 message-tags, "Format": "['+'] [<vendor> '/'] <sequence of letters, digits, hyphens>"."""
    alice, bob = in_test(Rig(), alice="message-tags", bob="message-tags account-tag")
    alice.send(f"@{tag}=forged PRIVMSG #test :hi")
    (heard,) = bob.read()
    assert set(heard.tags) == {"msgid"}
    assert heard.tags["msgid"] != "forged"


@pytest.mark.parametrize("tag", ["+a", "+draft/react", "+example.com/foo-1", "+xn--e1afmkfd.org/foo"])
def test_vendors_may_name_theirs(tag: str) -> None:
    """IRCv3 message-tags, "Vendor-Specific": "Names which contain a slash character"."""
    alice, bob = in_test(Rig(), alice="message-tags", bob="message-tags")
    alice.send(f"@{tag} TAGMSG #test")
    assert tag in bob.read()[0].tags


def test_who_did_not_agree_on_tags_sends_none_but_is_heard() -> None:
    """IRCv3 message-tags: the capability "enables the use of client-only tags and the TAGMSG command"."""
    alice, bob = in_test(Rig(), alice="", bob="message-tags")
    alice.send("@+a=b PRIVMSG #test :hi", "@+a=b TAGMSG #test")
    assert [(message.command, set(message.tags)) for message in bob.read()] == [("PRIVMSG", {"msgid"})]


def test_a_capability_takes_effect_at_once() -> None:
    alice, bob = in_test(Rig(), alice="message-tags", bob="")
    alice.send("@+draft/reply=x PRIVMSG #test :hi")
    assert bob.read()[0].tags == {}
    bob.ask("CAP REQ :message-tags server-time")
    alice.send("@+draft/reply=x PRIVMSG #test :hi")
    assert set(bob.read()[0].tags) == {"time", "msgid", "+draft/reply"}


def test_the_servers_tags_come_before_the_clients() -> None:
    """IRCv3 message-tags: "server-sent tags attached to messages MUST be included before client-only tags"."""
    alice, bob = in_test(Rig(), alice="message-tags", bob="message-tags server-time")
    alice.send("@+a=b PRIVMSG #test :hi")
    assert re.match(r"@time=[^;]+;msgid=[^;]+;\+a=b :", bob.lines()[0])


# ---- TAGMSG: typing, replies, reactions ------------------------------------------------------------------------------


def test_a_tagmsg_is_not_for_those_who_did_not_agree_on_tags() -> None:
    """IRCv3 message-tags: "MUST NOT deliver TAGMSG to clients that haven't negotiated" them."""
    alice, bob, carol, dave = in_test(
        Rig(), alice="message-tags echo-message", bob="message-tags", carol="", dave="server-time"
    )
    (echo,) = alice.ask(r"@+buzz=fizz\:buzz;cat=dog;+steel=wootz TAGMSG #test")
    (heard,) = bob.read()
    assert echo == heard
    assert {"+buzz": "fizz;buzz", "+steel": "wootz"}.items() < heard.tags.items()
    assert "cat" not in heard.tags
    assert carol.lines() == dave.lines() == []


@pytest.mark.parametrize("tags", ["+typing=active", "+typing=paused", "+typing=done", "+reply=x;+draft/react=👋"])
@pytest.mark.parametrize("target", ["bob", "#test"])
def test_typing_and_reactions_are_relayed(tags: str, target: str) -> None:
    """IRCv3 typing: "active, paused, and done"; react: "MAY be attached to an empty message"."""
    alice, bob = in_test(Rig(), alice="message-tags", bob="message-tags")
    alice.send(f"@{tags} TAGMSG {target}")
    (heard,) = bob.read()
    assert heard.params == (target,)
    assert ";".join(f"{tag}={value}" for tag, value in heard.tags.items() if tag[0] == "+") == tags


@pytest.mark.parametrize("tag", ["+reply", "+draft/reply"])
def test_a_reply_names_any_message_also_one_that_is_not_known(tag: str) -> None:
    """IRCv3 reply: "its value references the server provided ID of another message"; servers relay it as-is."""
    alice, bob = in_test(Rig(), alice="message-tags echo-message", bob="message-tags")
    (echo,) = alice.ask(f"@{tag}=unknown PRIVMSG #test :to you")
    assert echo.tags[tag] == bob.read()[0].tags[tag] == "unknown"


def test_a_tagmsg_with_no_tags_for_others_is_relayed_without() -> None:
    """IRCv3 message-tags, "Examples": an unknown tag is removed, the TAGMSG relayed."""
    alice, bob = in_test(Rig(), alice="message-tags", bob="message-tags")
    alice.send("@unknown-tag TAGMSG #test", "TAGMSG bob")
    assert [set(message.tags) for message in bob.read()] == [{"msgid"}, {"msgid"}]


def test_a_tagmsg_is_refused_where_a_message_would_be() -> None:
    """IRCv3 message-tags: "in the same way as PRIVMSG", "honouring channel membership, modes"."""
    rig = Rig()
    rig.client("op").ask("JOIN #a")
    foo = rig.client("foo", caps="message-tags")
    codes = [code for code, *_ in foo.numerics("@+a TAGMSG #a", "@+a TAGMSG nobody", "@+a TAGMSG", "@+a TAGMSG #none")]
    assert codes == ["404", "401", "411", "403"]


def test_a_tagmsg_to_operators_goes_to_operators() -> None:
    """IRCv3 message-tags, "Examples": "@+example-client-tag=example-value TAGMSG @#channel"."""
    alice, bob, carol = in_test(Rig(), alice="message-tags", bob="message-tags", carol="message-tags")
    alice.ask("MODE #test +o bob")
    for client in (bob, carol):
        client.lines()
    alice.send("@+a TAGMSG @#test")
    assert [message.params for message in bob.read()] == [("@#test",)]
    assert carol.lines() == []


def test_nobody_who_is_away_is_bothered_with_a_word_for_a_tagmsg() -> None:
    alice, bob = in_test(Rig(), alice="message-tags", bob="message-tags")
    bob.ask("AWAY :lunch")
    assert alice.ask("@+typing=active TAGMSG bob") == []


# ---- Sizes -----------------------------------------------------------------------------------------------------------


def test_tags_of_4096_bytes_are_relayed_whole() -> None:
    """IRCv3 message-tags, "Size limit": "<client_max> (4096)", also tags that are dropped counted."""
    alice, bob = in_test(Rig(), alice="message-tags", bob="message-tags server-time account-tag")
    value = "a" * 4081
    line = f"@foo=bar;+baz={value} PRIVMSG #test :hi"
    assert line.index(" ") + 1 == 4096
    assert alice.ask(line) == []
    assert bob.read()[0].tags["+baz"] == value


@pytest.mark.parametrize("line", ["PRIVMSG #test :hi", "PING x", "TAGMSG #test"])
def test_tags_of_4097_bytes_are_refused(line: str) -> None:
    """IRCv3 message-tags, "Size limit": "MUST reply with the ERR_INPUTTOOLONG (417)"; "MUST NOT truncate"."""
    alice, bob = in_test(Rig(), alice="message-tags echo-message", bob="message-tags")
    tags = "@foo=bar;+baz=" + "a" * 4082
    assert alice.numerics(f"{tags} {line}") == [("417", "alice", "Input line was too long")]
    assert bob.lines() == []


def test_the_longest_tags_and_the_longest_text_go_together() -> None:
    alice, bob = in_test(Rig(), alice="message-tags", bob="message-tags server-time")
    value = "a" * (4096 - len("@+baz= "))
    text = "b" * (512 - len(":alice!~username@10.0.0.9 PRIVMSG #test :\r\n"))
    alice.send(f"@+baz={value} PRIVMSG #test :{text}")
    (heard,) = bob.read()
    assert heard.params[1] == text
    assert heard.tags["+baz"] == value


# ---- Ids and times ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["PRIVMSG", "NOTICE"])
def test_every_message_has_an_id_of_its_own(command: str) -> None:
    """IRCv3 message-ids: "MUST be unique"; "SHOULD be attached to all PRIVMSG and NOTICE events"."""
    alice, bob, carol = in_test(Rig(), alice="", bob="message-tags", carol="message-tags")
    alice.send(f"{command} #test :one", f"{command} #test :two", f"{command} bob :three")
    ids = [message.tags["msgid"] for message in bob.read()]
    assert len(set(ids)) == 3
    assert [message.tags["msgid"] for message in carol.read()] == ids[:2]


def test_times_are_of_utc_to_the_millisecond() -> None:
    """IRCv3 server-time: "YYYY-MM-DDThh:mm:ss.sssZ"; "Precision of the time is one millisecond"."""
    rig = Rig()
    alice, bob = in_test(rig, alice="", bob="server-time")
    rig.now = 1_319_042_451.620
    alice.send("PRIVMSG #test :Hello")
    assert bob.lines()[0].startswith("@time=2011-10-19T16:40:51.620Z :alice!")


def test_all_that_is_told_is_told_when() -> None:
    """IRCv3 server-time: "Servers offering this capability for all messages"."""
    rig = Rig()
    foo = rig.client("foo", caps="server-time")
    bob = rig.client("bob")
    foo.send("JOIN #test", "WHOIS foo", "PING x", "NONSENSE", "MODE #test +m", "NICK food")
    bob.send("JOIN #test", "PRIVMSG food :hi", "NICK bobby", "PART #test", "QUIT")
    assert all(line.startswith("@time=2023-11-14T22:13:20.000Z :") for line in foo.lines())


# ---- Programs --------------------------------------------------------------------------------------------------------


def test_what_a_program_says_is_marked_so() -> None:
    """IRCv3 bot-mode: the tag "SHOULD be added by the server to all commands sent by a bot", never "with a value"."""
    rig = Rig()
    robot, tagged, plain = in_test(rig, robodan="", tagged="message-tags", plain="")
    assert robot.numerics("MODE robodan +B") == [("MODE", "robodan", "+B")]
    robot.send("PRIVMSG #test :beep", "PRIVMSG tagged :beep", "NOTICE #test :beep", "TOPIC #test :beep", "PART #test")
    lines = tagged.lines()
    assert [line.partition(" ")[0].split(";")[0] for line in lines] == ["@bot"] * 5
    assert not any("@" in line[:1] for line in plain.lines())


def test_who_is_no_program_any_more_is_not_marked() -> None:
    robot, tagged = in_test(Rig(), robodan="", tagged="message-tags")
    robot.ask("MODE robodan +B", "MODE robodan -B")
    robot.send("PRIVMSG #test :beep")
    assert "bot" not in tagged.read()[0].tags


def test_whois_and_who_tell_a_program() -> None:
    """IRCv3 bot-mode: 335 in WHOIS; the letter of BOT "is returned in the flags"."""
    robot, other = in_test(Rig(), robodan="", other="")
    robot.ask("MODE robodan +B")
    assert [answer[:3] for answer in other.numerics("WHOIS robodan") if answer[0] == "335"] == [
        ("335", "other", "robodan")
    ]
    flags = {answer[6]: answer[7] for answer in other.numerics("WHO #test") if answer[0] == "352"}
    assert "B" in flags["robodan"]
    assert "B" not in flags["other"]
