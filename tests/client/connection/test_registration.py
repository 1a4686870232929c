import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.client.connection.negotiation import Negotiation, _requests
from lanchat.client.connection.place import Person
from lanchat.client.connection.registration import MAX_VARIANTS, Handshake, HostRefusal, RefusalKind
from lanchat.protocol.message import Message, format_body
from tests.client.lines import MESSAGES, message

SECRET = "correct horse"


def begun(person: Person) -> Handshake:
    registration = Handshake(person)
    registration.begin()
    return registration


def answers(registration: Handshake, *lines: str) -> list[str]:
    return [format_body(answer) for line in lines for answer in registration.hear(message(line))]


def test_everything_is_said_at_once() -> None:
    lines = [format_body(one) for one in Handshake(Person("Maria_López", "pw", real_name="María López")).begin()]
    assert lines == [
        "CAP LS 302",
        "PASS pw",
        "NICK Maria_López",
        "USER Maria_López 0 * :María López",
    ]


def test_what_is_offered_and_wanted_is_asked_for() -> None:
    registration = begun(Person("Ana"))
    offers = ":h CAP * LS * :batch unknown-cap", ":h CAP * LS :server-time draft/multiline=max-bytes=9"
    assert answers(registration, *offers) == ["CAP REQ :batch draft/multiline server-time"]
    assert answers(registration, ":h CAP * ACK :batch draft/multiline server-time") == ["CAP END"]
    assert registration.negotiation.enabled == {"batch": "", "draft/multiline": "max-bytes=9", "server-time": ""}


def test_capabilities_refused_are_done_without() -> None:
    registration = begun(Person("Ana"))
    assert answers(registration, ":h CAP * LS :batch", ":h CAP * NAK :batch") == ["CAP REQ batch", "CAP END"]
    assert registration.negotiation.enabled == {}


def test_a_host_without_capabilities_just_welcomes() -> None:
    registration = begun(Person("Ana"))
    assert answers(registration, ":h 421 * CAP :Unknown command", ":h 001 Ana :Welcome") == []
    assert (registration.is_done, registration.nick, registration.remark()) == (True, "Ana", "")


def test_many_capabilities_are_asked_for_in_several_lines() -> None:
    many = {f"{'x' * 40}{number}": "" for number in range(30)}
    requests = _requests(sorted(many))
    assert len(requests) > 1
    assert all(len(format_body(one).encode()) <= 510 for one in requests)
    assert " ".join(one.params[1] for one in requests).split() == sorted(many)


def test_capabilities_come_and_go_later() -> None:
    negotiation = Negotiation()
    negotiation.hear(message(":h CAP Ana LS :batch"))
    negotiation.hear(message(":h CAP Ana ACK :batch"))
    assert negotiation.hear(message(":h CAP Ana NEW :setname other")) == [Message("CAP", ("REQ", "setname"))]
    negotiation.hear(message(":h CAP Ana ACK :setname"))
    negotiation.hear(message(":h CAP Ana DEL :batch"))
    assert negotiation.enabled == {"setname": ""}


# ---- the name -----------------------------------------------------------------------------------------------------


def test_a_taken_name_is_varied_and_that_is_said() -> None:
    registration = begun(Person("Zoé"))
    taken = ":h 433 * Zoé :Nickname is already in use", ":h 433 * Zoé2 :Nickname is already in use"
    assert answers(registration, *taken) == ["NICK Zoé2", "NICK Zoé3"]
    assert answers(registration, ":h 001 Zoé3 :Welcome") == []
    assert registration.remark() == "The name Zoé is taken; you are Zoé3 here."


def test_variants_end_somewhere() -> None:
    registration = begun(Person("Ana"))
    for _ in range(MAX_VARIANTS + 1):
        registration.hear(message(f":h 433 * {registration.nick} :in use"))
    assert registration.refusal is not None
    assert registration.refusal.kind is RefusalKind.NAME


def test_a_name_that_the_host_does_not_allow_is_a_refusal() -> None:
    registration = begun(Person("Ana"))
    answers(registration, ":h 432 * Ana :Nickname too long, max. 2 characters")
    text = "Ana cannot be a name on this host (Nickname too long, max. 2 characters); choose another one with --nick."
    assert registration.refusal == HostRefusal(RefusalKind.NAME, text)


@pytest.mark.parametrize(
    ("person", "line", "kind", "text"),
    [
        (Person("Ana"), ":h 464 * :Password incorrect", RefusalKind.PASSWORD, "This room needs a password."),
        (Person("Ana", "x"), ":h 464 * :Password incorrect", RefusalKind.PASSWORD, "The password is wrong."),
        (Person("Ana"), ":h 465 * :You are banned", RefusalKind.BANNED, "The host does not let you in: You are banned"),
        (Person("Ana"), "ERROR :Full", RefusalKind.OTHER, "The host does not let you in: Full"),
    ],
)
def test_why_nobody_is_let_in(person: Person, line: str, kind: RefusalKind, text: str) -> None:
    registration = begun(person)
    answers(registration, line, "ERROR :Closing link")
    assert registration.refusal == HostRefusal(kind, text)


# ---- accounts -----------------------------------------------------------------------------------------------------


def plain(nick: str) -> str:
    return base64.b64encode(f"\0{nick}\0{SECRET}".encode()).decode()


def authenticating() -> Handshake:
    registration = begun(Person("Ana", secret=SECRET))
    lines = answers(registration, ":h CAP * LS :sasl=PLAIN,EXTERNAL", ":h CAP * ACK :sasl")
    assert lines == ["CAP REQ sasl", "AUTHENTICATE PLAIN"]
    assert answers(registration, "AUTHENTICATE +") == [f"AUTHENTICATE {plain('Ana')}"]
    return registration


def test_the_secret_makes_the_name_ours() -> None:
    registration = authenticating()
    assert answers(registration, ":h 900 * * Ana :You are now logged in", ":h 903 * :Success") == ["CAP END"]
    answers(registration, ":h 001 Ana :Welcome")
    assert registration.remark() == ""


def test_somebody_elses_name_is_varied_and_that_is_said() -> None:
    registration = authenticating()
    assert answers(registration, ":h 904 * :SASL authentication failed") == ["NICK Ana2", "AUTHENTICATE PLAIN"]
    assert answers(registration, "AUTHENTICATE +") == [f"AUTHENTICATE {plain('Ana2')}"]
    answers(registration, ":h 903 * :Success", ":h 001 Ana2 :Welcome")
    remark = "The name Ana is not yours on this host (SASL authentication failed); you are Ana2 here."
    assert registration.remark() == remark


def test_a_host_that_takes_no_secret_now_is_no_reason_to_vary_the_name() -> None:
    registration = begun(Person("Ana", secret=SECRET))
    answers(registration, ":h CAP * LS :sasl", ":h CAP * ACK :sasl")
    assert answers(registration, ":h 904 * :Too many wrong secrets; try again in a few minutes") == ["CAP END"]
    assert registration.nick == "Ana"


def test_after_some_tries_it_goes_on_without_an_account() -> None:
    registration = authenticating()
    failure = ":h 904 * :SASL authentication failed", "AUTHENTICATE +"
    lines = [line for _ in range(4) for line in answers(registration, *failure)]
    lines = [line for line in lines if not line.startswith("AUTHENTICATE")]
    assert lines == ["NICK Ana2", "NICK Ana3", "NICK Ana4", "CAP END"]


@pytest.mark.parametrize("offer", ["sasl=EXTERNAL", "sasl=SCRAM-SHA-256", "batch"])
def test_no_secret_is_sent_where_it_is_not_asked_for_plainly(offer: str) -> None:
    registration = begun(Person("Ana", secret=SECRET))
    name = offer.partition("=")[0]
    assert answers(registration, f":h CAP * LS :{offer}", f":h CAP * ACK :{name}") == [f"CAP REQ {name}", "CAP END"]
    assert answers(registration, "AUTHENTICATE +") == []


def test_a_long_secret_is_sent_in_chunks() -> None:
    registration = begun(Person("A", secret="x" * 597))  # 600 bytes in all: 800 in base64, two whole chunks
    answers(registration, ":h CAP * LS :sasl", ":h CAP * ACK :sasl")
    lines = answers(registration, "AUTHENTICATE +")
    assert [len(line) - len("AUTHENTICATE ") for line in lines] == [400, 400, 1]
    assert lines[-1] == "AUTHENTICATE +"


@given(st.lists(MESSAGES, max_size=40))
def test_no_message_makes_a_registration_raise(messages: list[Message]) -> None:
    registration = begun(Person("Ana", secret=SECRET))
    for one in messages:
        for answer in registration.hear(one):
            assert len(format_body(answer)) <= 510
