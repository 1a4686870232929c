import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.client.connection.negotiation import Negotiation, _requests
from lanchat.client.connection.place import Person
from lanchat.client.connection.registration import MAX_VARIANTS, Handshake, HostRefusal, RefusalKind
from lanchat.protocol import scram
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
    assert registration.remark() == "You are Zoé3, since somebody else here is called Zoé; /nick NAME changes it."


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
    why = "the name Ana is somebody else's here (SASL authentication failed)"
    assert registration.remark() == f"You are Ana2, since {why}; /nick NAME changes it."


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


@pytest.mark.parametrize("offer", ["sasl=EXTERNAL", "sasl=SCRAM-SHA-512", "batch"])
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


# ---- a host that knows us -----------------------------------------------------------------------------------------

SALT = b"salt"
KNOWING = Person("Ana", "the password", SECRET, known=("Ana",))
OFFER = ":h CAP * LS :sasl=PLAIN,SCRAM-SHA-256", ":h CAP * ACK :sasl"


class KnowingHost:
    """The host's side of SCRAM, for names and their secrets."""

    def __init__(self, **secrets: str) -> None:
        self._known = {
            name: scram.verifier(scram.salted(secret.encode(), SALT, 4096), SALT, 4096)
            for name, secret in secrets.items()
        }
        self.side: scram.ServerSide | None = None

    def answer(self, line: str) -> list[str]:
        """Return what follows from an AUTHENTICATE."""
        word = line.removeprefix("AUTHENTICATE ")
        if word in ("SCRAM-SHA-256", "PLAIN"):
            self.side = None
            return ["AUTHENTICATE +"]
        if word == "+":
            assert self.side is not None
            return [f":h 900 * * {self.side.name} :in", ":h 903 * :Success"]
        response = base64.b64decode(word)
        if not response.startswith((b"n,,", b"c=")):
            return [f":h 900 * * {response.split(bytes(1))[1].decode()} :in", ":h 903 * :Success"]
        if self.side is None:
            first = scram.read_first(response)
            if first.name not in self._known:
                return [":h 904 * :Nobody"]
            self.side = scram.ServerSide(first, self._known[first.name], "host")
            return [f"AUTHENTICATE {base64.b64encode(self.side.challenge).decode()}"]
        signed = self.side.finish(response)
        return [f"AUTHENTICATE {base64.b64encode(signed).decode()}"] if signed else [":h 904 * :Wrong"]


def talk(registration: Handshake, host: KnowingHost, *lines: str) -> list[str]:
    """Let a host say something, and both go on until neither has more to say; return what we said."""
    said: list[str] = []
    waiting = list(lines)
    while waiting:
        answered = registration.hear(message(waiting.pop(0)))
        if registration.login and (work := registration.login.work):
            asked = work.challenge
            answered += registration.hashed(scram.salted(work.secret.encode(), asked.salt, asked.iterations))
        for line in map(format_body, answered):
            said.append(line)
            waiting += host.answer(line) if line.startswith("AUTHENTICATE") and line != "AUTHENTICATE *" else []
    return said


def test_a_host_that_knows_us_gets_the_password_after_it_has_proved_that() -> None:
    registration = Handshake(KNOWING)
    lines = [format_body(one) for one in registration.begin()]
    assert not [line for line in lines if "password" in line]
    said = talk(registration, KnowingHost(Ana=SECRET), *OFFER)
    assert [line.split()[0] for line in said] == ["CAP", *["AUTHENTICATE"] * 4, "PASS", "CAP"]
    assert said[-2:] == ["PASS :the password", "CAP END"]
    assert (registration.account, registration.is_proved, registration.refusal) == ("Ana", True, None)


@pytest.mark.parametrize(
    "lines",
    [
        [":h CAP * LS :sasl=PLAIN", ":h CAP * ACK :sasl"],
        [":h CAP * LS :sasl", ":h CAP * ACK :sasl"],
        [":h CAP * LS :batch", ":h CAP * ACK :batch"],
        [":h CAP * LS :sasl=PLAIN,SCRAM-SHA-256", ":h CAP * NAK :sasl"],
        [":h 001 Ana :Welcome"],
        [":h 464 * :Password incorrect"],
        [*OFFER, "AUTHENTICATE +", ":h 904 * :Nobody"],
        [*OFFER, ":h 903 * :Success"],
        [*OFFER, "AUTHENTICATE +", ":h 903 * :Success"],
        [*OFFER, "AUTHENTICATE +", "AUTHENTICATE cj1vdGhlcixzPUFBQUEsaT00MDk2", ":h 903 * :Success"],
        [*OFFER, "AUTHENTICATE +", ":h 001 Ana :Welcome"],
    ],
)
def test_a_host_that_should_know_us_and_does_not_prove_it_is_told_nothing(lines: list[str]) -> None:
    registration = begun(KNOWING)
    said = answers(registration, *lines, "AUTHENTICATE +", ":h 001 Ana :Welcome")
    assert registration.refusal is not None
    assert registration.refusal.kind is RefusalKind.HOST
    assert "if it is the right one, join with --as-new" in registration.refusal.text
    assert not [line for line in said if line.startswith("PASS") or line == "AUTHENTICATE PLAIN"]
    assert not registration.is_done


def test_a_host_that_knows_another_secret_is_not_ours() -> None:
    registration = begun(KNOWING)
    said = talk(registration, KnowingHost(Ana="another"), *OFFER)
    assert registration.refusal is not None
    assert not [line for line in said if line.startswith("PASS")]


def test_a_signature_that_is_wrong_is_no_proof() -> None:
    class Forger(KnowingHost):
        def answer(self, line: str) -> list[str]:
            if self.side and line != "AUTHENTICATE +":
                return [f"AUTHENTICATE {base64.b64encode(b'v=' + base64.b64encode(bytes(32))).decode()}"]
            return super().answer(line)

    registration = begun(KNOWING)
    said = talk(registration, Forger(Ana=SECRET), *OFFER)
    assert said[-1] == "AUTHENTICATE *"
    assert registration.refusal is not None


def test_under_a_new_name_the_host_proves_itself_by_the_old_one_first() -> None:
    person = Person("Bob", "pw", SECRET, known=("Ana",))
    registration = begun(person)
    said = talk(registration, KnowingHost(Ana=SECRET), *OFFER)
    assert said.index("PASS pw") < said.index("AUTHENTICATE PLAIN")
    shown = base64.b64decode(said[said.index("AUTHENTICATE PLAIN") + 1].split()[1]).decode()
    assert shown == f"\0Bob\0{person.secret_of('Bob')}"
    assert SECRET not in shown
    assert (registration.account, said[-1]) == ("Bob", "CAP END")


def test_a_host_that_takes_no_logins_at_the_moment_is_asked_again_later() -> None:
    registration = begun(KNOWING)
    answers(registration, *OFFER, ":h 906 * :Too many wrong secrets")
    assert registration.refusal is not None
    assert registration.refusal.kind is RefusalKind.OTHER


def test_where_we_are_new_scram_is_tried_before_the_secret_is_shown() -> None:
    registration = begun(Person("Ana", secret=SECRET))
    said = talk(registration, KnowingHost(), *OFFER)
    assert [said[1], said[3], said[-1]] == ["AUTHENTICATE SCRAM-SHA-256", "AUTHENTICATE PLAIN", "CAP END"]
    assert registration.account == "Ana"


def test_where_the_name_is_somebody_elses_the_secret_is_not_shown_under_it() -> None:
    registration = begun(Person("Ana", secret=SECRET))
    said = talk(registration, KnowingHost(Ana="another", Ana2=SECRET), *OFFER)
    assert "AUTHENTICATE PLAIN" not in said
    assert registration.account == "Ana2"


def test_a_host_that_takes_no_more_accounts_lets_us_in_without() -> None:
    registration = authenticating()
    assert answers(registration, ":h 906 * :No more accounts are taken here") == ["CAP END"]
    assert registration.nick == "Ana"


@given(st.sampled_from([Person("Ana", secret=SECRET), KNOWING]), st.lists(MESSAGES, max_size=40))
def test_no_message_makes_a_registration_raise(person: Person, messages: list[Message]) -> None:
    registration = begun(person)
    for one in messages:
        for answer in registration.hear(one):
            assert len(format_body(answer)) <= 510
