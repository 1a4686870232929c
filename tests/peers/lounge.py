"""The Lounge, an IRC client in the browser, without its page: the test speaks to its server as the page does.

`python -m tests.peers.lounge` installs it, with all it consists of as `thelounge/package-lock.json` pins it, into a
cache of the person who runs the tests. The protocol is Engine.IO 4 by polling, and Socket.IO 5 in it.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from platformdirs import user_cache_path

from tests.node import has_node, node, npm
from tests.peers.ports import answers, free_port
from tests.peers.program import Program
from tests.server.peer import DEADLINE_S

_PINNED = Path(__file__).with_name("thelounge")
_PATH = "/socket.io/?EIO=4&transport=polling"
_LONG_S = 60.0  # the server answers a poll after 25 s at the latest
_SETTINGS = 'module.exports = {{public: true, host: "127.0.0.1", port: {port}, messageStorage: []}};'
_GREETING = "- Type /join #Line-3 to enter the room.\n"
_BETWEEN = "\x1e"  # packets of one answer
_PING, _PONG, _CONNECT, _EVENT = "2", "3", "40", "42"


def program() -> Path:
    """Return where The Lounge is, or would be."""
    pinned = hashlib.sha256((_PINNED / "package-lock.json").read_bytes()).hexdigest()[:12]
    return user_cache_path("lanchat-tests") / f"thelounge-{pinned}" / "node_modules" / "thelounge" / "index.js"


def is_installed() -> bool:
    """Tell whether it can be started."""
    return program().exists() and has_node()


def install() -> None:
    """Install it, once. Nothing of it is compiled, nor run for that."""
    if is_installed():
        return
    folder = program().parents[2]
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(_PINNED, folder)
    options = ["--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([*npm(), "ci", *options], cwd=folder, check=True)


class Lounge:
    """A person at The Lounge, connected to the host's port. `folder` is for its files alone."""

    def __init__(self, folder: Path, host_port: int, nick: str) -> None:
        self._changed = threading.Condition()
        self._channels: dict[str, int] = {}  # name → The Lounge's number for it
        self._messages: list[tuple[int, dict[str, Any]]] = []
        self._listed: list[str] = []
        self._names: dict[int, list[str]] = {}
        self._port = free_port()
        (folder / "config.js").write_text(_SETTINGS.format(port=self._port), "utf-8")
        command = [str(node()), str(program()), "start"]
        self._program = Program(command, folder, THELOUNGE_HOME=str(folder))
        self._program.wait_until(lambda: answers(self._port))
        self._session = ""
        self._session = f"&sid={json.loads(self._ask('GET')[1:])['sid']}"
        self._ask("POST", _CONNECT)
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()
        network = {"name": "lan", "host": "127.0.0.1", "port": str(host_port), "tls": False, "nick": nick}
        self._emit("network:new", {**network, "username": nick, "realname": "Real Name", "join": "", "sasl": ""})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._program.__exit__(kind, error, at)
        self._listener.join(DEADLINE_S)

    # ---- What the page sends and hears -----------------------------------------------------------------------------

    def _ask(self, method: str, packet: str | None = None) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_LONG_S)
        try:
            headers = {"Content-Type": "text/plain;charset=UTF-8"}
            connection.request(method, _PATH + self._session, packet and packet.encode(), headers)
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def _emit(self, *event: object) -> None:
        self._ask("POST", _EVENT + json.dumps(event))

    def _listen(self) -> None:
        """Hear events until the server is gone."""
        with suppress(OSError, http.client.HTTPException):
            while True:
                for packet in self._ask("GET").split(_BETWEEN):
                    if packet == _PING:
                        self._ask("POST", _PONG)
                    elif packet.startswith(_EVENT):
                        name, *arguments = json.loads(packet[len(_EVENT) :])
                        self._heard(name, *arguments)

    def _heard(self, name: str, *arguments: Any) -> None:
        run = {
            "network": self._hear_network,
            "join": self._hear_join,
            "msg": self._hear_message,
            "msg:special": self._hear_list,
            "names": self._hear_names,
        }.get(name)
        if run:
            with self._changed:
                run(arguments[0])
                self._changed.notify_all()

    def _hear_network(self, told: dict[str, Any]) -> None:
        for channel in told["network"]["channels"]:
            self._channels["server"] = channel["id"]

    def _hear_join(self, told: dict[str, Any]) -> None:
        self._channels[told["chan"]["name"]] = told["chan"]["id"]

    def _hear_message(self, told: dict[str, Any]) -> None:
        self._messages.append((told["chan"], told["msg"]))

    def _hear_list(self, told: dict[str, Any]) -> None:
        if isinstance(told["data"], list):
            self._listed = [row["channel"] for row in told["data"]]

    def _hear_names(self, told: dict[str, Any]) -> None:
        self._names[told["id"]] = [user["nick"] for user in told["users"]]

    # ---- What the person does --------------------------------------------------------------------------------------

    def type(self, text: str, window: str = "#Line-3") -> None:
        """Type a line or a command in a channel, or in "server"."""
        self._wait(lambda: window in self._channels)
        self._emit("input", {"target": self._channels[window], "text": text})

    def enter(self) -> None:
        """Enter the room, as the greeting says."""
        self.wait_for("", _GREETING, "server")
        self.type("/join #Line-3", "server")
        self._wait(lambda: "#Line-3" in self._channels)

    # ---- What they see ---------------------------------------------------------------------------------------------

    def shown(self, window: str = "#Line-3") -> list[tuple[str, str]]:
        """Return the messages of a window, each as who it is from and its text."""
        number = self._channels.get(window)
        return [(msg["from"].get("nick", ""), msg["text"]) for chan, msg in self._messages if chan == number]

    def of_type(self, kind: str, window: str = "#Line-3") -> Iterator[dict[str, Any]]:
        """Return the messages of a type in a window, with all that the page knows of them."""
        return (msg for chan, msg in self._messages if chan == self._channels.get(window) and msg["type"] == kind)

    def wait_for(self, nick: str, text: str, window: str = "#Line-3") -> None:
        """Wait until a message is shown."""
        self._wait(lambda: (nick, text) in self.shown(window))

    def listed(self) -> list[str]:
        """Return the channels that its list shows."""
        self.wait_for("", _GREETING, "server")
        self.type("/list", "server")
        self._wait(lambda: bool(self._listed))
        return self._listed

    def names(self, window: str = "#Line-3") -> list[str]:
        """Return who is in, as the list beside the talk shows them."""
        number = self._channels[window]
        self._names.pop(number, None)
        self._emit("names", {"target": number})
        self._wait(lambda: number in self._names)
        return self._names[number]

    def _wait(self, is_so: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(is_so, DEADLINE_S), f"it only shows {self._messages}"


if __name__ == "__main__":
    install()
