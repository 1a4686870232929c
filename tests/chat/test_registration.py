import pytest

from lanchat.chat.state.settings import Room
from tests.chat.rig import ROOM, SERVER, Rig

HELLO = ("NICK foo", "USER username 0 * :Real Name")


def commands(answers: list[tuple[str, ...]]) -> list[str]:
    return [command for command, *_ in answers]


# ---- The welcome -----------------------------------------------------------------------------------------------------


def test_the_welcome_comes_in_the_order_of_the_standard() -> None:
    """Modern, "Connection Registration": "the server MUST send, in this order, the RPL_WELCOME, RPL_YOURHOST,
    RPL_CREATED, RPL_MYINFO, and at least one RPL_ISUPPORT numeric", then LUSERS and MOTD.
    """
    answers = Rig().client().numerics(*HELLO)
    found = commands(answers)
    assert found[:5] == ["001", "002", "003", "004", "005"]
    rest = [command for command in found[5:] if command != "005"]
    assert rest == ["251", "252", "254", "255", "265", "266", "422"]
    assert all(params[0] == "foo" for _, *params in answers)


def test_004_names_the_server_and_its_modes_in_letters() -> None:
    """Modern, "RPL_MYINFO (004)": "<servername> <version> <available user modes> <available channel modes> […]"."""
    answers = Rig().client().numerics(*HELLO)
    _, nick, server, _, *modes = next(answer for answer in answers if answer[0] == "004")
    assert (nick, server) == ("foo", SERVER)
    assert len(modes) == 3
    assert all(letters.isalpha() for letters in modes)


def test_001_holds_the_whole_source() -> None:
    """Modern, "RPL_WELCOME (001)": "Welcome to the <networkname> Network, <nick>[!<user>@<host>]"."""
    answers = Rig(network="Line 3").client().numerics(*HELLO)
    assert answers[0] == ("001", "foo", "Welcome to the Line 3 Network, foo!~username@10.0.0.9")


def test_a_message_of_the_day_is_shown_where_there_is_one() -> None:
    """Modern, "Connection Registration": "it must send either the successful Message of the Day numerics or […]"."""
    answers = Rig(motd=("Press 4 is down", "")).client().numerics(*HELLO)
    assert [answer for answer in answers if answer[0] in {"375", "372", "376"}] == [
        ("375", "foo", f"- {SERVER} message of the day -"),
        ("372", "foo", "- Press 4 is down"),
        ("372", "foo", "- "),
        ("376", "foo", "End of the message of the day"),
    ]


def test_nothing_is_said_before_the_client_is_known() -> None:
    """The design: on this port "the server never speaks first"."""
    client = Rig().client()
    assert client.lines() == []
    assert client.ask("NICK foo") == []


@pytest.mark.parametrize("order", [HELLO, HELLO[::-1]])
def test_nick_and_user_come_in_any_order(order: tuple[str, str]) -> None:
    client = Rig().client()
    assert client.ask(order[0]) == []
    assert client.numerics(order[1])[0][0] == "001"


def test_commands_are_read_in_any_case() -> None:
    """Modern, "Message Format": command names are letters; the suite sends "nick", "user" and "privmsg"."""
    assert Rig().client().numerics("nick foo", "user u 0 * :r")[0][0] == "001"


# ---- NICK ------------------------------------------------------------------------------------------------------------


def test_a_nick_in_use_is_refused_with_433_and_another_can_be_taken() -> None:
    """Modern, "NICK message": "it should issue an ERR_NICKNAMEINUSE numeric and ignore the NICK command"."""
    rig = Rig()
    rig.client("Zoé")
    client = rig.client()
    assert client.numerics("USER u 0 * :r", "NICK ZOÉ") == [("433", "*", "ZOÉ", "This name is in use")]
    assert client.numerics("NICK foo")[0][:2] == ("001", "foo")


def test_of_two_that_want_a_nick_at_once_the_first_to_finish_has_it() -> None:
    rig = Rig()
    one, other = rig.client(), rig.client()
    for client in (one, other):
        client.send("NICK foo")
    assert one.numerics("USER u 0 * :r")[0][0] == "001"
    assert other.numerics("USER u 0 * :r") == [("433", "*", "foo", "This name is in use")]
    assert other.numerics("NICK bar")[0][:2] == ("001", "bar")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("NICK", ("431", "*", "No name given")),
        ("NICK :", ("431", "*", "No name given")),
        ("NICK *", ("432", "*", "*", "This cannot be a name here")),
        ("NICK #foo", ("432", "*", "#foo", "This cannot be a name here")),
        ("NICK :a b", ("432", "*", "*", "This cannot be a name here")),
        ("NICK " + "x" * 41, ("432", "*", "x" * 41, "This cannot be a name here")),
    ],
)
def test_no_name_or_a_bad_one_is_refused_and_a_good_one_may_follow(line: str, answer: tuple[str, ...]) -> None:
    """Modern, "NICK message": ERR_ERRONEUSNICKNAME where it is not valid, ERR_NONICKNAMEGIVEN where it is missing."""
    client = Rig().client()
    assert client.numerics(line, "USER u 0 * :r") == [answer]
    assert client.numerics("NICK valid")[0][:2] == ("001", "valid")


def test_a_change_of_nick_is_told_to_oneself_and_all_who_share_a_channel_once() -> None:
    """Modern, "NICK message": "the <source> of the message will be the old nickname [ [ "!" user ] "@" host ]"."""
    rig = Rig()
    alice, bob, carol = rig.client("alice"), rig.client("bob"), rig.client("carol")
    for client in (alice, bob):
        client.send("JOIN #a,#b")
    bob.lines()
    assert alice.ask("NICK alicia")[0].source == "alice!~username@10.0.0.9"
    assert bob.lines() == [":alice!~username@10.0.0.9 NICK alicia"]
    assert carol.lines() == []


def test_a_change_of_case_is_a_change_and_the_same_nick_is_none() -> None:
    """RFC 1459, section 4.1.2: NICK "is used to give user a nickname or change the previous one"."""
    rig = Rig()
    alice, bob = rig.client("alice"), rig.client("bob")
    for client in (alice, bob):
        client.send("JOIN #a")
    bob.lines()
    assert alice.numerics("NICK Alice") == [("NICK", "Alice")]
    assert bob.lines() == [":alice!~username@10.0.0.9 NICK Alice"]
    assert alice.numerics("NICK Alice") == []
    assert bob.lines() == []


def test_a_nick_that_is_given_up_is_free_at_once() -> None:
    rig = Rig()
    alice = rig.client("alice")
    alice.send("NICK other")
    rig.client("ALICE").send("QUIT")
    assert rig.client().numerics("NICK Alice", "USER u 0 * :r")[0][:2] == ("001", "Alice")


def test_a_nick_change_to_one_in_use_is_refused_and_the_old_one_stays() -> None:
    rig = Rig()
    alice, bob = rig.client("alice"), rig.client("bob")
    assert bob.numerics("NICK alice") == [("433", "bob", "alice", "This name is in use")]
    alice.send("PRIVMSG bob :hi")
    assert [message.params for message in bob.read()] == [("bob", "hi")]


# ---- USER ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["USER", "USER u 0 *", "USER u 0 * :", "USER :", "USER u 0 * : "])
def test_a_username_and_a_real_name_are_needed(line: str) -> None:
    """Modern, "USER message": "If it is empty, the server SHOULD reject the command with ERR_NEEDMOREPARAMS"."""
    assert Rig().client().numerics(line) == [("461", "*", "USER", "Not enough parameters")]


def test_user_after_registration_is_refused() -> None:
    """Modern, "USER message": "the ERR_ALREADYREGISTERED reply should be sent and the attempt should fail"."""
    foo = Rig().client("foo")
    assert foo.numerics("USER other 0 * :Other") == [("462", "foo", "You are registered already")]
    assert ("311", "foo", "foo", "~username", "10.0.0.9", "*", "Real Name") in foo.numerics("WHOIS foo")


def test_nick_and_user_may_be_sent_again_while_capabilities_are_negotiated() -> None:
    client = Rig().client()
    answers = client.numerics("CAP LS 302", *HELLO, "USER other 0 * :Other", "NICK bar", "CAP END")
    assert ("001", "bar", "Welcome to the lanchat Network, bar!~other@10.0.0.9") in answers


def test_a_username_is_cut_to_its_length_at_a_character() -> None:
    """Modern, "USER message": "the username MUST be silently truncated to the given length before being used"."""
    client = Rig().client()
    assert client.numerics("NICK foo", f"USER {'😊' * 10} 0 * :r")[0][0] == "001"
    assert client.numerics("WHOIS foo")[0][3] == "~" + "😊" * 4


def test_a_real_name_keeps_its_spaces() -> None:
    client = Rig().client()
    client.ask("NICK Maria_López", "USER maria 0 * :Maria  López")
    assert client.numerics("WHOIS Maria_López")[0][-1] == "Maria  López"


# ---- PASS ------------------------------------------------------------------------------------------------------------


def test_the_right_password_lets_in() -> None:
    """Modern, "PASS message": "clients send a PASS command before sending the NICK / USER combination"."""
    assert Rig(password="sesame").client().numerics("PASS sesame", *HELLO)[0][0] == "001"


def test_of_several_passwords_the_last_counts() -> None:
    """Modern, "PASS message": "only the last one sent is used for verification"."""
    assert Rig(password="sesame").client().numerics("PASS wrong", "PASS sesame", *HELLO)[0][0] == "001"


@pytest.mark.parametrize("first", [[], ["PASS wrong"], ["PASS sesamegarbage"]])
def test_no_password_or_a_wrong_one_is_refused_with_464_and_the_end(first: list[str]) -> None:
    """Modern, "PASS message": "The password supplied must match the one defined in the server configuration"."""
    rig = Rig(password="sesame")
    client = rig.client()
    assert client.numerics(*first, *HELLO) == [
        ("464", "foo", "The room's password is missing or wrong"),
        ("ERROR", "Closing link: (10.0.0.9) The room's password is missing or wrong"),
    ]
    assert client.is_closed
    assert rig.network.unknown_count == 0


def test_a_password_after_nick_and_user_comes_too_late() -> None:
    client = Rig(password="sesame").client()
    assert client.numerics(*HELLO, "PASS sesame")[0][0] == "464"


@pytest.mark.parametrize("line", ["PASS", "PASS :"])
def test_pass_needs_a_password(line: str) -> None:
    assert Rig().client().numerics(line) == [("461", "*", "PASS", "Not enough parameters")]


def test_pass_after_registration_is_refused() -> None:
    """Modern, "PASS message": "it may not be changed once the client has been registered"."""
    assert Rig().client("foo").numerics("PASS x") == [("462", "foo", "You are registered already")]


def test_who_guesses_passwords_has_to_wait_and_others_have_not() -> None:
    rig = Rig(password="sesame", is_flood_limited=True)
    for _ in range(5):
        rig.client().ask("PASS wrong", *HELLO)
    assert rig.client().numerics("PASS sesame", *HELLO)[0] == (
        "464",
        "foo",
        "Too many wrong passwords; try again in a few minutes",
    )
    assert rig.client(address="10.0.0.8").numerics("PASS sesame", *HELLO)[0][0] == "001"
    rig.tick(301)
    assert rig.client().numerics("PASS sesame", "NICK bar", "USER u 0 * :r")[0][0] == "001"


def test_who_forgets_the_password_has_not_guessed() -> None:
    rig = Rig(password="sesame", is_flood_limited=True)
    for _ in range(9):
        rig.client().ask(*HELLO)
    assert rig.client().numerics("PASS sesame", *HELLO)[0][0] == "001"


# ---- Before registration ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["JOIN #a", "PRIVMSG foo :hi", "NONSENSE", "WHO", "LIST"])
def test_other_commands_have_to_wait(line: str) -> None:
    """Modern, "ERR_NOTREGISTERED (451)": "cannot be parsed as they are not yet registered"."""
    assert Rig().client().numerics(line) == [("451", "*", "You have not registered")]


def test_who_is_not_registered_counts_as_unknown_until_they_are() -> None:
    """Modern, "RPL_LUSERUNKNOWN (253)": "connections to the server that are currently in an unknown state"."""
    rig = Rig()
    foo = rig.client("foo")
    one, other = rig.client(), rig.client()
    one.send("NICK one")
    unknown = ("253", "foo", "2", "unknown connection(s)")
    assert unknown in foo.numerics("LUSERS")
    one.send("USER u 0 * :r")
    other.send("QUIT")
    assert [answer for answer in foo.numerics("LUSERS") if answer[0] == "253"] == []
    assert ("265", "foo", "2", "2", "Current local users 2, max 2") in foo.numerics("LUSERS")


def test_a_dropped_connection_is_no_longer_unknown() -> None:
    rig = Rig()
    rig.client().drop()
    assert rig.network.unknown_count == 0


def test_a_full_room_lets_nobody_in() -> None:
    rig = Rig(max_clients=1)
    rig.client("foo")
    client = rig.client()
    assert client.numerics("NICK bar", "USER u 0 * :r") == [
        ("ERROR", "Closing link: (10.0.0.9) The room is full: 1 are in")
    ]
    assert client.is_closed


def test_an_address_of_ipv6_does_not_end_a_line() -> None:
    """Modern, "Parameters": one that begins with a colon is the last."""
    client = Rig().client(address="::1")
    assert client.numerics(*HELLO)[0][-1] == "Welcome to the lanchat Network, foo!~username@0::1"
    assert client.numerics("WHOIS foo")[0][4] == "0::1"


# ---- Lengths ---------------------------------------------------------------------------------------------------------


def test_with_the_longest_names_every_line_of_the_welcome_fits() -> None:
    rig = Rig(
        rooms=(Room("é" * 31, "#" + "é" * 31, ROOM.id),), network="a b" * 20, motd=("x" * 600, "😊" * 300), password="p"
    )
    rig.network.name = "s" * 59 + ".lan"
    client = rig.client(address="h" * 63)
    client.send("PASS p", "NICK " + "😊" * 10, f"USER {'u' * 18} 0 * :{'r' * 150}")
    lines = client.lines()
    assert lines[0].split(" ")[1] == "001"
    assert all(len(line.encode()) <= 510 for line in lines)
    client.send(
        f"JOIN {rig.network.settings.rooms[0].channel}", "LIST", "WHO *", "WHOIS " + "😊" * 10, "VERSION", "ADMIN"
    )
    assert all(len(line.encode()) <= 510 for line in client.lines())
