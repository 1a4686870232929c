"""What is stored: accounts, as the chat says that they changed, and as other programs have changed them.

The loop's thread only hands over: `Disk` has a thread that writes and reads, and a database that is locked keeps nobody
waiting but those whose own account is to be written.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from lanchat.chat.state.accounts import Account
from lanchat.chat.state.network import Network
from lanchat.limits import ACCOUNT_UNUSED_S
from lanchat.protocol.names import fold
from lanchat.server.peers import Warn
from lanchat.server.work.disk import Disk
from lanchat.store.accounts import Store, StoreError

_FORGET_AGAIN_S = 86_400.0  # how often accounts that nobody uses are looked for


class Keeping:
    """Brings accounts to the store at the end of a turn, and back from it on each tick."""

    def __init__(self, store: Store, disk: Disk, network: Network, warn: Warn) -> None:
        self._store = store
        self._disk = disk
        self._network = network
        self._warn = warn
        self._unwritten: dict[str, Account] = {}  # folded name → account, until the disk has it
        self._changed: dict[str, Account] = {}  # those of this turn
        self._waiting: list[Callable[[], None]] = []  # who is to be told when those are written
        self._is_reading = False
        self._forget_at = 0.0
        self._writes = 0  # that are under way
        self._has_warned = False

    @property
    def are_accounts_unwritten(self) -> bool:
        """Whether the disk does not have all of them yet."""
        return bool(self._unwritten)

    def keep(self, account: Account, then: Callable[[], None] | None = None) -> None:
        """Write an account down, at the end of this turn. Then, or if that fails, call `then`."""
        self._changed[fold(account.name)] = account
        if then:
            self._waiting.append(then)

    def finish_turn(self) -> None:
        """Hand over what changed in this turn."""
        if self._changed:
            self._write(self._changed)
            self._changed = {}

    def _write(self, changed: dict[str, Account]) -> None:
        self._unwritten |= changed
        self._writes += 1
        told, self._waiting = self._waiting, []
        work = partial(self._store.keep_accounts, list(changed.values()))
        self._disk.ask(work, partial(self._written, changed, told))

    def _written(self, changed: dict[str, Account], told: list[Callable[[], None]], error: StoreError | None) -> None:
        """Go on. Where writing failed, accounts hold as long as the host runs, and it is tried again later."""
        self._writes -= 1
        if error and not self._has_warned:
            self._warn(str(error))
        self._has_warned = error is not None
        if not error:
            for folded, account in changed.items():
                if self._unwritten.get(folded) is account:
                    del self._unwritten[folded]
        for then in told:
            then()

    def tick(self, now: float) -> None:
        """Try again what could not be written; else take over what another program has changed."""
        if self._unwritten:
            if not self._writes:
                self._write(dict(self._unwritten))
        elif not self._is_reading:
            self._is_reading = True
            unused_since = self._unused_since(now)
            self._disk.ask(partial(_read, self._store, unused_since), self._has_read)

    def _unused_since(self, now: float) -> float:
        """Return since when an account that nobody uses is to be unused, to be forgotten now; 0.0 for not now."""
        if now < self._forget_at:
            return 0.0
        self._forget_at = now + _FORGET_AGAIN_S
        for user in self._network.users.values():  # some stay for months
            if user.account and (account := self._network.accounts.used(user.account, now)):
                self.keep(account)
        return now - ACCOUNT_UNUSED_S

    def _has_read(self, kept: list[Account] | StoreError | None) -> None:
        self._is_reading = False
        if isinstance(kept, list):  # else nothing has changed, or the next tick may have more luck
            self._network.accounts.replace([*kept, *self._unwritten.values(), *self._changed.values()])


def _read(store: Store, unused_since: float) -> list[Account] | None:
    """Return the accounts if they have changed; first forget those that nobody has used since then. In a thread."""
    forgotten = store.forget_unused(unused_since) if unused_since else 0
    return store.accounts() if forgotten or store.is_changed_elsewhere() else None
