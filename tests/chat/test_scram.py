"""SCRAM-SHA-256 as a client sees it. Source: IRCv3 sasl-3.2; RFC 5802; RFC 7677."""

import base64

import pytest

from lanchat.chat.state.accounts import Account, new_account
from lanchat.protocol import scram
from lanchat.protocol.sasl import pieces
from lanchat.protocol.scram import ClientSide
from tests.chat.rig import START, Client, Rig

ITERATIONS = 4096


def with_account(*, is_flood_limited: bool = False) -> Rig:
    rig = Rig(is_flood_limited=is_flood_limited)
    hashed = scram.salted(b"sesame", b"salt", ITERATIONS)
    rig.network.accounts.add(new_account("zoé", scram.verifier(hashed, b"salt", ITERATIONS), rig.now))
    return rig


def negotiating(rig: Rig) -> Client:
    client = rig.client()
    client.ask("CAP LS 302", "CAP REQ sasl", "NICK zoé")
    return client


def ask(client: Client, words: bytes) -> list[tuple[str, ...]]:
    return client.numerics(*[f"AUTHENTICATE {piece.params[0]}" for piece in pieces(words)])


def read(answers: list[tuple[str, ...]]) -> bytes:
    ((command, words),) = answers
    assert command == "AUTHENTICATE"
    return base64.b64decode(words)


def proof(client: Client, side: ClientSide, secret: bytes) -> bytes:
    assert client.numerics("AUTHENTICATE SCRAM-SHA-256") == [("AUTHENTICATE", "+")]
    asked = side.challenged(read(ask(client, side.first)))
    return side.prove(scram.salted(secret, asked.salt, asked.iterations))


def test_both_sides_prove_themselves() -> None:
    rig, side = with_account(), ClientSide("zoé", "nonce")
    client = negotiating(rig)
    last = proof(client, side, b"sesame")
    assert side.is_signed(read(ask(client, last)))
    assert client.session.registration is not None
    assert client.session.registration.account == ""
    assert [code for code, *_ in client.numerics("AUTHENTICATE +")] == ["900", "903"]
    assert client.numerics("USER u 0 * :r", "CAP END")[0][:2] == ("001", "zoé")


def test_the_name_is_the_accounts_however_it_is_written() -> None:
    client, side = negotiating(with_account()), ClientSide("ZOÉ", "nonce")
    ask(client, proof(client, side, b"sesame"))
    assert client.numerics("AUTHENTICATE +")[0][3] == "zoé"


def test_nothing_is_hashed_here_however_often_somebody_comes_back() -> None:
    rig, side = with_account(), ClientSide("zoé", "nonce")
    rig.perform = _no_hash(rig)  # type: ignore[method-assign]
    client = negotiating(rig)
    ask(client, proof(client, side, b"sesame"))
    assert client.numerics("AUTHENTICATE +")[-1][0] == "903"


def _no_hash(rig: Rig):  # type: ignore[no-untyped-def]
    real = rig.perform

    def perform(effects):  # type: ignore[no-untyped-def]
        assert "Derive" not in {type(effect).__name__ for effect in effects}
        real(effects)

    return perform


def test_a_wrong_secret_fails_and_is_counted() -> None:
    rig = with_account(is_flood_limited=True)
    for number in range(5):
        client = negotiating(rig)
        assert ask(client, proof(client, ClientSide("zoé", f"n{number}"), b"wrong"))[0][0] == "904"
    assert negotiating(rig).numerics("AUTHENTICATE SCRAM-SHA-256")[0][0] == "906"


@pytest.mark.parametrize("name", ["ann", "old", "", "a b"])
def test_who_cannot_prove_a_name_by_scram_is_told_at_once(name: str) -> None:
    rig = with_account()
    rig.network.accounts.add(Account("old", b"salt", b"digest", START))
    client = negotiating(rig)
    client.ask("AUTHENTICATE SCRAM-SHA-256")
    assert [code for code, *_ in ask(client, ClientSide(name, "n").first)] == ["904"]
    assert client.session.sasl is None


def test_a_proof_cannot_be_used_again() -> None:
    rig, side = with_account(), ClientSide("zoé", "nonce")
    client = negotiating(rig)
    last = proof(client, side, b"sesame")
    other = negotiating(rig)
    other.ask("AUTHENTICATE SCRAM-SHA-256")
    ask(other, ClientSide("zoé", "nonce").first)
    assert ask(other, last)[0][0] == "904"


def test_an_account_forgotten_in_the_middle_proves_nothing() -> None:
    rig, side = with_account(), ClientSide("zoé", "nonce")
    client = negotiating(rig)
    last = proof(client, side, b"sesame")
    rig.network.accounts.replace([])
    assert ask(client, last)[0][0] == "904"
    rig, side = with_account(), ClientSide("zoé", "nonce")
    client = negotiating(rig)
    ask(client, proof(client, side, b"sesame"))
    rig.network.accounts.replace([])
    assert client.numerics("AUTHENTICATE +")[0][0] == "904"


def test_what_does_not_belong_there_ends_the_exchange() -> None:
    rig = with_account()
    for words in (b"", b"v=x", b"c=biws,r=other,p=AAAA"):
        client = negotiating(rig)
        client.ask("AUTHENTICATE SCRAM-SHA-256")
        ask(client, ClientSide("zoé", "n").first)
        assert [code for code, *_ in ask(client, words)] == ["904"]
        assert client.session.sasl is None
    client, side = negotiating(rig), ClientSide("zoé", "n")
    ask(client, proof(client, side, b"sesame"))
    assert [code for code, *_ in ask(client, b"more")] == ["904"]


def test_coming_in_before_the_last_word_is_coming_in_without_the_account() -> None:
    rig, side = with_account(), ClientSide("zoé", "n")
    client = negotiating(rig)
    ask(client, proof(client, side, b"sesame"))
    assert [code for code, *_ in client.numerics("USER u 0 * :r", "CAP END")] == ["906", "433"]
