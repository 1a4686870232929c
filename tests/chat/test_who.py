"""WHO and WHOX. Sentences are from modern.ircdocs.horse, "WHO message" and RPL_WHOREPLY, unless said otherwise."""

import itertools

import pytest

from lanchat.chat.rules.isupport import TOKENS
from tests.chat.rig import SERVER, Client, Rig


def pair(rig: Rig | None = None) -> tuple[Rig, Client, Client]:
    """coolNick, who is operator of #chan, and otherNick, who is in #chan and asks."""
    rig = rig or Rig()
    cool = rig.client()
    cool.send("NICK coolNick", "USER myusernam 0 * :My UniqueReal Name", "JOIN #chan")
    other = rig.client("otherNick")
    other.send("JOIN #chan")
    return rig, cool, other


def row(channel: str = "*", flags: str = "H") -> tuple[str, ...]:
    """What is told of coolNick."""
    shown = ("~myusernam", "10.0.0.9", SERVER, "coolNick", flags, "0 My UniqueReal Name")
    return ("352", "otherNick", channel, *shown)


def end(mask: str) -> tuple[str, ...]:
    """The end of the answer."""
    return ("315", "otherNick", mask, "End of WHO")


@pytest.mark.parametrize("mask", ["coolNick", "coolnick", "coolni*", "c??lnick", "*unique*", "~myuser*"])
def test_a_name_or_a_mask_finds_people(mask: str) -> None:
    """“An exact nickname, in which case a single user is returned. A mask pattern, in which case all visible users
    whose nickname matches are listed. Servers MAY match other user-specific values, such as the hostname, server, real
    name or username.”
    """
    _, _, other = pair()
    assert other.numerics(f"WHO {mask}") == [row(), end(mask)]


def test_a_channel_shows_its_members() -> None:
    """“A channel name, in which case the channel members are listed.”; “the same channel MUST be returned in
    <channel>”.
    """
    _, _, other = pair()
    first, second, last = other.numerics("WHO #CHAN")
    assert first == row("#chan", "H@")
    assert second[2:] == ("#chan", "~username", "10.0.0.9", SERVER, "otherNick", "H", "0 Real Name")
    assert last == end("#CHAN")


def test_multi_prefix_shows_all_prefixes() -> None:
    """“:kenny.chatspike.net 352 guest #test grawity […] H@%+ :0 Mantas M.” — ircv3.net, multi-prefix."""
    rig, cool, _ = pair()
    cool.send("MODE #chan +v coolNick")
    asker = rig.client("asker", caps="multi-prefix")
    assert asker.numerics("WHO #chan")[0][7] == "H@+"


@pytest.mark.parametrize(
    ("is_away", "is_operator", "flags"),
    [(False, False, "H@"), (True, False, "G@"), (False, True, "H*@"), (True, True, "G*@")],
)
def test_the_flags_tell_absence_rank_and_prefix(is_away: bool, is_operator: bool, flags: str) -> None:
    """“<flags> contains the following characters, in this order: Away status: […] H […] or […] G […]. Optionally, a
    literal asterisk […] a server operator. Optionally, the highest channel membership prefix”.
    """
    _, cool, other = pair(Rig(operators={"chief": "secret"}))
    if is_away:
        cool.send("AWAY :x")
    if is_operator:
        cool.send("OPER chief secret")
    other.read()
    assert other.numerics("WHO #chan")[0] == row("#chan", flags)
    assert other.numerics("WHO coolNick") == [row(flags=flags.rstrip("@")), end("coolNick")]


def test_a_bot_is_flagged() -> None:
    """“When a RPL_WHOREPLY (352) numeric is returned for a bot, the character used as the value of the ISUPPORT BOT
    token is returned in the flags (alongside H|G).” — ircv3.net, bot-mode.
    """
    assert "BOT=B" in TOKENS
    _, cool, other = pair()
    cool.send("MODE coolNick +B")
    assert other.numerics("WHO #chan")[0] == row("#chan", "H@B")


@pytest.mark.parametrize("asked", ["WHO *", "WHO 0", "WHO"])
def test_everybody_is_shown_once(asked: str) -> None:
    """“Absent or set to "0", in which case all visible users are listed.”"""
    rig, _, other = pair()
    rig.client("far").send("JOIN #far,#away")
    rows = other.numerics(asked)
    assert [n[6] for n in rows[:-1]] == ["coolNick", "otherNick", "far"]
    assert rows[-1][0] == "315"


def test_nobody_is_found_without_an_error() -> None:
    """“zero, one or more RPL_WHOREPLY, and end the list with RPL_ENDOFWHO.”"""
    _, _, other = pair()
    assert other.numerics("WHO nobody") == [end("nobody")]
    assert other.numerics("WHO #none") == [end("#none")]


def test_the_invisible_are_found_by_name_or_by_who_shares_a_channel() -> None:
    """“Visible users are users who either aren't invisible (user mode +i) or have a common channel with the requesting
    client.”
    """
    rig, cool, other = pair()
    cool.send("MODE coolNick +i")
    out = rig.client("out")
    assert [n[0] for n in out.numerics("WHO cool*")] == ["315"]
    assert [n[0] for n in out.numerics("WHO coolNick")] == ["352", "315"]
    assert [n[6] for n in out.numerics("WHO #chan")[:-1]] == ["otherNick"]
    assert other.numerics("WHO cool*")[0] == row()
    out.send("JOIN #chan")
    out.read()
    assert [n[0] for n in out.numerics("WHO cool*")] == ["352", "315"]


def test_a_secret_channel_shows_nobody_to_outsiders() -> None:
    """“Servers MAY filter or limit visible users replies arbitrarily.”"""
    rig, cool, _ = pair()
    cool.send("MODE #chan +s")
    assert rig.client("out").numerics("WHO #chan") == [("315", "out", "#chan", "End of WHO")]


def test_operators_can_be_asked_for() -> None:
    """“If the "o" parameter is passed only operators are returned according to the <mask> supplied.” — RFC 2812."""
    _, cool, other = pair(Rig(operators={"chief": "secret"}))
    cool.send("OPER chief secret")
    other.read()
    assert other.numerics("WHO * o") == [row(flags="H*"), end("*")]
    assert other.numerics("WHO * o%n")[0] == ("354", "otherNick", "coolNick")


# ---- WHOX ------------------------------------------------------------------------------------------------------------

FULL = ("123", "*", "~myusernam", "10.0.0.9", "10.0.0.9", SERVER, "coolNick", "H", "0", "5", "0", "n/a")


@pytest.mark.parametrize("fields", ["tcuihsnfdlaor", "roaldfnshiuct", "ffttlnsoruadhic"])
def test_fields_come_in_their_order_whatever_order_they_are_asked_in(fields: str) -> None:
    """“:<server> 354 <client> [token] [channel] [user] [ip] [host] [server] [nick] [flags] [idle] [account]
    [:realname]”; “Servers MUST send the fields in the order specified above.” — ircv3.net, WHOX.
    """
    assert "WHOX" in TOKENS
    rig, _, other = pair()
    rig.now += 5
    found = other.numerics(f"WHO coolNick %{fields},123")
    assert found == [("354", "otherNick", *FULL, "My UniqueReal Name"), end("coolNick")]


@pytest.mark.parametrize(("field", "value"), list(zip("cuihsnfdlao", FULL[1:], strict=True)))
def test_each_field_alone(field: str, value: str) -> None:
    """“Exactly the fields requested by the client MUST be returned by the server.” — ircv3.net, WHOX."""
    rig, _, other = pair()
    rig.now += 5
    assert other.numerics(f"WHO coolNick %{field}")[0] == ("354", "otherNick", value)


def test_the_real_name_alone_has_no_hop_count() -> None:
    """“'r': return the realname” — ircv3.net, WHOX."""
    _, _, other = pair()
    assert other.numerics("WHO coolNick %r")[0] == ("354", "otherNick", "My UniqueReal Name")


def test_the_token_comes_back() -> None:
    """“Clients can also specify a token which will be returned by the server in the replies. The token MUST contain
    only digit characters and MUST contain at most 3 characters.” — ircv3.net, WHOX.
    """
    _, _, other = pair()
    assert other.numerics("WHO coolNick %tn,321")[0] == ("354", "otherNick", "321", "coolNick")
    for wrong in ("", ",", ",12345", ",ab"):
        assert other.numerics(f"WHO coolNick %tn{wrong}")[0] == ("354", "otherNick", "0", "coolNick")


def test_the_account_is_shown_and_zero_where_there_is_none() -> None:
    """“0 is used for [account] when the user is logged out” — ircv3.net, WHOX."""
    _, cool, other = pair()
    assert other.numerics("WHO coolNick %na")[0] == ("354", "otherNick", "coolNick", "0")
    cool.send("REGISTER * * sesame")
    assert other.numerics("WHO coolNick %na")[0] == ("354", "otherNick", "coolNick", "coolNick")


def test_the_channel_is_the_one_asked_for() -> None:
    """“* is used for [channel] when no channel is returned” — ircv3.net, WHOX."""
    _, _, other = pair()
    assert other.numerics("WHO #chan %cnf") == [
        ("354", "otherNick", "#chan", "coolNick", "H@"),
        ("354", "otherNick", "#chan", "otherNick", "H"),
        end("#chan"),
    ]


def test_fields_that_are_unknown_are_passed_over() -> None:
    """“Servers MUST ignore any non-standard field they don't support.”; “Servers MUST NOT send RPL_WHOREPLY replies.” —
    ircv3.net, WHOX.
    """
    _, _, other = pair()
    assert other.numerics("WHO coolNick %zxn")[0] == ("354", "otherNick", "coolNick")
    assert other.numerics("WHO coolNick %zx") == [end("coolNick")]


def test_every_selection_of_fields_is_answered() -> None:
    """“Servers MUST NOT rely on the ordering of the fields.” — ircv3.net, WHOX."""
    rig, _, other = pair()
    rig.now += 5
    values = dict(zip("tcuihsnfdlao", FULL, strict=True))
    for fields in itertools.combinations("tcuihsnfdlao", 3):
        expected = tuple(values[field] for field in fields)
        assert other.numerics(f"WHO coolNick %{''.join(reversed(fields))},123")[0] == ("354", "otherNick", *expected)
