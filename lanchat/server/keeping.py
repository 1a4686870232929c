"""What is stored: accounts, as the chat says that they changed, and as other programs have changed them."""

from __future__ import annotations

from contextlib import suppress

from lanchat.chat.state.network import Network
from lanchat.server.peers import Warn
from lanchat.store.accounts import Store, StoreError


class Keeping:
    """Brings accounts to the store at the end of a turn, and back from it on each tick."""

    def __init__(self, store: Store, network: Network, warn: Warn) -> None:
        self._store = store
        self._network = network
        self._warn = warn
        self.are_accounts_changed = False
        self.are_accounts_unwritten = False  # the last attempt failed

    def finish_turn(self) -> None:
        """Write what changed in this turn, before anybody is told of it."""
        if self.are_accounts_changed:
            self._write()

    def tick(self) -> None:
        """Try again what could not be written; else take over what another program has changed."""
        if self.are_accounts_unwritten:
            self._write()
        else:
            self._read()

    def _write(self) -> None:
        """Write new accounts down. Where that fails they hold as long as the host runs, and it is tried again later."""
        self.are_accounts_changed = False
        try:
            self._store.keep_accounts(self._network.accounts.all())
            self.are_accounts_unwritten = False
        except StoreError as error:
            if not self.are_accounts_unwritten:
                self._warn(str(error))
            self.are_accounts_unwritten = True

    def _read(self) -> None:
        with suppress(StoreError):  # the next tick may have more luck
            if self._store.is_changed_elsewhere():
                self._network.accounts.replace(self._store.accounts())
