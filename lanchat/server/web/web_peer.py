"""A peer that speaks HTTP: one request, one response."""

from __future__ import annotations

from collections.abc import Callable, Collection

from lanchat.errors import ProtocolError
from lanchat.protocol.web_wire import WebWire
from lanchat.server.net.loop import Timer
from lanchat.server.web.routes import respond


class WebPeer:
    """Answers one request. `send` puts bytes into the connection's outbox, `finish` closes it once they have left.

    `timer` closes the connection of a peer whose request never comes to its end.
    """

    __slots__ = ("_finish", "_own_names", "_room_json", "_room_name", "_send", "_timer", "_wire")

    def __init__(
        self,
        send: Callable[[bytes], None],
        finish: Callable[[], None],
        timer: Timer,
        room_name: str,
        room_json: Callable[[], bytes],
        own_names: Collection[str] = (),
    ) -> None:
        self._timer = timer
        self._send = send
        self._finish = finish
        self._room_name = room_name
        self._room_json = room_json
        self._own_names = own_names
        self._wire = WebWire()

    def received(self, data: bytes) -> None:
        """Answer the request once it is whole."""
        try:
            request = self._wire.receive(data)
        except ProtocolError:
            self._send(self._wire.refusal())
            self._finish()
            return
        if request:
            self._send(self._wire.encode(respond(request, self._room_name, self._room_json, self._own_names)))
            self._finish()

    def parting_words(self, _reason: str) -> bytes:
        """Nothing: a response may be half sent, and nothing can be told in its middle."""
        return b""

    def gone(self, _reason: str) -> None:
        """Wait no longer."""
        self._timer.cancel()
