"""A bot as people write it in an evening, with nothing but a socket: it looks for words, and knows no protocol."""

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.hosting import HostProcess
from tests.server.peer import DEADLINE_S


class SimpleBot:
    """Finds "PING :" at the start of a line, "Welcome to the" anywhere, and who is in behind the second colon."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)
        self._socket.sendall(b"NICK homemade\r\nUSER homemade 0 * :homemade\r\n")
        self._socket.settimeout(None)
        self.names: list[str] = []
        self.has_ponged = threading.Event()
        self.is_in = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        for raw in self._socket.makefile("rb"):
            line = raw.decode().strip()
            if line.startswith("PING :"):
                self._socket.sendall(f"PONG :{line.split(':', 1)[1]}\r\n".encode())
                self.has_ponged.set()
            elif "Welcome to the" in line:
                self._socket.sendall(b"JOIN #Line-3\r\n")
            elif " 353 " in line:
                self.names += line.split(":")[2].split()
            elif " 366 " in line:
                self.is_in.set()
            elif "!count" in line:
                self._socket.sendall(f"PRIVMSG #Line-3 :{len(self.names)} were in\r\n".encode())

    def close(self) -> None:
        """Be gone."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(DEADLINE_S)
        self._socket.close()


@pytest.fixture
def bot(host: HostProcess) -> Iterator[SimpleBot]:
    bot = SimpleBot(host.port)
    yield bot
    bot.close()


@pytest.mark.timeout(100)
def test_a_home_made_bot_comes_in_answers_and_stays(host: HostProcess, bot: SimpleBot) -> None:
    assert bot.is_in.wait(DEADLINE_S)
    assert bot.names == ["homemade"]
    zoe = host.member("Zoé")
    zoe.send("PRIVMSG #Line-3 :!count")
    assert zoe.expect("PRIVMSG").params == ("#Line-3", "1 were in")
    assert bot.has_ponged.wait(50), "PING comes after half a minute of silence"
    zoe.send("PRIVMSG #Line-3 :!count")
    zoe.expect("PRIVMSG")
