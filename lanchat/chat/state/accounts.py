"""Accounts by trust on first use: whoever first logs in under a name owns it.

Secrets are kept as scrypt digests only. A secret that proved right is remembered for this run under a key made at
its start, so that a whole site coming back after a power cut does not queue for scrypt.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from lanchat.limits import LOGIN_ATTEMPTS, LOGIN_ATTEMPTS_PER_S
from lanchat.protocol.names import fold
from lanchat.protocol.skeleton import skeleton

SALT_BYTES = 16
MAX_ACCOUNTS = 10_000  # per host
_MAX_ADDRESSES = 5_000  # of which wrong secrets are remembered


@dataclass(frozen=True, slots=True)
class Account:
    """A name that belongs to somebody, the salt and scrypt digest of the secret, and since when (UNIX seconds)."""

    name: str
    salt: bytes
    digest: bytes
    created_at: float


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
        """Keep a new account."""
        self._accounts[fold(account.name)] = account
        self._faces.setdefault(skeleton(account.name), account)

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


class Attempts:
    """Wrong secrets and passwords by address, so that nobody can try them all."""

    def __init__(self, *, is_limited: bool) -> None:
        self._is_limited = is_limited
        self._failed_at: dict[str, list[float]] = {}

    def is_blocked(self, address: str, now: float) -> bool:
        """Tell whether an address has to wait."""
        recent = [at for at in self._failed_at.get(address, ()) if now - at < LOGIN_ATTEMPTS_PER_S]
        return self._is_limited and len(recent) >= LOGIN_ATTEMPTS

    def failed(self, address: str, now: float) -> None:
        """Note a wrong secret."""
        recent = self._failed_at.pop(address, [])[1 - LOGIN_ATTEMPTS :]
        self._failed_at[address] = [*recent, now]
        if len(self._failed_at) > _MAX_ADDRESSES:
            del self._failed_at[next(iter(self._failed_at))]
