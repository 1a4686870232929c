"""SCRAM-SHA-256: each side proves to the other that it knows a secret, which never crosses the wire.

    client   n,,n=ana,r=C                     its name and a nonce
    server   r=CS,s=<salt>,i=16384            its own nonce behind it, and how the secret is hashed
    client   c=biws,r=CS,p=<proof>            only who knows the secret can make it
    server   v=<signature>                    only who knows the account can make it

What a server keeps (`Verifier`) is enough to check a proof and to sign, not to make one. No socket and no clock: nonces
come in, messages go out. Hashing a secret (`salted`) takes long by design, so whoever calls it does so off the loop.
Source: RFC 5802, sections 3, 5 and 7; RFC 7677 for SHA-256.
"""

import base64
import binascii
import hashlib
import hmac
import stringprep
import unicodedata
from dataclasses import dataclass

from lanchat.errors import ProtocolError
from lanchat.limits import MAX_SCRAM_ITERATIONS, MIN_SCRAM_ITERATIONS

MECHANISM = "SCRAM-SHA-256"
_NO_BINDING = "n,,"  # GS2 header: no channel binding, as there is no TLS; RFC 5802, section 7
_MAX_SALT_BYTES = 64
_MAX_NONCE_CHARS = 256


@dataclass(frozen=True, slots=True)
class Verifier:
    """What a server keeps of a secret. Source: RFC 5802, section 3, "StoredKey" and "ServerKey"."""

    salt: bytes
    iterations: int
    stored_key: bytes
    server_key: bytes


def prepared(secret: bytes) -> bytes:
    """Return a secret in the one form that all ways to type it share; one that has none, as it is.

    Source: RFC 4013 (SASLprep), which RFC 5802 asks for.
    """
    try:
        text = secret.decode()
    except UnicodeDecodeError:
        return secret
    mapped = (" " if stringprep.in_table_c12(char) else char for char in text if not stringprep.in_table_b1(char))
    return unicodedata.normalize("NFKC", "".join(mapped)).encode() or secret


def salted(secret: bytes, salt: bytes, iterations: int) -> bytes:
    """Return the SaltedPassword, 32 bytes. Takes tens of milliseconds: not for the loop's thread."""
    return hashlib.pbkdf2_hmac("sha256", prepared(secret), salt, iterations)


def verifier(salted_secret: bytes, salt: bytes, iterations: int) -> Verifier:
    """Return what a server keeps of a secret that was hashed."""
    stored_key = hashlib.sha256(_hmac(salted_secret, b"Client Key")).digest()
    return Verifier(salt, iterations, stored_key, _hmac(salted_secret, b"Server Key"))


@dataclass(frozen=True, slots=True)
class Challenge:
    """How a server wants the secret hashed."""

    salt: bytes
    iterations: int


class ClientSide:
    """One exchange from the client's side: send `first`, read the challenge, send the proof, check the signature."""

    def __init__(self, name: str, nonce: str) -> None:
        self._nonce = nonce
        self._bare = f"n={name.replace('=', '=3D').replace(',', '=2C')},r={nonce}"
        self._challenge = ""
        self._full_nonce = ""
        self._signature = b""

    @property
    def first(self) -> bytes:
        """The first message."""
        return (_NO_BINDING + self._bare).encode()

    def challenged(self, message: bytes) -> Challenge:
        """Read the server's first message. Raises ProtocolError for one that this exchange cannot go on with."""
        found = _attributes(message, "rsi")
        if not found["r"].startswith(self._nonce) or len(found["r"]) <= len(self._nonce):
            raise ProtocolError("a nonce that is not ours")
        self._challenge, self._full_nonce = message.decode(), found["r"]
        return Challenge(_bytes(found["s"], _MAX_SALT_BYTES), _iterations(found["i"]))

    def prove(self, salted_secret: bytes) -> bytes:
        """Return the last message, for the secret as the challenge wanted it hashed."""
        without_proof = f"c=biws,r={self._full_nonce}"  # "biws": _NO_BINDING in base64
        signed = f"{self._bare},{self._challenge},{without_proof}".encode()
        client_key = _hmac(salted_secret, b"Client Key")
        proof = _xor(client_key, _hmac(hashlib.sha256(client_key).digest(), signed))
        self._signature = _hmac(_hmac(salted_secret, b"Server Key"), signed)
        return f"{without_proof},p={_base64(proof)}".encode()

    def is_signed(self, message: bytes) -> bool:
        """Tell whether the server's last message proves that it knows the account."""
        try:
            signature = _bytes(_attributes(message, "v")["v"], 32)
        except ProtocolError:
            return False
        return bool(self._signature) and hmac.compare_digest(signature, self._signature)


@dataclass(frozen=True, slots=True)
class First:
    """A client's first message: who it is, its nonce, and the two parts that are signed or repeated later."""

    name: str
    nonce: str
    header: str
    bare: str


def read_first(message: bytes) -> First:
    """Read a client's first message.

    Raises ProtocolError for anything else, channel binding and another identity to act as included.
    """
    flag, identity, bare = (*_text(message).split(",", 2), "", "")[:3]
    if flag not in ("n", "y") or (identity and not identity.startswith("a=")):
        raise ProtocolError("no SCRAM message, or channel binding, which there is none of here")
    found = _attributes(bare.encode(), "nr")
    name = _name(found["n"])
    if not name or not 0 < len(found["r"]) <= _MAX_NONCE_CHARS or (identity and _name(identity[2:]) != name):
        raise ProtocolError("no name, no nonce, or another identity to act as")
    return First(name, found["r"], f"{flag},{identity},", bare)


class ServerSide:
    """One exchange from the server's side, for an account that is there."""

    def __init__(self, first: First, known: Verifier, nonce: str) -> None:
        self.name = first.name
        self._first = first
        self.known = known
        self._nonce = first.nonce + nonce
        self.challenge = f"r={self._nonce},s={_base64(known.salt)},i={known.iterations}".encode()

    def finish(self, message: bytes) -> bytes | None:
        """Return the signature to send where the client's last message proves the secret, None where it does not.

        Raises ProtocolError for what is no such message, or belongs to another exchange.
        """
        found = _attributes(message, "crp")
        if found["r"] != self._nonce or _bytes(found["c"], _MAX_NONCE_CHARS) != self._first.header.encode():
            raise ProtocolError("a message of another exchange")
        without_proof = _text(message).rpartition(",p=")[0]
        signed = f"{self._first.bare},{self.challenge.decode()},{without_proof}".encode()
        proof = _bytes(found["p"], 32)
        if len(proof) != 32:
            return None
        client_key = _xor(proof, _hmac(self.known.stored_key, signed))
        if not hmac.compare_digest(hashlib.sha256(client_key).digest(), self.known.stored_key):
            return None
        return b"v=" + _base64(_hmac(self.known.server_key, signed)).encode()


def _attributes(message: bytes, wanted: str) -> dict[str, str]:
    """Return the attributes of a message, which has to begin with those wanted, in this order. Others may follow."""
    parts = _text(message).split(",")
    if wanted[-1] == "p":
        parts = [*parts[:2], parts[-1]]  # extensions stand before the proof; RFC 5802, section 7
    if [part[:2] for part in parts[: len(wanted)]] != [f"{key}=" for key in wanted]:
        raise ProtocolError("not the SCRAM message that comes next")
    return {part[0]: part[2:] for part in parts[: len(wanted)]}


def _text(message: bytes) -> str:
    try:
        text = message.decode()
    except UnicodeDecodeError:
        raise ProtocolError("not UTF-8") from None
    if "\0" in text:
        raise ProtocolError("a NUL")
    return text


def _name(written: str) -> str:
    """Return a name as it is; on the wire "," is "=2C" and "=" is "=3D". Source: RFC 5802, section 5.1."""
    if written.replace("=2C", "").replace("=3D", "").count("="):
        raise ProtocolError("a name that is not written as one")
    return written.replace("=2C", ",").replace("=3D", "=")


def _iterations(text: str) -> int:
    """Return how often to hash: what a server may ask of us is bounded at both ends."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise ProtocolError("no number of iterations")
    if not MIN_SCRAM_ITERATIONS <= int(text) <= MAX_SCRAM_ITERATIONS:
        raise ProtocolError("too few iterations, or too many")
    return int(text)


def _bytes(text: str, limit_bytes: int) -> bytes:
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ProtocolError("not base64") from None
    if not 0 < len(found) <= limit_bytes:
        raise ProtocolError("too few bytes, or too many")
    return found


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _hmac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "sha256")


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
