import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.chat.commands.table import COMMANDS
from lanchat.limits import MAX_SNIFF_BYTES
from lanchat.protocol.sniff import HTTP_METHODS, IRC_COMMANDS, PeerKind, sniff
from tests.protocol.chunks import bytewise

FIRST_LINES = {
    b"CAP LS 302\r\n": PeerKind.IRC,
    b"nick bob\r\n": PeerKind.IRC,
    b"QUIT :chkport\r\n": PeerKind.IRC,
    b"PING x\n": PeerKind.IRC,
    b"@label=1 CAP LS\r\n": PeerKind.IRC,
    b":me NICK bob\r\n": PeerKind.IRC,
    b"@a=b :me CAP LS\r\n": PeerKind.IRC,
    b"GET / HTTP/1.1\r\n": PeerKind.HTTP,
    b"POST /x HTTP/1.1\r\n": PeerKind.HTTP,
    b"PRI * HTTP/2.0\r\n": PeerKind.HTTP,
    b"OPTIONS * HTTP/1.1\r\n": PeerKind.HTTP,
    b"get / HTTP/1.1\r\n": PeerKind.HTTP,
    b"PROPFIND /dav HTTP/1.1\r\n": PeerKind.HTTP,
    b"M-SEARCH * HTTP/1.0\n": PeerKind.HTTP,
    b"get / please\r\n": PeerKind.PLAIN,
    b"I like HTTP/1.1 better\r\n": PeerKind.PLAIN,
    b"say: I like HTTP/1.1\r\n": PeerKind.PLAIN,
    b"GET\r\n": PeerKind.PLAIN,
    b"hello\r\n": PeerKind.PLAIN,
    b"hello\r": PeerKind.PLAIN,
    b"hello\r\0": PeerKind.PLAIN,
    b"\r": PeerKind.PLAIN,
    b"Nick\r\n": PeerKind.PLAIN,
    b"User\n": PeerKind.PLAIN,
    b"pass\r\n": PeerKind.PLAIN,
    b"NICK\r\n": PeerKind.IRC,
    b"Nick bob\r\n": PeerKind.IRC,
    b"who is there?\r\n": PeerKind.PLAIN,
    b"list please\n": PeerKind.PLAIN,
    b"\r\n": PeerKind.PLAIN,
    b"@bob are you there\r\n": PeerKind.PLAIN,
    b":-)\r\n": PeerKind.PLAIN,
    b"\xff\xfd\x03\r\n": PeerKind.PLAIN,
    b"\x16\x03\x01": PeerKind.TLS,
}


@pytest.mark.parametrize(("data", "peer"), FIRST_LINES.items())
def test_the_first_word_tells_the_peer(data: bytes, peer: PeerKind) -> None:
    assert sniff(data) is peer


@pytest.mark.parametrize(("data", "peer"), FIRST_LINES.items())
def test_it_tells_the_same_byte_by_byte(data: bytes, peer: PeerKind) -> None:
    seen = b""
    for byte in bytewise(data):
        seen += byte
        if (found := sniff(seen)) is not None:
            assert found is peer
            return
    pytest.fail("never decided")


@pytest.mark.parametrize(("data", "peer"), FIRST_LINES.items())
def test_what_follows_makes_no_difference(data: bytes, peer: PeerKind) -> None:
    assert sniff(data + b"GET / HTTP/1.1\r\nNICK bob\r\n") is peer


@pytest.mark.parametrize(
    "start", [b"", b"P", b"PASS", b"POST", b"HE", b"HELP", b"HEAD", b"OP", b"@label=1", b"@label=1 "]
)
def test_nothing_is_decided_before_a_space_or_a_line_end(start: bytes) -> None:
    """The design: "PASS/POST, HELP/HEAD, OPER/OPTIONS share letters"."""
    assert sniff(start) is None


def test_a_first_word_without_end_is_no_peer_that_is_known() -> None:
    assert sniff(b"x" * MAX_SNIFF_BYTES) is None
    assert sniff(b"x" * (MAX_SNIFF_BYTES + 1)) is PeerKind.PLAIN


def test_every_command_there_is_makes_an_irc_client() -> None:
    assert {name.encode() for name in COMMANDS} <= IRC_COMMANDS


def test_no_word_is_both() -> None:
    assert not IRC_COMMANDS & HTTP_METHODS


@given(st.binary(min_size=1, max_size=40).map(lambda data: data + b"\n"))
def test_a_line_always_tells_a_peer(data: bytes) -> None:
    assert sniff(data) is not None
