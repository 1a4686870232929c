"""MOTD VERSION ADMIN TIME INFO HELP LINKS LUSERS USERHOST ISON. From modern.ircdocs.horse, these sections."""

import pytest

from lanchat import __version__
from lanchat.chat.commands.table import COMMANDS
from lanchat.limits import MAX_LINE_BYTES
from tests.chat.rig import SERVER, Client, Rig

# ---- MOTD ------------------------------------------------------------------------------------------------------------


def test_the_greeting_is_told_line_by_line() -> None:
    """“one RPL_MOTDSTART numeric is returned, followed by one or more RPL_MOTD numeric, then one RPL_ENDOFMOTD
    numeric.”
    """
    zoe = Rig(motd=("Welcome to line 3.", "Wear your goggles.")).client("zoe")
    assert zoe.numerics("MOTD") == [
        ("375", "zoe", f"- {SERVER} message of the day -"),
        ("372", "zoe", "- Welcome to line 3."),
        ("372", "zoe", "- Wear your goggles."),
        ("376", "zoe", "End of the message of the day"),
    ]


def test_that_there_is_no_greeting_is_said() -> None:
    """“If the MOTD does not exist or could not be found, the ERR_NOMOTD numeric is returned.”"""
    assert Rig().client("zoe").numerics("MOTD") == [("422", "zoe", "There is no message of the day")]


def test_a_long_line_of_the_greeting_is_cut_to_fit() -> None:
    """“Most IRC servers limit messages to 512 bytes in length” — "Message Format"."""
    zoe = Rig(motd=("é" * 400,)).client("z" * 40)
    zoe.send("MOTD")
    assert all(len(line) + 2 <= MAX_LINE_BYTES for line in zoe.raw.split(b"\r\n"))
    assert zoe.read()[1].params[1].rstrip("é") == "- "


# ---- Asking a server -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["MOTD", "VERSION", "ADMIN", "TIME", "INFO"])
def test_this_server_answers_by_its_name_a_mask_and_for_its_people(command: str) -> None:
    """“If <target> is a server, the information for that server is requested. If <target> is a client, the information
    for the server that client is connected to is requested. If <target> is given and a matching server cannot be found,
    the server will respond with the ERR_NOSUCHSERVER numeric and the command will fail. Wildcards are allowed in the
    <target> parameter.”
    """
    rig = Rig()
    rig.client("ana")
    zoe = rig.client("zoe")
    answer = zoe.numerics(command)
    for target in (SERVER, SERVER.lower(), "*.Server", "ana"):
        assert zoe.numerics(f"{command} {target}") == answer
    refused = [("402", "zoe", "invalid.server.example", "No such server")]
    assert zoe.numerics(f"{command} invalid.server.example") == refused


def test_the_version_comes_with_what_the_server_can_do() -> None:
    """“the given server SHOULD respond with one RPL_VERSION reply and one or more RPL_ISUPPORT replies.”; “"<client>
    <version> <server> :<comments>"”.
    """
    first, *rest = Rig().client("zoe").numerics("VERSION")
    assert first == ("351", "zoe", f"lanchat-{__version__}", SERVER, "lanchat")
    assert {n[0] for n in rest} == {"005"}
    assert all(n[1] == "zoe" and n[-1] == "are supported by this server" for n in rest)


def test_who_looks_after_the_host_is_told_but_no_login() -> None:
    """“SHOULD respond with the RPL_ADMINME, RPL_ADMINLOC1, RPL_ADMINLOC2, and RPL_ADMINEMAIL replies.”"""
    zoe = Rig(operators={"chief": "secret"}, network="Line 3").client("zoe")
    answer = zoe.numerics("ADMIN")
    assert answer == [
        ("256", "zoe", SERVER, "Administrative info"),
        ("257", "zoe", "Line 3"),
        ("258", "zoe", "A room on the local network"),
        ("259", "zoe", "No e-mail here: ask the person at the host"),
    ]
    assert "chief" not in str(answer)


def test_the_time_is_the_hosts() -> None:
    """“"<client> <server> [<timestamp> [<TS offset>]] :<human-readable time>"”."""
    assert Rig().client("zoe").numerics("TIME") == [("391", "zoe", SERVER, "2023-11-14 22:13:20 UTC")]


def test_info_is_some_lines_and_an_end() -> None:
    """“the server will respond with zero or more RPL_INFO replies, followed by one RPL_ENDOFINFO numeric.”"""
    *lines, end = Rig().client("zoe").numerics("INFO")
    assert end == ("374", "zoe", "End of INFO")
    assert {n[:2] for n in lines} == {("371", "zoe")}
    assert __version__ in lines[0][2]


def test_the_one_server_is_omitted_from_the_links() -> None:
    """“MUST send replies back using zero or more RPL_LINKS messages and mark the end of the list using a RPL_ENDOFLINKS
    message. Servers MAY omit some or all servers on the network, including itself.”
    """
    assert Rig().client("zoe").numerics("LINKS") == [("365", "zoe", "*", "End of LINKS")]


# ---- HELP ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["HELP", "HELPOP"])
def test_help_names_every_command(command: str) -> None:
    """“reply with a single RPL_HELPSTART message, then arbitrarily many RPL_HELPTXT messages, then a single
    RPL_ENDOFHELP.”
    """
    first, *lines, last = Rig().client("zoe").numerics(command)
    assert first[:3] == ("704", "zoe", "*")
    assert last == ("706", "zoe", "*", "End of help")
    assert {n[:3] for n in lines} == {("705", "zoe", "*")}
    assert " ".join(n[3] for n in lines).split() == sorted(COMMANDS)


@pytest.mark.parametrize("subject", sorted(COMMANDS))
def test_help_tells_how_each_command_is_written(subject: str) -> None:
    """“The <subject> MUST be the one requested by the client, but may be casefolded”."""
    first, usage, last = Rig().client("zoe").numerics(f"HELP {subject.lower()}")
    assert first == ("704", "zoe", subject, COMMANDS[subject].summary)
    assert usage == ("705", "zoe", subject, COMMANDS[subject].usage)
    assert last == ("706", "zoe", subject, "End of help")
    assert subject in COMMANDS[subject].usage


@pytest.mark.parametrize(("asked", "shown"), [("NOSUCH", "NOSUCH"), (":unknown subject", "*")])
def test_what_there_is_no_help_on_is_said(asked: str, shown: str) -> None:
    """“reply with a single ERR_HELPNOTFOUND message”; “unless it would be an invalid parameter, in which case it MUST
    be *.”
    """
    assert Rig().client("zoe").numerics(f"HELP {asked}") == [("524", "zoe", shown, "There is no help on that")]


# ---- LUSERS ----------------------------------------------------------------------------------------------------------


def lusers(client: Client) -> dict[str, tuple[str, ...]]:
    """What LUSERS tells, by numeric: each one only once."""
    answer = client.numerics("LUSERS")
    assert all(n[1] == client.numerics("USERHOST")[0][1] for n in answer)
    assert len({n[0] for n in answer}) == len(answer)
    return {n[0]: n[2:] for n in answer}


def test_people_and_channels_are_counted() -> None:
    """“There are <u> users and <i> invisible on <s> servers”, “I have <c> clients and <s> servers”, “Current local
    users <u>, max <m>”.
    """
    rig = Rig(operators={"chief": "secret"})
    zoe, ana, bob = rig.client("zoe"), rig.client("ana"), rig.client("bob")
    ana.send("MODE ana +i", "OPER chief secret", "JOIN #chan")
    bob.send("QUIT")
    found = lusers(zoe)
    assert found["251"] == ("There are 1 users and 1 invisible on 1 servers",)
    assert found["252"] == ("1", "operator(s) online")
    assert found["254"] == ("2", "channels formed")
    assert found["255"] == ("I have 2 clients and 0 servers",)
    assert found["265"] == ("2", "3", "Current local users 2, max 3")
    assert found["266"] == ("2", "3", "Current global users 2, max 3")


def test_who_has_not_registered_yet_is_counted_apart() -> None:
    """“the number of connections to this server that are currently in an unknown state.” — RPL_LUSERUNKNOWN."""
    rig = Rig()
    zoe = rig.client("zoe")
    assert "253" not in lusers(zoe)
    one, two = rig.client(), rig.client()
    one.send("NICK one")
    assert lusers(zoe)["253"] == ("2", "unknown connection(s)")
    one.send("USER u 0 * :r")
    assert lusers(zoe)["253"] == ("1", "unknown connection(s)")
    assert lusers(zoe)["255"] == ("I have 2 clients and 0 servers",)
    two.send("QUIT")
    assert "253" not in lusers(zoe)


def test_what_there_is_none_of_is_left_out() -> None:
    """“The other replies are only sent back if a non-zero count is found for them.” — RFC 2812, section 5.1.

    But for operators: that there is none is worth knowing.
    """
    assert list(lusers(Rig(rooms=()).client("zoe"))) == ["251", "252", "255", "265", "266"]


def test_an_operator_who_stops_being_one_is_not_counted() -> None:
    """“<ops> […] represents the number of IRC operators connected to this server.”"""
    zoe = Rig(operators={"chief": "secret"}).client("zoe")
    zoe.send("OPER chief secret")
    assert lusers(zoe)["252"] == ("1", "operator(s) online")
    zoe.send("MODE zoe -o")
    assert lusers(zoe)["252"] == ("0", "operator(s) online")


# ---- USERHOST and ISON -----------------------------------------------------------------------------------------------


def test_userhost_tells_rank_absence_and_address() -> None:
    """“reply = nickname [ isop ] "=" isaway hostname; isop = "*"; isaway = ( "+" / "-" )” — RPL_USERHOST."""
    rig = Rig(operators={"chief": "secret"})
    zoe, ana = rig.client("zoe"), rig.client("ana")
    assert zoe.numerics("USERHOST ANA") == [("302", "zoe", "ana=+~username@10.0.0.9")]
    ana.send("AWAY :x", "OPER chief secret")
    assert zoe.numerics("USERHOST ana nobody zoe") == [
        ("302", "zoe", "ana*=-~username@10.0.0.9 zoe=+~username@10.0.0.9")
    ]
    assert zoe.numerics("USERHOST nobody") == [("302", "zoe", "")]
    assert zoe.numerics("USERHOST") == [("461", "zoe", "USERHOST", "Not enough parameters")]


def test_userhost_takes_five_names() -> None:
    """“takes up to five nicknames, each a separate parameters. The nicknames are returned in RPL_USERHOST numerics.”"""
    rig = Rig()
    nicks = [f"{'n' * 39}{number}" for number in range(6)]
    clients = [rig.client(nick, address="2001:0db8:aaaa:bbbb:cccc:dddd:eeee:ffff") for nick in nicks]
    clients[0].send(f"USERHOST {' '.join(nicks)}")
    assert all(len(line) + 2 <= MAX_LINE_BYTES for line in clients[0].raw.split(b"\r\n"))
    words = " ".join(message.params[1] for message in clients[0].read()).split()
    assert [word.partition("=")[0] for word in words] == nicks[:5]


def test_ison_tells_who_is_here() -> None:
    """“replaced by the IRCv3 Monitor specification”, but asked by older clients; RFC 2812, section 4.9."""
    rig = Rig()
    zoe = rig.client("zoe")
    rig.client("Ana")
    assert zoe.numerics("ISON ana nobody ZOE") == [("303", "zoe", "Ana zoe")]
    assert zoe.numerics("ISON :ana nobody") == [("303", "zoe", "Ana")]
    assert zoe.numerics("ISON nobody") == [("303", "zoe", "")]
    assert zoe.numerics("ISON") == [("461", "zoe", "ISON", "Not enough parameters")]
