import pytest

from lanchat.protocol.capabilities import CAPABILITIES
from tests.chat.rig import SERVER, Client, Rig

HELLO = ("NICK foo", "USER u 0 * :r")


def caps(client: Client, line: str) -> set[str]:
    """Return the words of the last parameters of what a CAP command is answered with."""
    return {word for message in client.ask(line) for word in message.params[-1].split()}


def test_capabilities_are_listed_with_values_in_one_line() -> None:
    """IRCv3 CAP, "CAP LS Version": 302 allows "<name>=<value>"."""
    answers = Rig().client().numerics("CAP LS 302")
    assert len(answers) == 1
    assert answers[0][:3] == ("CAP", "*", "LS")
    words = answers[0][3].split()
    assert "sasl=PLAIN,SCRAM-SHA-256" in words
    assert "draft/multiline=max-bytes=16384,max-lines=100" in words
    assert "draft/account-registration=before-connect" in words
    assert {word.partition("=")[0] for word in words} == CAPABILITIES.keys()


@pytest.mark.parametrize("line", ["CAP LS", "CAP LS 301", "CAP LS x"])
def test_older_clients_get_one_line_without_values(line: str) -> None:
    """IRCv3 CAP, "CAP LS Version": else "the server MUST NOT send these new features to the client"."""
    client = Rig().client()
    assert client.numerics(line) == [("CAP", "*", "LS", " ".join(CAPABILITIES))]
    client.send("CAP END", *HELLO)
    assert client.numerics(line) == [("CAP", "foo", "LS", " ".join(CAPABILITIES))]


def test_with_the_longest_names_it_is_one_line_for_older_clients_and_as_many_as_needed_for_others() -> None:
    rig = Rig()
    rig.network.name = "s" * 59 + ".lan"
    client = rig.client("x" * 40)
    (old,) = client.ask("CAP LS")
    assert old.params[-1].split() == list(CAPABILITIES)
    client.send("CAP LS 302")
    new = client.lines()
    assert all(len(line.encode()) <= 510 for line in new)
    words = " ".join(line.partition(" :")[2] for line in new).split()
    assert [word.partition("=")[0] for word in words] == list(CAPABILITIES)


def test_a_lower_version_is_answered_in_its_way_and_the_higher_one_kept() -> None:
    """IRCv3 CAP: "SHOULD return a CAP LS reply consistent with the request's version, but keep storing"."""
    client = Rig().client()
    client.ask("CAP LS 302")
    assert not any("=" in word for word in caps(client, "CAP LS"))
    assert client.session.cap_version == 302


def test_a_higher_version_gets_what_there_is() -> None:
    """IRCv3 CAP: "if a client sends version 304, the server would enable those 302 […] features"."""
    assert "sasl=PLAIN,SCRAM-SHA-256" in caps(Rig().client(), "CAP LS 307")


def test_registration_waits_for_the_end_of_negotiation() -> None:
    """IRCv3 CAP: "the server MUST not complete registration until the client sends a CAP END"."""
    client = Rig().client()
    client.ask("CAP LS 302")
    assert client.ask(*HELLO) == []
    assert client.numerics("CAP LS 302")[0][:3] == ("CAP", "foo", "LS")
    assert client.numerics("CAP END")[0][:2] == ("001", "foo")


def test_a_blind_request_holds_registration_too() -> None:
    """IRCv3 CAP: "Upon receiving either a CAP LS or CAP REQ command during connection registration"."""
    client = Rig().client()
    assert client.numerics("CAP REQ multi-prefix", *HELLO) == [("CAP", "*", "ACK", "multi-prefix")]
    assert client.numerics("CAP END")[0][0] == "001"


def test_capabilities_are_agreed_on_as_they_were_asked_for() -> None:
    client = Rig().client()
    client.ask("CAP LS", *HELLO)
    answers = client.numerics("CAP REQ :multi-prefix userhost-in-names")
    assert answers == [("CAP", "foo", "ACK", "multi-prefix userhost-in-names")]
    assert caps(client, "CAP LIST") == {"multi-prefix", "userhost-in-names"}


def test_requests_add_up_after_registration_too() -> None:
    """IRCv3 CAP: "The server MUST accept the CAP command at any time, including after registration"."""
    client = Rig().client()
    client.ask("CAP LS", "CAP REQ :multi-prefix", *HELLO, "CAP END")
    assert client.numerics("CAP REQ userhost-in-names") == [("CAP", "foo", "ACK", "userhost-in-names")]
    assert caps(client, "CAP LIST") == {"multi-prefix", "userhost-in-names"}


@pytest.mark.parametrize(
    "asked", ["foo", "foo qux bar baz qux quux", "foo multi-prefix bar", "multi-prefix -foo", "-", "Sasl"]
)
def test_what_is_not_there_is_refused_word_for_word_and_as_a_whole(asked: str) -> None:
    """IRCv3 CAP: "must be accepted as a whole, or rejected entirely"; names "are case-sensitive"."""
    client = Rig().client()
    assert client.numerics(f"CAP REQ :{asked}") == [("CAP", "*", "NAK", asked)]
    assert caps(client, "CAP LIST") == set()


def test_a_capability_can_be_given_back() -> None:
    """IRCv3 CAP: "may be prefixed with a dash (-) to designate that [it] should be disabled"."""
    rig = Rig()
    sender, bar = rig.client("sender"), rig.client("bar", caps="echo-message server-time")
    sender.send("PRIVMSG bar :hi")
    assert bar.lines()[0].startswith("@time=2023-11-14T22:13:20.000Z :sender!")
    assert bar.ask("CAP REQ :-server-time")[0].tags == {}
    sender.send("PRIVMSG bar :hi")
    assert bar.lines() == [":sender!~username@10.0.0.9 PRIVMSG bar :hi"]
    assert caps(bar, "CAP LIST") == {"echo-message", "cap-notify"}


def test_asking_again_or_giving_back_what_one_has_not_is_fine() -> None:
    """IRCv3 CAP: "MUST continue processing […] as though handling this capability was successful"."""
    client = Rig().client()
    assert client.numerics("CAP REQ :multi-prefix -sasl", "CAP REQ multi-prefix")[1] == (
        "CAP",
        "*",
        "ACK",
        "multi-prefix",
    )


def test_a_list_is_read_from_left_to_right() -> None:
    """IRCv3 CAP: "MUST be parsed and processed from left to right"."""
    client = Rig().client()
    client.ask("CAP REQ :multi-prefix -multi-prefix -sasl sasl")
    assert caps(client, "CAP LIST") == {"sasl"}


def test_no_capabilities_are_an_empty_list() -> None:
    """IRCv3 CAP: "If no capabilities are enabled, an empty parameter must be sent"."""
    assert Rig().client().lines() == []
    client = Rig().client()
    client.send("CAP LIST")
    assert client.lines() == [f":{SERVER} CAP * LIST :"]


def test_version_302_switches_cap_notify_on_for_good() -> None:
    """IRCv3 CAP, "cap-notify": "servers MUST NOT disable the cap-notify capability if […] 302"."""
    client = Rig().client()
    client.ask("CAP LS 302")
    assert caps(client, "CAP LIST") == {"cap-notify"}
    assert client.numerics("CAP REQ cap-notify") == [("CAP", "*", "ACK", "cap-notify")]
    assert client.numerics("CAP REQ -cap-notify") == [("CAP", "*", "NAK", "-cap-notify")]


def test_older_clients_may_switch_cap_notify_off() -> None:
    """IRCv3 CAP, "cap-notify": "servers MUST allow these clients to do so"."""
    client = Rig().client()
    client.ask("CAP LS", "CAP REQ cap-notify")
    assert client.numerics("CAP REQ -cap-notify") == [("CAP", "*", "ACK", "-cap-notify")]


@pytest.mark.parametrize("nick", ["*", "foo"])
def test_an_unknown_subcommand_is_told_so(nick: str) -> None:
    """IRCv3 CAP: "numeric 410 (ERR_INVALIDCAPCMD) should be sent", the command name first."""
    client = Rig().client()
    if nick == "foo":
        client.ask("NICK foo")
    assert client.numerics("CAP NOTACOMMAND") == [("410", nick, "NOTACOMMAND", "Invalid CAP subcommand")]


def test_cap_needs_a_subcommand() -> None:
    assert Rig().client().numerics("CAP") == [("461", "*", "CAP", "Not enough parameters")]


def test_cap_end_after_registration_is_ignored() -> None:
    """IRCv3 CAP, "CAP END": "If the client is already registered, this command MUST be ignored"."""
    assert Rig().client("foo").ask("CAP END") == []


def test_cap_ls_after_registration_holds_nothing_up() -> None:
    foo = Rig().client("foo")
    foo.ask("CAP LS 302")
    assert foo.numerics("PING x") == [("PONG", SERVER, "x")]


def test_too_long_a_request_is_agreed_to_in_several_lines() -> None:
    """IRCv3 CAP, "CAP ACK": "If an ACK reply […] is spread across multiple lines"."""
    rig = Rig()
    rig.network.name = "s" * 59 + ".lan"
    client = rig.client("x" * 40)
    asked = " ".join(CAPABILITIES) + " " + "sasl " * 15
    client.send(f"CAP REQ :{asked}")
    lines = client.lines()
    assert len(lines) > 1
    assert all(len(line.encode()) <= 510 for line in lines)
    assert " ".join(line.partition(" ACK :")[2] for line in lines).split() == asked.split()
    assert client.session.capabilities == CAPABILITIES.keys()


def test_order_does_not_matter_for_what_depends_on_another() -> None:
    """IRCv3 multiline, "Dependencies": "The order […] is not significant and MUST not be enforced"."""
    client = Rig().client()
    for name in ("draft/multiline", "labeled-response", "batch"):
        assert client.numerics(f"CAP REQ {name}") == [("CAP", "*", "ACK", name)]


def test_an_empty_request_changes_nothing() -> None:
    client = Rig().client()
    assert client.numerics("CAP REQ :", "CAP REQ") == [("CAP", "*", "ACK", ""), ("CAP", "*", "ACK", "")]
    assert client.session.capabilities == frozenset()


def test_what_takes_several_lines_is_told_in_several_to_those_who_know_that() -> None:
    """IRCv3 CAP: "all but the last reply MUST have a parameter containing only an asterisk"."""
    rig = Rig()
    rig.network.name = "s" * 300
    client = rig.client()
    *first, last = client.numerics("CAP LS 302")
    assert first
    assert all(answer[:4] == ("CAP", "*", "LS", "*") for answer in first)
    assert len(last) == 4
    names = [word.partition("=")[0] for answer in (*first, last) for word in answer[-1].split()]
    assert names == list(CAPABILITIES)
    client.ask(f"CAP REQ :{' '.join(names)}")
    *first, last = client.numerics("CAP LIST")
    assert {answer[3] for answer in first} == {"*"}
    (old,) = rig.client().numerics("CAP LS")
    assert old[3].split() == names[: len(old[3].split())]
