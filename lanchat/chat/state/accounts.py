"""Accounts by trust on first use: whoever first logs in under a name owns it.

Of secrets only SCRAM verifiers are kept (protocol/scram.py); an account from before there were any has a scrypt digest,
until its next login by PLAIN. A secret that PLAIN proved right is remembered for this run under a key made at its
start, and SCRAM needs no hashing here, so that a whole site coming back after a power cut does not queue.
"""

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace

from lanchat.chat.state.flood import prefix_of
from lanchat.limits import (
    ATTEMPTS_OF_PREFIX,
    LOGIN_ATTEMPTS,
    LOGIN_ATTEMPTS_PER_S,
    NEW_ACCOUNTS,
    NEW_ACCOUNTS_PER_S,
)
from lanchat.protocol.names import fold
from lanchat.protocol.scram import Verifier
from lanchat.protocol.skeleton import skeleton

SALT_BYTES = 16
MAX_ACCOUNTS = 10_000  # per host
_MAX_ADDRESSES = 5_000  # of which wrong secrets are remembered
_UNIQUE_LOCAL = ipaddress.IPv6Network("fc00::/7")  # RFC 4193, section 3.1
_USED_AGAIN_S = 86_400.0  # a login within a day of the last one is not worth writing down


@dataclass(frozen=True, slots=True)
class Account:
    """A name that belongs to somebody, and since when (UNIX seconds, as `last_used`).

    `salt`, `iterations`, `digest` (StoredKey) and `server_key` make its SCRAM verifier. Without `iterations` it is an
    old one, and `digest` that of scrypt.
    """

    name: str
    salt: bytes
    digest: bytes
    created_at: float
    iterations: int = 0
    server_key: bytes = b""
    last_used: float = 0.0

    @property
    def verifier(self) -> Verifier | None:
        """What SCRAM needs; None for an old account."""
        return Verifier(self.salt, self.iterations, self.digest, self.server_key) if self.iterations else None

    def verified_by(self, known: Verifier) -> "Account":
        """Return the account with another verifier."""
        return replace(
            self, salt=known.salt, iterations=known.iterations, digest=known.stored_key, server_key=known.server_key
        )


def new_account(name: str, known: Verifier, now: float) -> Account:
    """Return an account that begins now."""
    return Account(name, b"", b"", now, last_used=now).verified_by(known)


class Accounts:
    """The accounts of a host."""

    def __init__(self, kept: Iterable[Account] = ()) -> None:
        self._accounts: dict[str, Account] = {}
        self._faces: dict[str, Account] = {}  # skeleton of a name → the account that was first to have it
        self._proved: dict[str, bytes] = {}  # folded name → what the right secret gives under the key
        self._key = secrets.token_bytes(32)
        for account in kept:
            self.add(account)

    def all(self) -> list[Account]:
        """Return all accounts."""
        return list(self._accounts.values())

    def find(self, name: str) -> Account | None:
        """Return the account of a name, however it is written."""
        return self._accounts.get(fold(name))

    def find_face(self, name: str) -> Account | None:
        """Return an account whose name could be taken for this one."""
        return self._faces.get(skeleton(name))

    @property
    def is_full(self) -> bool:
        """Whether no more accounts are taken."""
        return len(self._accounts) >= MAX_ACCOUNTS

    def add(self, account: Account) -> None:
        """Keep a new account, or what has changed of one."""
        self._accounts[fold(account.name)] = account
        self._faces.setdefault(skeleton(account.name), account)

    def used(self, name: str, now: float) -> Account | None:
        """Note that somebody logged in; return the account where that is to be written down."""
        account = self.find(name)
        if account is None or now - account.last_used < _USED_AGAIN_S:
            return None
        self.add(replace(account, last_used=now))
        return self.find(name)

    def replace(self, kept: Iterable[Account]) -> None:
        """Take over what is kept elsewhere, which somebody else may have changed."""
        self._accounts.clear()
        self._faces.clear()
        self._proved.clear()
        for account in kept:
            self.add(account)

    def is_proved(self, name: str, secret: bytes) -> bool:
        """Tell whether this very secret proved right before, in this run."""
        known = self._proved.get(fold(name))
        return known is not None and hmac.compare_digest(known, self._mark(secret))

    def prove(self, name: str, secret: bytes) -> None:
        """Note that a secret was right."""
        self._proved[fold(name)] = self._mark(secret)

    def _mark(self, secret: bytes) -> bytes:
        return hashlib.blake2b(secret, key=self._key).digest()


def source_of(address: str) -> str:
    """Return what is counted as one sender: an address, or with global IPv6 the /64, all of which one machine may have.

    In the /64 of a link-local or a site's address are all machines of that network: each of them counts for itself.
    """
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return address
    return str(known.ipv4_mapped or (address if _is_of_neighbours(known) else _prefix_of(known)))


def _is_of_neighbours(address: ipaddress.IPv6Address) -> bool:
    return address.is_link_local or address in _UNIQUE_LOCAL


def _prefix_of(address: ipaddress.IPv6Address) -> ipaddress.IPv6Network:
    return ipaddress.IPv6Network((address, 64), strict=False)


class Attempts:
    """What was tried in vain, by sender, so that nobody can try everything: `limit` times in `per_s` seconds."""

    def __init__(self, *, is_limited: bool, limit: int = LOGIN_ATTEMPTS, per_s: float = LOGIN_ATTEMPTS_PER_S) -> None:
        self._is_limited = is_limited
        self._limit = limit
        self._per_s = per_s
        self._failed_at: dict[str, list[float]] = {}

    def is_blocked(self, address: str, now: float) -> bool:
        """Tell whether an address has to wait."""
        return self._is_limited and any(self._is_spent(*one, now) for one in self._limits(address))

    def _is_spent(self, source: str, limit: int, now: float) -> bool:
        return sum(now - at < self._per_s for at in self._failed_at.get(source, ())) >= limit

    def failed(self, address: str, now: float) -> None:
        """Count one more."""
        for source, limit in self._limits(address):
            self._failed_at[source] = [*self._failed_at.pop(source, [])[1 - limit :], now]
        while len(self._failed_at) > _MAX_ADDRESSES:
            del self._failed_at[next(iter(self._failed_at))]

    def _limits(self, address: str) -> list[tuple[str, int]]:
        """Return what an address counts for, with the limit of each: itself, and the /64 it may have chosen it in."""
        source, prefix = source_of(address), prefix_of(address)
        own = [(source, self._limit)]
        return own if prefix in ("", source) else [*own, (prefix, self._limit * ATTEMPTS_OF_PREFIX)]


class NewAccounts(Attempts):
    """Accounts that each sender made lately, so that nobody can use up all names."""

    def __init__(self, *, is_limited: bool) -> None:
        super().__init__(is_limited=is_limited, limit=NEW_ACCOUNTS, per_s=NEW_ACCOUNTS_PER_S)

    made = Attempts.failed
