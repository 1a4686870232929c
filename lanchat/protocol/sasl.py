"""SASL PLAIN, read from the pieces that AUTHENTICATE brings. Source: IRCv3 sasl-3.1; RFC 4616."""

import base64
import binascii
from dataclasses import dataclass

from lanchat.errors import ProtocolError
from lanchat.limits import MAX_SASL_BYTES, MAX_SECRET_BYTES, SASL_CHUNK_BYTES

MECHANISMS = ("PLAIN",)
_MAX_BASE64_BYTES = -(-MAX_SASL_BYTES // 3) * 4


@dataclass(slots=True)
class Exchange:
    """What was sent of a response so far."""

    received: str = ""

    def feed(self, chunk: str) -> bytes | None:
        """Return the whole response once its last piece is there: one shorter than 400 bytes.

        Raises ProtocolError if it is no base64 or too long.
        """
        self.received += "" if chunk == "+" else chunk
        if len(self.received) > _MAX_BASE64_BYTES:
            raise ProtocolError("a response that is too long")
        if len(chunk) == SASL_CHUNK_BYTES:
            return None
        try:
            return base64.b64decode(self.received, validate=True)
        except (binascii.Error, ValueError):
            raise ProtocolError("not base64") from None


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
