"""`lanchat accounts`: which names belong to somebody, and freeing one whose secret is lost."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from contextlib import closing

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lanchat import config
from lanchat.chat.state.accounts import Account
from lanchat.cli.output import replace_what_cannot_be_shown
from lanchat.errors import UsageError, UserError
from lanchat.protocol.names import fold, shown
from lanchat.protocol.text import clean
from lanchat.store.accounts import Store


def run(args: argparse.Namespace) -> int:
    """Show or change the accounts of a host, which may be running. Raises UserError for what cannot be done."""
    if args.action not in ("list", "forget"):
        raise UsageError(f"“{clean(args.action)}” is no list or forget; type lanchat accounts list, or forget NAME.")
    if (args.action == "forget") != (args.name is not None):
        raise UsageError("Say whose: lanchat accounts forget NAME. To see all: lanchat accounts list.")
    replace_what_cannot_be_shown()
    folder = config.data_dir(args.data_dir)
    if not Store.is_in(folder):
        raise UserError(f"No host has kept anything in {folder} yet; name its folder with --data-dir.")
    with closing(Store(folder)) as store:
        if args.action == "forget":
            _forget(store, args.name)
        else:
            _list(store.accounts())
    return 0


def _forget(store: Store, name: str) -> None:
    nick = "_".join(name.split())
    account = next((account for account in store.accounts() if fold(account.name) == fold(nick)), None)
    if account is None or not store.forget_account(nick):
        raise UserError(f"Nobody has the name {clean(name)} here; lanchat accounts list shows who does.")
    _print(Text(f"{_shown(account)} belongs to nobody now; whoever uses the name next owns it."))
    _print(Text("Who had it joins with: lanchat join --as-new"))


def _list(accounts: Sequence[Account]) -> None:
    if not accounts:
        _print(Text("Nobody has a name of their own here yet."))
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Name")
    table.add_column("Since", no_wrap=True)
    for account in sorted(accounts, key=lambda account: fold(account.name)):
        table.add_row(Text(_shown(account)), time.strftime("%Y-%m-%d %H:%M", time.localtime(account.created_at)))
    _print(table)


def _shown(account: Account) -> str:
    return clean(shown(account.name))


def _print(what: Table | Text) -> None:
    Console(markup=False, highlight=False, emoji=False).print(what)
