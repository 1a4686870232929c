"""HTTP/1.1, by h11: requests come whole, one after the other, and each is answered before the next is read.

h11 takes more than is wise where machines between us might read the same bytes otherwise ("request smuggling"): both
lengths of a body at once, whole URLs as targets, HTTP/2's preface. Those are refused here, and after any refusal the
connection is closed. Source: RFC 9112, sections 3.2, 6.3 and 11.2.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import h11

from lanchat.errors import ProtocolError
from lanchat.limits import MAX_HTTP_HEADERS, MAX_HTTP_REQUEST_BYTES, MAX_HTTP_TARGET_BYTES

_PIECE_BYTES = 1_024


@dataclass(frozen=True, slots=True)
class Request:
    """What a browser asks: method in capitals, target as sent, header names in lower case, and the whole body."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def has_body(self) -> bool:
        """Whether a body comes behind the head."""
        return "transfer-encoding" in self.headers or int(self.headers.get("content-length", 0)) > 0

    @property
    def query(self) -> str:
        """What stands behind the "?"."""
        return self.target.partition("?")[2]


@dataclass(frozen=True, slots=True)
class Response:
    """What it is answered."""

    status: int
    content_type: str
    body: bytes
    headers: Sequence[tuple[str, str]] = ()


class Refused(Exception):
    """A request whose body is not worth reading: raised by `admit`, with its answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


# What a head allows: raises Refused, or returns how many bytes its body may have.
Admit = Callable[[Request], int]


class TooLarge(ProtocolError):
    """A body over what was allowed."""


class WebWire:
    """The wire of one HTTP connection."""

    def __init__(self, admit: Admit) -> None:
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HTTP_REQUEST_BYTES)
        self._admit = admit
        self._unread = bytearray()
        self._request: Request | None = None
        self._body: list[bytes] = []
        self._body_bytes = 0
        self._bound = 0

    # ---- Requests --------------------------------------------------------------------------------------------------

    def receive(self, data: bytes) -> Request | None:
        """Take bytes; return a request once it is whole. The next one comes once this one is answered.

        Raises ProtocolError if this is no HTTP or over a limit, and Refused; nothing more can be read then.
        """
        self._unread += data
        try:
            while True:
                event = self._http.next_event()
                if event is h11.NEED_DATA and self._unread:  # in pieces: h11 bounds only what has not ended yet
                    self._http.receive_data(bytes(self._unread[:_PIECE_BYTES]))
                    del self._unread[:_PIECE_BYTES]
                elif isinstance(event, h11.EndOfMessage):
                    return self._whole()
                elif not self._take(event):
                    return None
        except h11.RemoteProtocolError as error:
            raise ProtocolError(str(error)) from None

    def _take(self, event: object) -> bool:
        """Take part of a request; return whether there may be more of it."""
        if isinstance(event, h11.Request):
            _check(event)
            self._request = _request(event)
            self._begin(self._request)
        elif isinstance(event, h11.Data):
            self._body_bytes += len(event.data)
            if self._body_bytes > self._bound:
                raise TooLarge(f"a body over {self._bound} bytes")
            self._body.append(bytes(event.data))
        else:
            return False
        return True

    def _begin(self, head: Request) -> None:
        self._body, self._body_bytes = [], 0
        self._bound = self._admit(head)
        if int(head.headers.get("content-length", 0)) > self._bound:
            raise TooLarge(f"a body over {self._bound} bytes")

    def _whole(self) -> Request:
        head = self._request
        assert head is not None, "h11 tells the head of a request first"  # noqa: S101
        return Request(head.method, head.target, head.headers, b"".join(self._body))

    @property
    def is_begun(self) -> bool:
        """Whether a part of a request has come."""
        return bool(self._unread or self._http.trailing_data[0]) or self._http.their_state is not h11.IDLE

    @property
    def is_body_awaited(self) -> bool:
        """Whether the head has come, and not all of its body."""
        return self._http.their_state is h11.SEND_BODY

    # ---- Responses -------------------------------------------------------------------------------------------------

    def go_on(self) -> bytes:
        """Return what a client waits for that has asked whether to send its body; b"" for all others."""
        if not self._http.they_are_waiting_for_100_continue:
            return b""
        return self._http.send(h11.InformationalResponse(status_code=100, headers=[])) or b""

    def encode(self, response: Response, *, is_last: bool = False) -> bytes:
        """Return the response as bytes; to HEAD, without its body. `is_last`: tell that the connection ends here."""
        if self._http.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            return b""
        is_last = is_last or self._http.their_state in {h11.IDLE, h11.SEND_BODY, h11.ERROR}
        headers = [("Content-Type", response.content_type)] if response.content_type else []
        if response.status != 304:  # RFC 9110, section 15.4.5: what it would be the length of is not sent
            headers.append(("Content-Length", str(len(response.body))))
        headers += [*response.headers, *([("Connection", "close")] if is_last else [])]
        data = self._http.send(h11.Response(status_code=response.status, headers=headers)) or b""
        is_head = self._request is not None and self._request.method == "HEAD"
        if response.body and not is_head and response.status != 304:
            data += self._http.send(h11.Data(data=response.body)) or b""
        return data + self._end()

    def _end(self) -> bytes:
        """End a response, and be ready for the next request where there may be one."""
        data = self._http.send(h11.EndOfMessage()) or b""
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
            self._request = None
        return data

    @property
    def is_over(self) -> bool:
        """Whether no further request can come."""
        return self._http.our_state in {h11.MUST_CLOSE, h11.CLOSED, h11.ERROR}

    def switch(self, headers: Sequence[tuple[str, str]]) -> tuple[bytes, bytes]:
        """Return the answer that makes this another protocol's connection, and what has come of that already."""
        answer = self._http.send(h11.InformationalResponse(status_code=101, headers=list(headers))) or b""
        return answer, self._http.trailing_data[0] + bytes(self._unread)


def _check(request: h11.Request) -> None:
    """Raise ProtocolError where a request is over a limit, in however many segments it came, or could be misread."""
    if len(request.target) > MAX_HTTP_TARGET_BYTES:
        raise ProtocolError(f"a target over {MAX_HTTP_TARGET_BYTES} bytes")
    if len(request.headers) > MAX_HTTP_HEADERS:
        raise ProtocolError(f"more than {MAX_HTTP_HEADERS} headers")
    if sum(len(name) + len(value) for name, value in request.headers) > MAX_HTTP_REQUEST_BYTES:
        raise ProtocolError(f"headers over {MAX_HTTP_REQUEST_BYTES} bytes")
    names = {name for name, _ in request.headers}
    if b"host" not in names:
        raise ProtocolError("no Host")  # h11 lets HTTP/1.0 in without
    if {b"content-length", b"transfer-encoding"} <= names:
        raise ProtocolError("a body of two lengths")
    if request.method == b"PRI" or not (request.target[:1] == b"/" or request.method in (b"OPTIONS", b"CONNECT")):
        raise ProtocolError("a target that is no path")


def _request(event: h11.Request) -> Request:
    headers: dict[str, str] = {}
    for raw_name, raw_value in event.headers:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value  # RFC 9110, section 5.3
    return Request(event.method.decode("latin-1"), event.target.decode("latin-1"), headers)
