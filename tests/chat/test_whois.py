"""WHOIS and WHOWAS. Sentences are from modern.ircdocs.horse, "User-Based Queries" and "Numerics", unless said."""

import pytest

from lanchat.chat.rules.isupport import TOKENS
from lanchat.limits import MAX_HOST_BYTES, MAX_LINE_BYTES, MAX_WHOWAS
from tests.chat.rig import SERVER, START, Client, Rig


def cool(rig: Rig) -> Client:
    """Somebody to ask about."""
    client = rig.client()
    client.send("NICK coolNick", "USER myusernam 0 * :My UniqueReal Name")
    client.read()
    return client


USER = ("311", "zoe", "coolNick", "~myusernam", "10.0.0.9", "*", "My UniqueReal Name")
SERVED = ("312", "zoe", "coolNick", SERVER, "lanchat")
IDLE = ("317", "zoe", "coolNick", "0", str(int(START)), "seconds idle, signon time")


def end(asked: str) -> tuple[str, ...]:
    """The end of the answer to zoe."""
    return ("318", "zoe", asked, "End of WHOIS")


@pytest.mark.parametrize("asked", ["coolNick", " coolNick", f"{SERVER} coolNick", "coolNick coolNick"])
def test_somebody_is_described(asked: str) -> None:
    """“If the <target> parameter is specified, it SHOULD be a server name or the nick of a user.”"""
    rig = Rig()
    cool(rig)
    assert rig.client("zoe").numerics(f"WHOIS {asked}") == [USER, SERVED, IDLE, end("coolNick")]


@pytest.mark.parametrize("asked", ["COOLnick", "coolNick,other"])
def test_the_end_repeats_what_was_asked(asked: str) -> None:
    """“<nick> MUST be exactly the <nick> parameter sent by the client in its WHOIS message. This means the case MUST be
    preserved, and if the client sent multiple nicks, this MUST be the comma-separated list of nicks, even if some of
    them were dropped.” — RPL_ENDOFWHOIS.
    """
    rig = Rig()
    cool(rig)
    assert rig.client("zoe").numerics(f"WHOIS {asked}") == [USER, SERVED, IDLE, end(asked)]


def test_nobody_of_that_name_is_said_and_ended() -> None:
    """“ending with RPL_ENDOFWHOIS, even if they did not send any other numeric message.”"""
    zoe = Rig().client("zoe")
    assert zoe.numerics("WHOIS nobody") == [("401", "zoe", "nobody", "No such name"), end("nobody")]


@pytest.mark.parametrize("written", ["WHOIS", "WHOIS :"])
def test_without_a_name_it_says_so(written: str) -> None:
    """“ERR_NONICKNAMEGIVEN”."""
    assert Rig().client("zoe").numerics(written) == [("431", "zoe", "No name given")]


def test_absence_account_rank_and_bot_are_told() -> None:
    """“RPL_AWAY, with the away message, in replies to WHOIS messages.”; “"<client> <nick> <account> :is logged in as"”;
    “:<server> 335 <nick> <target> :<message>” — bot-mode.
    """
    rig = Rig(operators={"chief": "secret"})
    client, zoe = cool(rig), rig.client("zoe")
    client.send("OPER chief secret", "MODE coolNick +B", "REGISTER * * sesame", "AWAY :lunch")
    found = {n[0]: n for n in zoe.numerics("WHOIS coolNick")}
    assert found["313"] == ("313", "zoe", "coolNick", "is an operator of this host")
    assert found["335"] == ("335", "zoe", "coolNick", "is a bot")
    assert found["330"] == ("330", "zoe", "coolNick", "coolNick", "is logged in as")
    assert found["301"] == ("301", "zoe", "coolNick", "lunch")
    assert list(found) == ["311", "312", "313", "335", "330", "301", "317", "318"]


def test_idle_time_counts_from_the_last_word() -> None:
    """“<secs> is the number of seconds since the client has been active.” — RPL_WHOISIDLE."""
    rig = Rig()
    client, zoe = cool(rig), rig.client("zoe")
    rig.now += 100
    assert zoe.numerics("WHOIS coolNick")[2][3:5] == ("100", str(int(START)))
    client.send("PRIVMSG zoe :hi")
    rig.now += 7
    zoe.read()
    assert zoe.numerics("WHOIS coolNick")[2][3] == "7"


def test_channels_stand_in_one_line_with_their_prefixes() -> None:
    """“<prefix> is the highest channel membership prefix that the client has in that channel”; “delimited by a SPACE
    character” — RPL_WHOISCHANNELS.
    """
    rig = Rig()
    client, zoe = cool(rig), rig.client("zoe")
    zoe.send("JOIN #chan3")
    client.send("JOIN #chan1,#chan2,#chan3", "MODE #chan1 +v coolNick")
    zoe.read()
    assert zoe.numerics("WHOIS coolNick")[1] == ("319", "zoe", "coolNick", "@#chan1 @#chan2 #chan3")
    eager = rig.client("eager", caps="multi-prefix")
    assert eager.numerics("WHOIS coolNick")[1][3] == "@+#chan1 @#chan2 #chan3"


def test_secret_channels_are_told_to_their_members_only() -> None:
    """“secret channels will not show up in the RPL_WHOISCHANNELS numeric unless the user the numeric is being sent to
    is joined to that channel.” — "Secret Channel Mode".
    """
    rig = Rig()
    client, zoe = cool(rig), rig.client("zoe")
    client.send("JOIN #open,#hidden", "MODE #hidden +s")
    assert zoe.numerics("WHOIS coolNick")[1][3] == "@#open"
    assert client.numerics("WHOIS coolNick")[1][3] == "@#open @#hidden"
    zoe.send("JOIN #hidden")
    zoe.read()
    assert zoe.numerics("WHOIS coolNick")[1][3] == "@#open @#hidden"


def test_of_the_invisible_only_shared_channels_are_told() -> None:
    """“some servers hide all channels from the WHOIS reply of an invisible user they do not share with the user that
    submitted the command.” — "Invisible User Mode".
    """
    rig = Rig()
    client, zoe = cool(rig), rig.client("zoe")
    client.send("JOIN #a,#b", "MODE coolNick +i")
    assert [n[0] for n in zoe.numerics("WHOIS coolNick")] == ["311", "312", "317", "318"]
    zoe.send("JOIN #b")
    zoe.read()
    assert zoe.numerics("WHOIS coolNick")[1][3] == "@#b"


def test_many_channels_take_several_lines() -> None:
    """“RPL_WHOISCHANNELS can be sent multiple times in the same whois reply, if the target is on too many channels to
    fit in a single message.”
    """
    rig = Rig()
    client, zoe = cool(rig), rig.client("zoe")
    names = [f"#{'c' * 60}{number}" for number in range(20)]
    for name in names:
        client.send(f"JOIN {name}")
    zoe.send("WHOIS coolNick")
    assert all(len(line) + 2 <= MAX_LINE_BYTES for line in zoe.raw.split(b"\r\n"))
    lines = [message.params[2] for message in zoe.read() if message.command == "319"]
    assert " ".join(lines).replace("@", "").split() == names


def test_an_address_never_begins_with_a_colon() -> None:
    """“IPv6 addresses such as "::1" are prefixed with a zero ("0", 0x30)” — RPL_WHOISUSER."""
    rig = Rig()
    zoe = rig.client("zoe", address="::1")
    assert zoe.numerics("WHOIS zoe")[0][4] == "0::1"


# ---- WHOWAS --------------------------------------------------------------------------------------------------------


def gone(rig: Rig, *usernames: str) -> Client:
    """Somebody who asks, after people of the name "nick2" came and left."""
    for username in usernames:
        client = rig.client()
        client.send("NICK nick2", f"USER {username} 0 * :Realname", "QUIT")
        rig.now += 60
    return rig.client("nick1")


def past(username: str) -> tuple[str, ...]:
    """What is told of one of them."""
    return ("314", "nick1", "nick2", f"~{username}", "10.0.0.9", "*", "Realname")


END = ("369", "nick1", "nick2", "End of WHOWAS")


def test_who_left_is_remembered_with_when() -> None:
    """“A WHOWAS entry is a series of numeric messages starting with RPL_WHOWASUSER, optionally followed by […]
    RPL_WHOISSERVER.”
    """
    nick1 = gone(Rig(), "ident1")
    left_at = ("312", "nick1", "nick2", SERVER, "2023-11-14T22:13:20.000Z")
    assert nick1.numerics("WHOWAS NICK2")[:2] == [past("ident1"), left_at]


@pytest.mark.parametrize(
    ("count", "idents"),
    [
        ("", ("3", "2", "1")),
        (" 1", ("3",)),
        (" 2", ("3", "2")),
        (" 9", ("3", "2", "1")),
        (" 0", ("3", "2", "1")),
        (" -1", ("3", "2", "1")),
        (" x", ("3", "2", "1")),
    ],
)
def test_the_latest_come_first_and_as_many_as_asked(count: str, idents: tuple[str, ...]) -> None:
    """“The history is searched backward, returning the most recent entry first. If there are multiple entries, up to
    <count> replies will be returned (or all of them if no <count> parameter is given). If given, <count> SHOULD be a
    positive number. Otherwise, a full search is done.”
    """
    nick1 = gone(Rig(), "ident1", "ident2", "ident3")
    found = nick1.numerics(f"WHOWAS nick2{count}")
    assert [n for n in found if n[0] == "314"] == [past(f"ident{number}") for number in idents]
    assert found[-1] == END


def test_a_name_that_was_given_up_is_remembered_too() -> None:
    """“This may either be due to a nickname change or the user leaving IRC.”"""
    rig = Rig()
    zoe = rig.client("zoe")
    zoe.send("NICK elsewhere")
    assert [n[0] for n in zoe.numerics("WHOWAS zoe")] == ["314", "312", "369"]


def test_a_name_in_other_capitals_is_not_given_up() -> None:
    """“Whowas asks for information about a nickname which no longer exists.”"""
    zoe = Rig().client("zoe")
    zoe.send("NICK ZOE")
    assert [n[0] for n in zoe.numerics("WHOWAS zoe")] == ["406", "369"]


def test_a_name_nobody_had_is_said_and_ended() -> None:
    """“Servers MUST reply with either ERR_WASNOSUCHNICK or a non-empty list of WHOWAS entries, both followed with
    RPL_ENDOFWHOWAS”.
    """
    nick1 = gone(Rig())
    assert nick1.numerics("WHOWAS nick2") == [("406", "nick1", "nick2", "There was nobody of that name"), END]
    assert nick1.numerics("WHOWAS") == [("431", "nick1", "No name given")]


def test_only_the_last_names_are_remembered() -> None:
    """Every list has a bound."""
    rig = Rig()
    zoe = rig.client("zoe")
    for number in range(MAX_WHOWAS + 1):
        zoe.send(f"NICK n{number}")
    zoe.read()
    assert zoe.numerics("WHOWAS zoe")[0][0] == "406"
    assert zoe.numerics("WHOWAS n0")[0][0] == "314"


# ---- Lengths that 005 tells ----------------------------------------------------------------------------------------


def test_user_and_real_names_are_cut_to_the_lengths_announced() -> None:
    """“If this length is advertised, the username MUST be silently truncated to the given length before being used.” —
    "USER message"; “the tilde prefix ("~"), if it exists, contributes to the length of the username” — USERLEN.
    """
    tokens = dict(token.split("=") for token in TOKENS if "=" in token)
    client = Rig().client()
    client.send("NICK zoe", f"USER {'é' * 20} 0 * :{'ñ' * 100}")
    client.read()
    _, _, _, username, _, _, realname = client.numerics("WHOIS zoe")[0]
    assert username == "~" + "é" * ((int(tokens["USERLEN"]) - 1) // 2)
    assert realname == "ñ" * (int(tokens["NAMELEN"]) // 2)


def test_no_address_is_longer_than_announced() -> None:
    """“the maximum length that a hostname may be on the server” — HOSTLEN."""
    longest = "2001:0db8:aaaa:bbbb:cccc:dddd:255.255.255.255"
    assert len(longest) <= MAX_HOST_BYTES
    assert f"HOSTLEN={MAX_HOST_BYTES}" in TOKENS
    zoe = Rig().client("zoe", address=longest)
    assert zoe.numerics("WHOIS zoe")[0][4] == longest
