"""HTTP/1.1, one request a connection, by h11. WebSockets come with the page."""

from collections.abc import Mapping
from dataclasses import dataclass

import h11

from lanchat.errors import ProtocolError
from lanchat.limits import MAX_HTTP_BODY_BYTES, MAX_HTTP_HEADERS, MAX_HTTP_REQUEST_BYTES, MAX_HTTP_TARGET_BYTES

_PIECE_BYTES = 1_024


@dataclass(frozen=True, slots=True)
class Request:
    """What a browser asks: method in capitals, target as sent, header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Response:
    """What it is answered."""

    status: int
    content_type: str
    body: bytes


# Nothing here needs scripts, frames or guesses; OWASP Secure Headers
_SAFE_HEADERS = (
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
    ("Connection", "close"),
)


class WebWire:
    """The wire of one HTTP connection: one request in, one response out, closed."""

    def __init__(self) -> None:
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HTTP_REQUEST_BYTES)
        self._request: Request | None = None
        self._body_bytes = 0

    def receive(self, data: bytes) -> Request | None:
        """Return the request once it is whole, with its body read and dropped.

        Raises ProtocolError if this is not HTTP or over a limit; `refusal` then says so to the peer.
        """
        try:
            for at in range(0, max(len(data), 1), _PIECE_BYTES):  # h11 bounds only what has not ended yet
                self._http.receive_data(data[at : at + _PIECE_BYTES])
                if request := self._next_request():
                    return request
        except h11.RemoteProtocolError as error:
            raise ProtocolError(str(error)) from None
        return None

    def _next_request(self) -> Request | None:
        while True:
            event = self._http.next_event()
            if isinstance(event, h11.Request):
                _check(event)
                self._request = _request(event)
            elif isinstance(event, h11.Data):
                self._count(len(event.data))
            elif isinstance(event, h11.EndOfMessage):
                return self._request
            else:
                return None

    def _count(self, size_bytes: int) -> None:
        self._body_bytes += size_bytes
        if self._body_bytes > MAX_HTTP_BODY_BYTES:
            raise ProtocolError(f"a body over {MAX_HTTP_BODY_BYTES} bytes")

    def encode(self, response: Response) -> bytes:
        """Return the response as bytes. To HEAD, its body is left out."""
        headers = [
            ("Content-Type", response.content_type),
            ("Content-Length", str(len(response.body))),
            *_SAFE_HEADERS,
        ]
        head = self._http.send(h11.Response(status_code=response.status, headers=headers)) or b""
        is_head = self._request is not None and self._request.method == "HEAD"
        body = b"" if is_head else self._http.send(h11.Data(data=response.body)) or b""
        return head + body

    def refusal(self) -> bytes:
        """Return the answer to what could not be read as HTTP."""
        if self._http.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            return self.encode(Response(400, "text/plain; charset=utf-8", b"That is not a request.\n"))
        return b""


def _check(request: h11.Request) -> None:
    """Raise ProtocolError where a request is over a limit, in however many segments it came."""
    if len(request.target) > MAX_HTTP_TARGET_BYTES:
        raise ProtocolError(f"a target over {MAX_HTTP_TARGET_BYTES} bytes")
    if len(request.headers) > MAX_HTTP_HEADERS:
        raise ProtocolError(f"more than {MAX_HTTP_HEADERS} headers")
    if sum(len(name) + len(value) for name, value in request.headers) > MAX_HTTP_REQUEST_BYTES:
        raise ProtocolError(f"headers over {MAX_HTTP_REQUEST_BYTES} bytes")


def _request(event: h11.Request) -> Request:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in event.headers}
    return Request(event.method.decode("latin-1"), event.target.decode("latin-1"), headers)
