from base64 import b64encode
from collections import deque

import pytest

from lanchat.errors import ProtocolError
from lanchat.protocol.sasl import Exchange, read_plain
from tests.chat.rig import SERVER, Client, Rig

HELLO = ("NICK jilles", "USER username 0 * :Real Name")
SUCCESS = ("903", "*", "SASL authentication successful")


def plain(response: str) -> str:
    """Return the base64 of a PLAIN response."""
    return b64encode(response.encode()).decode()


SESAME = plain("\0jilles\0sesame")


def newcomer(rig: Rig) -> Client:
    """Return a client that is about to log in."""
    rig.own("jilles")
    client = rig.client()
    client.ask("CAP LS 302", "CAP REQ sasl")
    return client


def logged_in(account: str, source: str = "*!*@10.0.0.9", nick: str = "*") -> tuple[str, ...]:
    return ("900", nick, source, account, f"You are now logged in as {account}")


# ---- The exchange ----------------------------------------------------------------------------------------------------


def test_the_mechanism_is_answered_with_an_empty_challenge() -> None:
    """IRCv3 sasl-3.1: "If the chosen mechanism is client-first, the server sends an empty response"."""
    assert newcomer(Rig()).ask("AUTHENTICATE plain")[0].params == ("+",)


def test_a_login_is_told_by_900_and_903() -> None:
    """IRCv3 sasl-3.1: "If authentication is successful, a 900 and 903 numeric will be sent"; "amls…" is its example."""
    client = newcomer(Rig())
    client.ask("AUTHENTICATE PLAIN")
    assert client.numerics("AUTHENTICATE amlsbGVzAGppbGxlcwBzZXNhbWU=") == [logged_in("jilles"), SUCCESS]
    answers = client.numerics(*HELLO, "CAP END")
    assert answers[0][:2] == ("001", "jilles")
    assert ("330", "jilles", "jilles", "jilles", "is logged in as") in client.numerics("WHOIS jilles")


def test_after_a_nick_was_given_it_is_named() -> None:
    client = newcomer(Rig())
    client.ask("NICK jilles")
    assert client.login("jilles")[1:] == [
        logged_in("jilles", "jilles!*@10.0.0.9", "jilles"),
        ("903", "jilles", "SASL authentication successful"),
    ]


@pytest.mark.parametrize("identity", ["", "jilles"])
def test_the_identity_to_act_as_is_empty_or_ones_own(identity: str) -> None:
    """RFC 4616, section 2: the authzid may be empty: "derive the authorization identity from the […] credentials"."""
    client = newcomer(Rig())
    client.ask("AUTHENTICATE PLAIN")
    assert client.numerics("AUTHENTICATE " + plain(f"{identity}\0jilles\0sesame"))[-1] == SUCCESS


@pytest.mark.parametrize(
    "response",
    ["other\0jilles\0sesame", "\0jilles\0", "\0\0sesame", "jilles", "", "\0a\0b\0c", "\0a b\0sesame", "\0#a\0sesame"],
)
def test_any_other_response_fails(response: str) -> None:
    """RFC 4616, section 2: "[authzid] UTF8NUL authcid UTF8NUL passwd", none of the last two empty."""
    rig = Rig()
    client = newcomer(rig)
    client.ask("AUTHENTICATE PLAIN")
    answers = client.numerics(f"AUTHENTICATE {plain(response) or '+'}")
    assert [answer[:2] for answer in answers] == [("904", "*")]
    assert [account.name for account in rig.network.accounts.all()] == ["jilles"]


@pytest.mark.parametrize("chunk", ["!!!", "amls", "é", ":", "====", "a"])
def test_what_is_no_base64_fails_and_can_be_tried_again(chunk: str) -> None:
    """IRCv3 sasl-3.1: "the client MAY retry from the AUTHENTICATE <mechanism> command"."""
    client = newcomer(Rig())
    client.ask("AUTHENTICATE PLAIN")
    assert client.numerics(f"AUTHENTICATE {chunk}")[-1][:2] == ("904", "*")
    assert client.login("jilles")[-1] == SUCCESS


@pytest.mark.parametrize("size", [100, 288, 289, 290, 291, 592, 800])
def test_a_long_response_comes_in_pieces_of_400(size: int) -> None:
    """IRCv3 sasl-3.1: "If the last chunk was exactly 400 bytes long, it must also be followed by AUTHENTICATE +"."""
    rig = Rig()
    rig.own("ann", "x" * size)
    client = newcomer(rig)
    assert client.login("ann", "x" * size)[1:] == [logged_in("ann"), SUCCESS]
    assert client.login("ann", "x" * (size - 1) + "y")[-1][0] == "904"


def test_a_secret_of_other_letters_is_one() -> None:
    rig = Rig()
    rig.own("ann", "é" * 100)
    assert newcomer(rig).login("ann", "é" * 100)[-1] == SUCCESS


def test_too_long_a_piece_is_told_with_905() -> None:
    """IRCv3 sasl-3.1: 905 is sent where "the parameter longer than 400 bytes"."""
    client = newcomer(Rig())
    client.ask("AUTHENTICATE PLAIN")
    assert client.numerics("AUTHENTICATE " + "x" * 401) == [("905", "*", "SASL message too long")]
    assert client.login("jilles")[-1] == SUCCESS


def test_too_long_a_response_fails() -> None:
    """IRCv3 sasl-3.1: "The server MAY place a limit on the total length of a response"."""
    client = newcomer(Rig())
    client.ask("AUTHENTICATE PLAIN")
    chunk = "AUTHENTICATE " + "A" * 400
    assert client.numerics(chunk, chunk, chunk) == []
    assert client.numerics(chunk)[0][:2] == ("904", "*")


def test_a_login_can_be_given_up() -> None:
    """IRCv3 sasl-3.1: "The client can abort an authentication by sending an asterisk"; "The server will send a 906"."""
    client = newcomer(Rig())
    client.ask("AUTHENTICATE PLAIN")
    assert client.numerics("AUTHENTICATE *") == [("906", "*", "SASL authentication aborted")]
    assert client.login("jilles")[-1] == SUCCESS


def test_another_mechanism_is_refused_and_those_there_are_named() -> None:
    """IRCv3 sasl-3.1: "If this fails, a 904 numeric will be sent"; 908 "MAY be sent", with a "list of mechanisms"."""
    client = newcomer(Rig())
    assert client.numerics("AUTHENTICATE FOO") == [
        ("908", "*", "PLAIN,SCRAM-SHA-256", "are available SASL mechanisms"),
        ("904", "*", "No such SASL mechanism"),
    ]
    assert client.login("jilles")[-1] == SUCCESS


def test_authenticate_needs_a_parameter() -> None:
    assert newcomer(Rig()).numerics("AUTHENTICATE") == [("461", "*", "AUTHENTICATE", "Not enough parameters")]


def test_nick_and_user_in_the_middle_do_not_disturb() -> None:
    client = newcomer(Rig())
    client.ask("AUTHENTICATE PLAIN")
    assert client.ask(*HELLO) == []
    assert client.numerics(f"AUTHENTICATE {SESAME}")[0][0] == "900"


def test_who_registers_in_the_middle_comes_in_without_the_login() -> None:
    """IRCv3 sasl-3.1: "the server SHOULD abort it and send a 906 numeric, then register the client"."""
    client = newcomer(Rig())
    client.ask("NICK ann", HELLO[1], "AUTHENTICATE PLAIN")
    answers = client.numerics("CAP END")
    assert answers[0] == ("906", "ann", "The login was not finished")
    assert answers[1][:2] == ("001", "ann")
    assert "330" not in [code for code, *_ in client.numerics("WHOIS ann")]


def test_without_negotiation_registering_ends_the_login_too() -> None:
    client = Rig().client()
    client.ask("AUTHENTICATE PLAIN", "NICK jilles")
    assert [code for code, *_ in client.numerics("USER u 0 * :r")][:2] == ["906", "001"]
    assert client.session.sasl is None


def test_the_end_of_negotiation_alone_does_not_end_the_login() -> None:
    client = newcomer(Rig())
    client.ask("AUTHENTICATE PLAIN", "CAP END")
    assert client.numerics(f"AUTHENTICATE {SESAME}")[0][0] == "900"
    assert client.numerics(*HELLO)[0][0] == "001"


def test_one_can_log_in_later_and_again_as_another() -> None:
    """IRCv3 sasl-3.2: "Servers SHOULD allow a client […] to reauthenticate […] at any time"."""
    rig = Rig()
    for name in ("jilles", "other"):
        rig.own(name)
    client = rig.client("foo", caps="sasl")
    assert [code for code, *_ in client.login("jilles")] == ["AUTHENTICATE", "900", "903"]
    assert [code for code, *_ in client.login("other")] == ["AUTHENTICATE", "900", "903"]
    assert ("330", "foo", "foo", "other", "is logged in as") in client.numerics("WHOIS foo")


def test_while_a_secret_is_hashed_all_that_is_sent_waits() -> None:
    rig = Rig()
    rig.hashes = deque()
    client = newcomer(rig)
    client.login("jilles")
    assert client.ask(*HELLO, "CAP END", "PING x") == []
    rig.hash_next()
    answers = [message.command for message in client.read()]
    assert answers[:3] == ["900", "903", "001"]
    assert answers[-1] == "PONG"


def test_who_leaves_while_their_secret_is_hashed_is_gone() -> None:
    rig = Rig()
    rig.hashes = deque()
    client = newcomer(rig)
    client.ask("NICK ann")
    client.login("ann")
    client.drop()
    rig.hash_next()
    assert client.lines() == []
    assert rig.network.accounts.find("ann") is None


def test_the_answer_bears_the_label_of_the_line_that_asked_though_it_comes_later() -> None:
    """IRCv3 labeled-response: "the server MUST include the same tag and value in any response produced"."""
    rig = Rig()
    rig.hashes = deque()
    client = rig.client("jilles", caps="sasl batch labeled-response")
    client.ask("AUTHENTICATE PLAIN")
    assert client.ask(f"@label=abc AUTHENTICATE {SESAME}") == []
    rig.hash_next()
    first, *inner, last = client.read()
    assert (first.command, first.params[1], first.tags) == ("BATCH", "labeled-response", {"label": "abc"})
    assert [message.command for message in inner] == ["900", "903"]
    assert last.params == ("-" + first.params[0][1:],)


def test_a_piece_that_is_not_the_last_is_acknowledged_by_its_label_alone() -> None:
    client = Rig().client("jilles", caps="sasl batch labeled-response")
    client.ask("AUTHENTICATE PLAIN")
    client.send("@label=1 AUTHENTICATE " + "A" * 400)
    assert client.lines() == [f"@label=1 :{SERVER} ACK"]


# ---- The parts -------------------------------------------------------------------------------------------------------


def test_pieces_are_put_together_until_one_is_short() -> None:
    exchange = Exchange()
    data = b64encode(b"x" * 300).decode()
    assert len(data) == 400
    assert exchange.feed(data) is None
    assert exchange.feed("+") == b"x" * 300


def test_a_plain_response_is_a_name_and_a_secret() -> None:
    assert read_plain(b"\0zo\xc3\xa9\0\xff") == ("zoé", b"\xff")
    for response in (b"\0\xff\0x", b"\0a\0" + b"x" * 801, b"b\0a\0x"):
        with pytest.raises(ProtocolError):
            read_plain(response)
