"""A peer that speaks HTTP: its requests are answered one after the other, until it becomes a WebSocket or ends."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from enum import Enum
from typing import Protocol

from lanchat.chat.state.flood import Allowance
from lanchat.errors import ProtocolError
from lanchat.limits import FLOOD_PER_CPU_S, HTTP_BODY_PAUSE_S, HTTP_HEAD_WITHIN_S, HTTP_IDLE_S, MAX_HTTP_REQUESTS
from lanchat.protocol.irc_wire import Wire
from lanchat.protocol.web_wire import Refused, Request, Response, TooLarge, WebWire
from lanchat.protocol.websocket_wire import Handshake, WebSocketWire, is_upgrade
from lanchat.server.net.connection import Peer
from lanchat.server.net.loop import Timer
from lanchat.server.web.answers import dressed, refused
from lanchat.server.web.routes import Asked, too_large
from lanchat.server.web.site import Site

_TOO_MANY = 429
_COST_OF_REFUSING = 1.0
_NO_REQUEST = "That is no request that this host understands."
_TOO_FAST = "You ask faster than this host answers; wait {} s."


class _Awaited(Enum):
    """What a peer is to send next, and how long that may take, in seconds."""

    REQUEST = HTTP_IDLE_S
    HEAD = HTTP_HEAD_WITHIN_S
    BODY = HTTP_BODY_PAUSE_S


class Line(Protocol):
    """The connection as a web peer uses it."""

    @property
    def address(self) -> str:
        """Who is at its other end."""

    @property
    def is_crowded(self) -> bool:
        """Whether its address has so many connections that none is to be kept for later."""

    def send(self, data: bytes) -> None:
        """Put bytes into the outbox."""

    def finish(self) -> None:
        """Close it once they have left."""

    def lose(self, error: Exception) -> None:
        """End it, as a fault of ours was uncovered."""

    def call_later(self, delay_s: float, call: Callable[[], None]) -> Timer:
        """Call once, after a time."""

    def turn_left_s(self) -> float:
        """Return how long its address may still be listened to in this turn of the loop."""

    def worked(self, seconds: float) -> None:
        """Count what it was listened to."""

    def read(self, *, is_wanted: bool) -> None:
        """Go on reading, or leave what comes to the system."""

    def talk(self, wire: Wire) -> Peer:
        """Become a session of the chat: what comes from now on goes to the peer that is returned."""


class WebPeer:
    """Answers requests. One that is slow, asks too often or never ends is let go of."""

    __slots__ = (
        "_allowance",
        "_answered",
        "_awaits",
        "_bound",
        "_line",
        "_refusal",
        "_request",
        "_site",
        "_timer",
        "_wire",
    )

    def __init__(self, site: Site, line: Line, allowance: Allowance | None) -> None:
        self._site = site
        self._line = line
        self._allowance = allowance
        self._wire = WebWire(self._admit)
        self._answered = 0
        self._bound = 0
        self._request: Request | None = None  # whose head has come last …
        self._refusal: Response | None = None  # … and why it is not answered, once it is whole
        self._awaits: _Awaited | None = None
        self._timer = line.call_later(HTTP_HEAD_WITHIN_S, line.finish)

    def received(self, data: bytes) -> None:
        """Answer requests that are whole now. What it took is charged, and an address has its share of a turn."""
        started_s, worked_s = time.monotonic(), time.thread_time()
        try:
            self._read(data, started_s + self._line.turn_left_s())
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on talking
            self._line.lose(error)
        self._line.worked(time.monotonic() - started_s)
        self._spend((time.thread_time() - worked_s) * FLOOD_PER_CPU_S)

    def _read(self, data: bytes, until_s: float) -> None:
        """Answer one request after the other; behind a time, go on in the next turn."""
        try:
            request = self._wire.receive(data)
            while request:
                if self._refusal:
                    self._answer(request, self._refusal)
                elif self._upgrade(request):
                    return
                else:
                    self._answer(request, self._respond(request))
                if not self._wire.is_over and time.monotonic() > until_s:
                    self._pause()
                    return
                request = None if self._wire.is_over else self._wire.receive(b"")
        except Refused as refusal:
            self._end(refusal.response)
        except TooLarge:
            self._end(too_large(self._request, self._bound))
        except ProtocolError:
            self._end(refused(None, 400, _NO_REQUEST))
        if self._wire.is_over:
            self._line.finish()
        else:
            self._wait()

    # ---- One request -----------------------------------------------------------------------------------------------

    def _admit(self, head: Request) -> int:
        """Return how large the body of a request may be. Raises Refused before a body is read in vain."""
        self._request, self._refusal, self._bound = head, None, 0
        try:
            self._bound = self._look_at(head)
        except Refused as refusal:
            if head.has_body or refusal.response.status == _TOO_MANY:
                raise
            self._refusal = refusal.response  # where nothing was on its way, the connection may go on
        return self._bound

    def _look_at(self, head: Request) -> int:
        if response := self._delay(head) or self._site.routes.refusal(head):
            self._spend(_COST_OF_REFUSING)
            raise Refused(response)
        try:
            route, _ = self._site.routes.find(head)
        except Refused:
            self._spend(_COST_OF_REFUSING)
            raise
        self._spend(route.cost)
        return route.body_bytes

    def _delay(self, head: Request) -> Response | None:
        """Return what an address is told that has asked for too much."""
        wait_s = self._allowance.wait_s(time.monotonic()) if self._allowance else 0.0
        if wait_s <= 0:
            return None
        seconds = str(math.ceil(wait_s))
        return refused(head, _TOO_MANY, _TOO_FAST.format(seconds), ("Retry-After", seconds))

    def _respond(self, request: Request) -> Response:
        route, groups = self._site.routes.find(request)
        return route.answer(Asked(request, self._line.address, groups, self._spend))

    def _spend(self, cost: float) -> None:
        if self._allowance:
            self._allowance.spend(cost)

    def _upgrade(self, request: Request) -> bool:
        """Become a WebSocket where that is asked for, and may be; return whether it is done."""
        if request.path != "/" or not is_upgrade(request.headers):
            return False
        agreed = self._site.upgrade(request)
        if isinstance(agreed, Handshake):
            self._switch(agreed)
        else:
            self._answer(request, agreed)
        return isinstance(agreed, Handshake)

    def _switch(self, agreed: Handshake) -> None:
        self._timer.cancel()
        answer, rest = self._wire.switch(agreed.headers)
        self._line.send(answer)
        talker = self._line.talk(WebSocketWire(is_binary=agreed.is_binary))
        if rest:
            talker.received(rest)

    # ---- Answers ---------------------------------------------------------------------------------------------------

    def _answer(self, request: Request, response: Response) -> None:
        self._answered += 1
        self._awaits = None  # what comes next has all its time
        is_last = self._answered >= MAX_HTTP_REQUESTS or self._line.is_crowded
        whole = dressed(response, self._site.routes.own_host(request))
        self._line.send(self._wire.encode(whole, is_last=is_last))

    def _end(self, response: Response) -> None:
        self._line.send(self._wire.encode(dressed(response, ""), is_last=True))
        self._line.finish()

    # ---- Time ------------------------------------------------------------------------------------------------------

    def _wait(self) -> None:
        """Wait for what comes next. A head has its time from its first byte on, whatever drips in."""
        awaited = self._awaited()
        if awaited is _Awaited.BODY:
            self._line.send(self._wire.go_on())
        if awaited is _Awaited.BODY or awaited is not self._awaits:
            self._awaits = awaited
            self._timer.cancel()
            self._timer = self._line.call_later(awaited.value, self._line.finish)

    def _pause(self) -> None:
        """Let others have their turn."""
        self._line.read(is_wanted=False)
        self._timer.cancel()
        self._timer = self._line.call_later(0.0, self._go_on)

    def _go_on(self) -> None:
        self._awaits = None
        self._line.read(is_wanted=True)
        self.received(b"")

    def _awaited(self) -> _Awaited:
        if self._wire.is_body_awaited:
            return _Awaited.BODY
        return _Awaited.HEAD if self._wire.is_begun else _Awaited.REQUEST

    # ---- The end ---------------------------------------------------------------------------------------------------

    def parting_words(self, _reason: str) -> bytes:
        """Nothing: a response may be half sent, and nothing can be told in its middle."""
        return b""

    def farewell(self) -> bytes:
        """Nothing: the last answer has told it."""
        return b""

    def gone(self, _reason: str) -> None:
        """Wait no longer."""
        self._timer.cancel()
