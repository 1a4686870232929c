import base64
import contextlib
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.errors import ProtocolError
from lanchat.protocol import scram
from lanchat.protocol.sasl import Exchange, pieces
from lanchat.protocol.scram import ClientSide, ServerSide, read_first

# RFC 7677, section 3: the example exchange, with the secret "pencil".
SALT = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
CLIENT_NONCE = "rOprNGfwEbeRWgbNEkqO"
SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
FIRST = b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
CHALLENGE = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
LAST = b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
SIGNATURE = b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
HASHED = scram.salted(b"pencil", SALT, 4096)
KNOWN = scram.verifier(HASHED, SALT, 4096)


def server() -> ServerSide:
    return ServerSide(read_first(FIRST), KNOWN, SERVER_NONCE)


def test_the_clients_side_is_that_of_the_standard() -> None:
    client = ClientSide("user", CLIENT_NONCE)
    assert client.first == FIRST
    asked = client.challenged(CHALLENGE)
    assert (asked.salt, asked.iterations) == (SALT, 4096)
    assert client.prove(HASHED) == LAST
    assert client.is_signed(SIGNATURE)


def test_the_servers_side_is_that_of_the_standard() -> None:
    side = server()
    assert side.name == "user"
    assert side.challenge == CHALLENGE
    assert side.finish(LAST) == SIGNATURE


@pytest.mark.parametrize("message", [FIRST, CHALLENGE, LAST, SIGNATURE])
def test_messages_survive_the_wire_byte_by_byte_and_whole(message: bytes) -> None:
    (only,) = pieces(message)
    exchange = Exchange()
    assert exchange.feed(only.params[0]) == message
    assert exchange.feed(only.params[0]) == message, "the next one begins anew"


@given(st.binary(max_size=700))
def test_any_response_survives_its_pieces(response: bytes) -> None:
    exchange = Exchange()
    found = [exchange.feed(one.params[0]) for one in pieces(response)]
    assert found == [None] * (len(found) - 1) + [response]


@pytest.mark.parametrize("at", range(len(LAST)))
def test_no_byte_of_the_proof_can_be_another(at: int) -> None:
    changed = bytearray(LAST)
    changed[at] ^= 1
    with contextlib.suppress(ProtocolError):
        assert server().finish(bytes(changed)) is None


@pytest.mark.parametrize("at", range(len(SIGNATURE)))
def test_no_byte_of_the_signature_can_be_another(at: int) -> None:
    client = ClientSide("user", CLIENT_NONCE)
    client.challenged(CHALLENGE)
    client.prove(HASHED)
    changed = bytearray(SIGNATURE)
    changed[at] ^= 1
    decoded_same = at == len(SIGNATURE) - 2 and base64.b64decode(changed[2:]) == base64.b64decode(SIGNATURE[2:])
    assert client.is_signed(bytes(changed)) is decoded_same


def test_a_host_that_signs_before_it_has_a_proof_has_signed_nothing() -> None:
    client = ClientSide("user", CLIENT_NONCE)
    assert not client.is_signed(b"v=" + base64.b64encode(bytes(32)))
    assert not client.is_signed(b"e=other-error")


@pytest.mark.parametrize(
    "challenge",
    [
        b"",
        b"r=other,s=AAAA,i=4096",
        CHALLENGE.replace(b"%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", b""),  # the nonce has to have a part of the server's
        CHALLENGE.replace(b"i=4096", b"i=4095"),  # RFC 7677, section 4: at least 4096
        CHALLENGE.replace(b"i=4096", b"i=1000001"),
        CHALLENGE.replace(b"i=4096", b"i=-4096"),
        CHALLENGE.replace(b"i=4096", "i=٤٠٩٦".encode()),
        CHALLENGE.replace(b"s=W22ZaJ0SNY7soEsUEjb6gQ==", b"s="),
        CHALLENGE.replace(b"s=W22ZaJ0SNY7soEsUEjb6gQ==", b"s=" + b"AAAA" * 50),
        b"m=must-understand," + CHALLENGE,
        CHALLENGE + b"\xff",
    ],
)
def test_a_challenge_that_is_not_ours_or_asks_too_little_or_too_much_is_refused(challenge: bytes) -> None:
    with pytest.raises(ProtocolError):
        ClientSide("user", CLIENT_NONCE).challenged(challenge)


BAD_FIRST = (b"", b"n", b"n,", b"n,,", b"p=tls-unique,,n=a,r=b", b"n,a=other,n=user,r=x", b"n,,n=,r=x", b"n,,n=a=b,r=x")


@pytest.mark.parametrize(
    "first",
    [*BAD_FIRST, b"n,,n=user,r=", b"n,,r=x,n=user", b"n,,n=user,r=" + b"x" * 257, b"n,,n=\xff,r=x", b"n,,n=a\0,r=x"],
)
def test_any_other_first_message_is_refused(first: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_first(first)


def test_a_name_may_have_the_two_signs_that_part_attributes() -> None:
    """RFC 5802, section 5.1: "," is "=2C" and "=" is "=3D"."""
    client = ClientSide("a,b=2C", "x")
    assert client.first == b"n,,n=a=2Cb=3D2C,r=x"
    assert read_first(client.first).name == "a,b=2C"


def test_the_identity_to_act_as_may_be_ones_own() -> None:
    side = ServerSide(read_first(b"n,a=user,n=user,r=abc"), KNOWN, "def")
    bare, final = "n=user,r=abc", "c=" + base64.b64encode(b"n,a=user,").decode() + ",r=abcdef"
    key = scram._hmac(HASHED, b"Client Key")
    mark = scram._hmac(hashlib.sha256(key).digest(), f"{bare},{side.challenge.decode()},{final}".encode())
    assert side.finish(f"{final},p={scram._base64(scram._xor(key, mark))}".encode()) is not None


@pytest.mark.parametrize(
    ("one", "other"), [("I\u00adX", "IX"), ("\u2168", "IX"), ("a\u00a0b", "a b"), ("\u00aa", "a"), ("e\u0301", "é")]
)
def test_ways_to_write_a_secret_are_one(one: str, other: str) -> None:
    """RFC 4013, section 3."""
    assert scram.prepared(one.encode()) == other.encode()


@given(st.binary(max_size=60))
def test_no_bytes_make_a_reader_raise_another_error(data: bytes) -> None:
    for read in (read_first, server().finish, ClientSide("a", "").challenged):
        with contextlib.suppress(ProtocolError):
            read(data)
