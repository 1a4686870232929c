import pytest

from tests.chat.rig import Client, Rig


def logged_in(rig: Rig, nick: str, account: str) -> Client:
    return rig.client(nick, account=account)


def test_what_somebody_sends_bears_their_account() -> None:
    """IRCv3 account-tag: "MUST be added […] to all commands sent by a user"."""
    rig = Rig()
    foo = rig.client("foo", caps="account-tag")
    bar = logged_in(rig, "bar", "jilles")
    foo.ask("JOIN #chan", "MODE #chan +o bar")
    bar.send("PRIVMSG foo :hi", "NOTICE foo :hi", "JOIN #chan", "PRIVMSG #chan :hi", "TOPIC #chan :x", "NICK baz")
    bar.send("PART #chan", "JOIN #x", "INVITE foo #x", "JOIN #chan", "QUIT")
    lines = foo.lines()
    assert [line.partition(" ")[0] for line in lines] == ["@account=jilles"] * len(lines)
    assert [line.split(" ")[2] for line in lines] == [
        "PRIVMSG", "NOTICE", "JOIN", "PRIVMSG", "NICK", "PART", "INVITE", "JOIN", "QUIT",
    ]  # fmt: skip


def test_no_other_tag_comes_with_it() -> None:
    rig = Rig()
    foo = rig.client("foo", caps="account-tag")
    logged_in(rig, "bar", "jilles").send("PRIVMSG foo :hi", "JOIN #chan", "INVITE foo #chan")
    assert foo.lines() == [
        "@account=jilles :bar!~username@10.0.0.9 PRIVMSG foo :hi",
        "@account=jilles :bar!~username@10.0.0.9 INVITE foo #chan",
    ]


def test_who_is_not_logged_in_has_no_account_tag() -> None:
    """IRCv3 account-tag: "If the user is not identified to any services account, the tag MUST NOT be sent."."""
    rig = Rig()
    foo = rig.client("foo", caps="account-tag message-tags")
    rig.client("bar").send("PRIVMSG foo :hi")
    assert "account" not in foo.read()[0].tags


def test_message_tags_alone_tell_no_account() -> None:
    rig = Rig()
    foo = rig.client("foo", caps="message-tags")
    logged_in(rig, "bar", "jilles").send("PRIVMSG foo :hi")
    assert set(foo.read()[0].tags) == {"msgid"}


def test_the_echo_bears_ones_own_account() -> None:
    rig = Rig()
    foo = rig.client("foo", caps="sasl echo-message account-tag", account="jilles")
    assert foo.ask("PRIVMSG foo2 :hi")[0].tags == {}
    rig.client("foo2")
    assert foo.ask("PRIVMSG foo2 :hi")[0].tags == {"account": "jilles"}


def test_a_login_is_told_to_all_who_share_a_channel_and_to_oneself() -> None:
    """IRCv3 account-notify: told to "clients on common channels with them, including themselves"."""
    rig = Rig()
    rig.own("jilles")
    bar = rig.client("bar", caps="sasl account-notify")
    near, far, deaf = (
        rig.client("near", caps="account-notify"),
        rig.client("far", caps="account-notify"),
        rig.client("deaf"),
    )
    for client in (bar, near, deaf):
        client.ask("JOIN #a,#b")
    for client in (bar, near, deaf):
        client.lines()
    assert bar.login("jilles") == [
        ("AUTHENTICATE", "+"),
        ("900", "bar", "bar!~username@10.0.0.9", "jilles", "You are now logged in as jilles"),
        ("903", "bar", "SASL authentication successful"),
        ("ACCOUNT", "jilles"),
    ]
    assert near.lines() == [":bar!~username@10.0.0.9 ACCOUNT jilles"]
    assert far.lines() == deaf.lines() == []


def test_a_change_of_account_is_told_under_the_new_one() -> None:
    """IRCv3 account-tag, example: "@account=hax0r :user ACCOUNT bob" comes from who was hax0r; then "@account=bob"."""
    rig = Rig()
    rig.own("hax0r")
    rig.own("bob", "other")
    bar = rig.client("bar", caps="sasl")
    near = rig.client("near", caps="account-notify account-tag")
    for client in (bar, near):
        client.ask("JOIN #a")
    near.lines()
    bar.login("hax0r")
    bar.login("bob", "other")
    bar.send("PRIVMSG #a :I switched accounts.")
    assert near.lines() == [
        ":bar!~username@10.0.0.9 ACCOUNT hax0r",
        "@account=hax0r :bar!~username@10.0.0.9 ACCOUNT bob",
        "@account=bob :bar!~username@10.0.0.9 PRIVMSG #a :I switched accounts.",
    ]


def test_the_same_account_again_is_no_news() -> None:
    rig = Rig()
    bar = rig.client("bar", caps="sasl account-notify", account="jilles")
    assert [code for code, *_ in bar.login("jilles")] == ["AUTHENTICATE", "900", "903"]


def test_all_sessions_of_the_person_hear_of_it() -> None:
    rig = Rig()
    rig.own("other")
    laptop = rig.client("zoe", caps="sasl account-notify", account="zoe")
    phone = rig.client("zoe", caps="sasl account-notify", account="zoe")
    laptop.login("other")
    assert phone.lines() == [":zoe!~username@10.0.0.9 ACCOUNT other"]


def test_register_is_told_as_a_login_is() -> None:
    rig = Rig()
    bar = rig.client("bar", caps="account-notify")
    assert [code for code, *_ in bar.numerics("REGISTER * * sesame")] == ["REGISTER", "900", "ACCOUNT"]


@pytest.mark.parametrize(("account", "shown"), [("jilles", "jilles"), ("", "*")])
def test_a_join_tells_the_account_and_the_real_name_to_those_who_asked(account: str, shown: str) -> None:
    """IRCv3 extended-join: "JOIN <channel> <account> :<realname>", "*" where not logged in."""
    rig = Rig()
    foo, plain = rig.client("foo", caps="extended-join"), rig.client("plain")
    for client in (foo, plain):
        client.ask("JOIN #chan")
    foo.lines()
    rig.client("bar", account=account).send("JOIN #chan")
    assert foo.lines() == [f":bar!~username@10.0.0.9 JOIN #chan {shown} :Real Name"]
    assert plain.lines() == [":bar!~username@10.0.0.9 JOIN #chan"]
