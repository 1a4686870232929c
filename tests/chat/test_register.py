from collections import deque

import pytest

from tests.chat.rig import Client, Rig

HELLO = ("USER username 0 * :Real Name",)
REGISTRATION = "draft/account-registration"


def codes(answers: list[tuple[str, ...]]) -> list[str]:
    return [code for code, *_ in answers]


def negotiating(rig: Rig, caps: str = REGISTRATION) -> Client:
    client = rig.client()
    client.ask("CAP LS 302", f"CAP REQ :{caps}")
    return client


@pytest.mark.parametrize("name", ["*", "bar", "BAR"])
def test_register_makes_ones_name_an_account(name: str) -> None:
    """IRCv3 account-registration: "REGISTER SUCCESS <account> <message>"; "authenticated […] as if it used SASL"."""
    rig = Rig()
    bar = rig.client("bar", caps=REGISTRATION)
    success, logged_in = bar.numerics(f"REGISTER {name} * shivarampassphrase")
    assert success[:3] == ("REGISTER", "SUCCESS", "bar")
    assert logged_in[:4] == ("900", "bar", "bar!~username@10.0.0.9", "bar")
    bar.drop()
    assert codes(negotiating(rig, "sasl").login("bar", "shivarampassphrase"))[-1] == "903"


def test_register_works_before_registration() -> None:
    """IRCv3 account-registration: before-connect "indicates the server supports early registration"."""
    client = negotiating(Rig())
    assert codes(client.numerics("NICK bar", "REGISTER * * sesame")) == ["REGISTER", "900"]
    assert client.numerics(*HELLO, "CAP END")[0][:2] == ("001", "bar")
    assert ("330", "bar", "bar", "bar", "is logged in as") in client.numerics("WHOIS bar")


def test_register_needs_a_name() -> None:
    """IRCv3 account-registration: "FAIL REGISTER NEED_NICK * <message>"."""
    assert negotiating(Rig()).numerics("REGISTER * * sesame")[0][:4] == (
        "FAIL",
        "REGISTER",
        "NEED_NICK",
        "*",
    )


@pytest.mark.parametrize(
    ("line", "code", "context"),
    [
        ("REGISTER foo * sesame", "ACCOUNT_NAME_MUST_BE_NICK", "foo"),
        ("REGISTER b@r * sesame", "BAD_ACCOUNT_NAME", "b@r"),
        ("REGISTER * * :", "WEAK_PASSWORD", "bar"),
    ],
)
def test_register_tells_what_is_wrong(line: str, code: str, context: str) -> None:
    """IRCv3 account-registration, "Responses"; we do not advertise custom-account-name."""
    answers = Rig().client("bar", caps=REGISTRATION).numerics(line)
    assert len(answers) == 1
    assert answers[0][:4] == ("FAIL", "REGISTER", code, context)
    assert len(answers[0]) == 5


def test_register_of_a_name_that_has_an_owner_is_refused() -> None:
    """IRCv3 account-registration: ACCOUNT_EXISTS, "because someone already registered it"."""
    rig = Rig()
    rig.client("bar", account="bar").drop()
    client = negotiating(rig)
    assert client.numerics("NICK bar", "REGISTER * * x")[0][:4] == ("FAIL", "REGISTER", "ACCOUNT_EXISTS", "bar")


def test_register_of_a_name_that_somebody_uses_is_refused() -> None:
    rig = Rig()
    rig.client("root")
    client = negotiating(rig)
    assert client.numerics("NICK root", "REGISTER * * x")[0][:4] == ("FAIL", "REGISTER", "ACCOUNT_EXISTS", "root")


def test_who_is_logged_in_cannot_register() -> None:
    """IRCv3 account-registration: "FAIL REGISTER ALREADY_AUTHENTICATED <account> <message>"."""
    bar = Rig().client("bar", account="bar")
    assert bar.numerics("REGISTER * * x")[0][:4] == ("FAIL", "REGISTER", "ALREADY_AUTHENTICATED", "bar")


def test_of_two_that_register_a_name_at_once_one_has_it() -> None:
    rig = Rig()
    rig.hashes = deque()
    one, other = negotiating(rig), negotiating(rig)
    for client, secret in ((one, "sesame"), (other, "another")):
        client.ask("NICK bar", f"REGISTER * * {secret}")
    rig.hash_next()
    rig.hash_next()
    assert one.numerics(*HELLO, "CAP END")[0][:2] == ("001", "bar")
    assert codes(other.numerics(*HELLO, "CAP END"))[:2] == ["901", "433"]


def test_of_two_that_register_a_name_one_after_the_other_the_second_is_told() -> None:
    rig = Rig()
    rig.hashes = deque()
    late = negotiating(rig)
    late.ask("NICK bar", "REGISTER * * other")
    (waiting,) = rig.hashes
    rig.hashes = None
    rig.client("bar", account="bar").drop()
    rig.perform([waiting])
    assert late.read()[0].params[:3] == ("REGISTER", "ACCOUNT_EXISTS", "bar")


def test_who_guesses_secrets_cannot_register_either() -> None:
    """IRCv3 account-registration: "FAIL REGISTER TEMPORARILY_UNAVAILABLE <account> <message>"."""
    rig = Rig(is_flood_limited=True)
    for number in range(5):
        rig.network.attempts.failed("10.0.0.9", rig.now + number)
    assert rig.client("bar").numerics("REGISTER * * x")[0][1:4] == ("REGISTER", "TEMPORARILY_UNAVAILABLE", "bar")


def test_register_needs_its_parameters() -> None:
    assert Rig().client("bar").numerics("REGISTER * sesame") == [("461", "bar", "REGISTER", "Not enough parameters")]


def test_email_is_not_asked_for() -> None:
    """IRCv3 account-registration: "REGISTER <account> {<email> | "*"} <password>", email-required is not advertised."""
    assert codes(Rig().client("bar").numerics("REGISTER bar bar@example.org sesame")) == ["REGISTER", "900"]


def test_the_answer_to_register_bears_its_label() -> None:
    bar = Rig().client("bar", caps=f"{REGISTRATION} batch labeled-response")
    first, *inner, _ = bar.ask("@label=7 REGISTER * * sesame")
    assert first.tags == {"label": "7"}
    assert [message.command for message in inner] == ["REGISTER", "900"]
