"""SASL as AUTHENTICATE carries it: mechanisms, messages in pieces of 400 bytes, and PLAIN.

Source: IRCv3 sasl-3.1 and 3.2; RFC 4616. The other mechanism is in scram.py.
"""

import base64
import binascii
from dataclasses import dataclass

from lanchat.errors import ProtocolError
from lanchat.limits import MAX_SASL_BYTES, MAX_SECRET_BYTES, SASL_CHUNK_BYTES
from lanchat.protocol import scram
from lanchat.protocol.message import Message

PLAIN = "PLAIN"
MECHANISMS = (PLAIN, scram.MECHANISM)
_MAX_BASE64_BYTES = -(-MAX_SASL_BYTES // 3) * 4


@dataclass(slots=True)
class Exchange:
    """A login in the middle: its mechanism, what was sent of a response so far, and what SCRAM knows by now."""

    mechanism: str = PLAIN
    received: str = ""
    side: scram.ServerSide | None = None
    proved_as: str = ""  # the account, once SCRAM's proof was right and the signature is sent

    def feed(self, chunk: str) -> bytes | None:
        """Return a whole response once its last piece is there: one shorter than 400 bytes.

        Raises ProtocolError if it is no base64 or too long.
        """
        self.received += "" if chunk == "+" else chunk
        if len(self.received) > _MAX_BASE64_BYTES:
            raise ProtocolError("a response that is too long")
        if len(chunk) == SASL_CHUNK_BYTES:
            return None
        whole, self.received = self.received, ""
        try:
            return base64.b64decode(whole, validate=True)
        except (binascii.Error, ValueError):
            raise ProtocolError("not base64") from None


def pieces(response: bytes, source: str = "") -> list[Message]:
    """Return the messages that carry a response, or a challenge. An empty one is "+"."""
    text = base64.b64encode(response).decode()
    chunks = [text[start : start + SASL_CHUNK_BYTES] for start in range(0, len(text), SASL_CHUNK_BYTES)]
    if not chunks or len(chunks[-1]) == SASL_CHUNK_BYTES:
        chunks.append("+")  # a last chunk of full length needs an empty one behind it
    return [Message("AUTHENTICATE", (chunk,), source) for chunk in chunks]


def plain_response(name: str, secret: str) -> bytes:
    """Return the response of PLAIN: name and secret."""
    return f"\0{name}\0{secret}".encode()


def read_plain(response: bytes) -> tuple[str, bytes]:
    """Return the name and the secret of a PLAIN response. The identity to act as must be empty or the same.

    Raises ProtocolError for anything else, an empty name or secret included.
    """
    parts = response.split(b"\0")
    if len(parts) != 3 or not parts[1] or not parts[2] or parts[0] not in {b"", parts[1]}:
        raise ProtocolError("not a PLAIN response")
    if len(parts[2]) > MAX_SECRET_BYTES:
        raise ProtocolError("a secret that is too long")
    try:
        return parts[1].decode(), parts[2]
    except UnicodeDecodeError:
        raise ProtocolError("a name that is not UTF-8") from None
