"""Whatever bytes come, on either port and in whatever pieces: the server goes on, and others notice nothing."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lanchat.chat.commands.table import COMMANDS
from tests.server.peer import Peer
from tests.server.serving import Serving, serving

_WORDS = [
    *COMMANDS,
    *(
        "zoe",
        "ada",
        "#Line-3",
        "#own",
        "@#Line-3",
        "*",
        "+b",
        "+o",
        "-k",
        "+l",
        "0",
        "-1",
        "*!*@*",
        "~m:ada",
        "PLAIN",
        "+",
    ),
    *(
        ":",
        ":a b",
        "::",
        ":\x01ACTION\x01",
        ":\x01",
        "a,b,,c",
        "#Line-3,#own",
        "é",
        "田中",
        "\x00",
        "\xff",
        "AGB6b2UAc2VjcmV0",
    ),
    *(
        "@label=1",
        "@batch=1;+typing=active",
        "@",
        "@=",
        ":zoe!u@h",
        "302",
        "LS",
        "REQ",
        "END",
        ":sasl message-tags",
        "LATEST",
    ),
]
_LINES = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=6).map(
    lambda words: " ".join(words).encode("utf-8", "replace")
)
_BEGINNINGS = st.sampled_from(
    [
        b"",
        b"NICK zoe\nUSER zoe 0 * :Zoe\nJOIN #Line-3\n",
        b"CAP LS 302\nNICK zoe\n",
        b"hello\nzoe\n",
        b"GET / HTTP/1.1\r\n",
    ]
)
_BYTES = st.lists(st.one_of(_LINES, st.binary(max_size=200)), max_size=12).map(b"\n".join)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("data"), is_flood_limited=False, operators={"zoe": "ada"}) as room:
        yield room


@pytest.fixture(scope="module")
def bob(room: Serving) -> Peer:
    return room.member("bob")  # whom none of the words above names


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(beginning=_BEGINNINGS, data=_BYTES, is_greeted=st.booleans(), cut=st.integers(0, 2_000))
def test_no_bytes_make_the_server_raise(
    beginning: bytes, data: bytes, is_greeted: bool, cut: int, room: Serving, bob: Peer
) -> None:
    sent = beginning + data + b"\n"
    with Peer(room.plain_port if is_greeted else room.port) as peer:
        for piece in (sent[:cut], sent[cut:]):
            peer.send_in_vain(piece)
        peer.end_sending()
        assert peer.is_closed_by_host()
    bob.fence()
