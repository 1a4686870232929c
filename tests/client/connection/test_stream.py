import asyncio
import socket
from typing import cast

import pytest

from lanchat.client.connection.stream import Lost, Stream, open_stream
from lanchat.protocol.message import Message


class Writer:
    def __init__(self, *peer: object) -> None:
        self._peer = peer

    def get_extra_info(self, _: str) -> object:
        return self._peer


async def test_where_a_host_is_is_told_with_the_scope_that_leads_there() -> None:
    def where(*peer: object) -> str:
        return Stream(asyncio.StreamReader(), cast(asyncio.StreamWriter, Writer(*peer))).where

    assert where("fe80::5", 8100, 0, 9_999) == "[fe80::5%9999]:8100"  # an adapter without a name
    assert where("fd00::5", 8100, 0, 0) == "[fd00::5]:8100"
    assert where("10.0.0.5", 8100) == "10.0.0.5:8100"
    assert where() == ":0"  # gone already


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> socket.socket:
    """A host that reads nothing and says nothing."""
    monkeypatch.setattr("lanchat.client.connection.stream.QUIET_S", 0.01)
    monkeypatch.setattr("lanchat.client.connection.stream.ANSWER_S", 0.01)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5.0)
    return listener


def read_to_end(host: socket.socket) -> None:
    while host.recv(65_536):
        pass


async def test_what_a_silent_host_has_not_taken_never_arrives(deaf: socket.socket) -> None:
    stream = await open_stream(["127.0.0.1"], deaf.getsockname()[1])
    stream.send([Message("PRIVMSG", ("#Line-3", "said again over the next connection"))])
    host, _ = deaf.accept()
    with deaf, host:
        host.settimeout(5.0)
        with pytest.raises(Lost, match="did not answer"):
            await anext(stream.messages())
        await stream.close()
        with pytest.raises(ConnectionResetError):
            read_to_end(host)


async def test_a_connection_that_is_cut_is_reset_not_closed(deaf: socket.socket) -> None:
    stream = await open_stream(["127.0.0.1"], deaf.getsockname()[1])
    host, _ = deaf.accept()
    with deaf, host:
        host.settimeout(5.0)
        stream.abort()
        await asyncio.sleep(0)
        with pytest.raises(ConnectionResetError):
            read_to_end(host)
