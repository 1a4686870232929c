"""`lanchat forget`: what was said in a room, by somebody or before a day, removed for good."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

from lanchat import config
from lanchat.cli.history.asked import listed, milliseconds, names_of
from lanchat.client.rooms.called import folded
from lanchat.errors import UsageError, UserError
from lanchat.export.entries import name_of
from lanchat.export.times import minute
from lanchat.export.wording import counted
from lanchat.protocol.names import CHANNEL_PREFIX
from lanchat.protocol.text import clean
from lanchat.store.archive import KeptRoom, readable
from lanchat.store.inventory import Choice, Found, Inventory, author_of, open_inventory
from lanchat.store.removal import remove
from lanchat.when import NotATime, parse_when

_PERSON_PREFIX = "@"  # says that a person is meant, as "#" says that a room is


def run(args: argparse.Namespace) -> int:
    """Carry out `lanchat forget`. Raises UserError for what cannot be done."""
    if not (args.what or args.before):
        raise UsageError("Say what: lanchat forget ROOM, lanchat forget NAME, or --before DATE.")
    folder, before = config.data_dir(args.data_dir), _before(args.before)
    with closing(open_inventory(folder)) as inventory, readable(inventory.path):
        choice = _choice(inventory, args.what, before)
        found = inventory.look(choice)
    what = _words(choice)
    if not (found.ids or found.markers):
        _say(f"Nothing {what} is kept in {folder}.")
    elif args.yes or _is_sure(_amount(found), what, folder):
        _forget(folder, choice, found, what)
    else:
        _say("Nothing was removed.")
        return 1
    _tell_of_others(folder)
    return 0


def _before(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return milliseconds(parse_when(text, datetime.now().astimezone()))
    except NotATime as error:
        raise UsageError(str(error)) from None


# ---- What is meant ---------------------------------------------------------------------------------------------------


def _choice(inventory: Inventory, what: str | None, before: int | None) -> Choice:
    """Return what is meant. A whole name has to be typed: nothing goes because it begins alike."""
    if not what:
        return Choice(before=before)
    room, name = _room(inventory, what), _person(inventory, what)
    if room and name:
        raise UserError(
            f"“{clean(what)}” is a room and a person; for the room type {_quoted(room.channel)}, "
            f"for the person {_quoted(_PERSON_PREFIX + name)}."
        )
    if not (room or name):
        rooms = [one.title for one in inventory.rooms()]
        there = f"; there is {listed(rooms, 'and')}" if rooms else ""
        raise UserError(f"Nothing is kept of a room or a person called “{clean(what)}” in {inventory.path}{there}.")
    return Choice(room, name, before)


def _room(inventory: Inventory, what: str) -> KeptRoom | None:
    return next((room for room in inventory.rooms() if folded(what) in names_of(room)), None)


def _person(inventory: Inventory, what: str) -> str | None:
    name = "_".join(what.removeprefix(_PERSON_PREFIX).split())
    return name if not what.startswith(CHANNEL_PREFIX) and inventory.knows(name) else None


def _quoted(text: str) -> str:
    return f'"{clean(text)}"'


def _words(choice: Choice) -> str:
    """Return what is meant, as it follows "messages"."""
    at = minute(choice.before) if choice.before is not None else None
    return " ".join(
        [
            *([f"said in {clean(choice.room.title)}"] if choice.room else []),
            *([f"of {name_of(choice.name)}"] if choice.name else []),
            *([f"from before {at.day}, {at.clock} ({at.offset})"] if at else []),
        ]
    )


# ---- Asking and doing ------------------------------------------------------------------------------------------------


def _amount(found: Found) -> str:
    """Return how much of what there is: "12 messages (3 of them between two people) and 4 other events"."""
    private = f" ({found.private:,} of them between two people)" if found.private else ""
    parts = [f"{counted(found.messages, 'message')}{private}"]
    parts += [counted(found.others, "other event")] if found.others else []
    parts += [f"how far one has read in {counted(found.markers, 'place')}"] if found.markers else []
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]


def _is_sure(amount: str, what: str, folder: Path) -> bool:
    if not sys.stdin.isatty():
        raise UsageError("Nobody can be asked here whether that is meant; add --yes to remove it all the same.")
    _say(f"This removes {amount} {what} from {folder}, for good.")
    try:
        return input("Type yes to remove it: ").strip().casefold() in ("yes", "y")
    except EOFError:
        return False


def _forget(folder: Path, choice: Choice, found: Found, what: str) -> None:
    remove(folder, found.ids, author_of(choice.name) if choice.name and found.markers else "")
    _say(f"Removed {_amount(found)} {what}.")


def _tell_of_others(folder: Path) -> None:
    """Name the files that were set aside: they hold what they held."""
    others = sorted(path.name for path in folder.glob("history-damaged-*.db"))
    if others:
        _say(f"Not looked into: {listed(others, 'and')} in {folder}, set aside as damaged; delete what is not needed.")


def _say(text: str) -> None:
    print(text)  # noqa: T201 - this is the command's output
