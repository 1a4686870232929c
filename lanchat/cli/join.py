"""`lanchat join`: find a room and talk, on the terminal screen or line by line.

What only one of the screens needs is imported there: every import here delays the first paint.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from lanchat import config
from lanchat.cli.passwords import room_password
from lanchat.client.plain.typing_in import is_terminal
from lanchat.client.rooms.memory import SettingsMemory
from lanchat.errors import UsageError
from lanchat.protocol.names import is_nick, nick_from
from lanchat.protocol.text import clean
from lanchat.when import NotATime, parse_when

if TYPE_CHECKING:
    from lanchat.client.conversation import Conversation
    from lanchat.client.speaking.typed import TypedHistory
    from lanchat.discovery.find import Finder
    from lanchat.discovery.rooms import FoundRoom

_STDIN = 0


def run(args: argparse.Namespace) -> int:
    """Carry out `lanchat join`; return the exit status. Raises UserError."""
    settings = config.load_settings()
    is_person = is_terminal(_STDIN)
    joining = CommandLineJoining(args, settings, is_person=is_person, obeys_commands=is_person or args.commands)
    if args.plain or not _has_screen():
        from lanchat.client.plain.story import join_plainly

        return join_plainly(joining)
    from lanchat.client.screen.app import run_app

    return run_app(joining)


def _has_screen() -> bool:
    """Tell whether the terminal can show more than lines."""
    return is_terminal(_STDIN) and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


class CommandLineJoining:
    """How this person joins, as asked for on the command line: the `Joining` of both screens.

    `is_person`: a person, not a program. Only their name is remembered: a script that speaks as "Alarm" renames nobody.
    """

    def __init__(
        self,
        args: argparse.Namespace,
        settings: config.SavedSettings,
        *,
        is_person: bool,
        obeys_commands: bool = True,
    ) -> None:
        self.is_person = is_person
        self.obeys_commands = obeys_commands
        self.wanted_text: str = (args.target or "").strip()
        self._settings = settings
        self._memory = SettingsMemory(settings, _tell, is_new_to_host=args.as_new)
        self.nick, self._real_name = _names(args.nick, settings.nick)
        self.password: str = room_password(args)
        self.ground: str = args.ground
        self._typed: TypedHistory | None = None
        self.since_s: float | None = _since(args.since)

    async def wanted(self) -> FoundRoom:
        """Return the room asked for. Raises UserError if it cannot be found."""
        from lanchat.client.rooms.choosing import find_wanted

        return await find_wanted(self.wanted_text, self.finder, self._settings.rooms)

    def finder(self) -> Finder:
        """Return what looks for rooms, not started yet."""
        from lanchat.discovery.find import Finder

        return Finder(remembered=self._settings.rooms, running=config.running_dir())

    def converse(self, room: FoundRoom, password: str) -> Conversation:
        """Return a conversation in this room, not connected yet. `password`: as just typed, else ""."""
        from lanchat.client.connection.place import Person, Place
        from lanchat.client.conversation import Conversation
        from lanchat.client.rooms.hearing import hear_room
        from lanchat.client.rooms.search import relocator

        person = Person(self.nick, password or self.password, real_name=self._real_name)
        conversation = Conversation(
            Place.of_room(room),
            person,
            relocate=relocator(config.running_dir()),
            ear=hear_room,
            memory=self._memory,
            is_bell_on=self._settings.is_bell_on,
            typed=self._typed_before(),
        )
        conversation.past.catching_up.since_s = self.since_s
        return conversation

    def _typed_before(self) -> TypedHistory:
        """Return the lines typed before, here and in earlier runs; of a pipe, none are kept."""
        if self._typed is None:
            from lanchat.cli.typed_file import TypedFile
            from lanchat.client.speaking.typed import TypedHistory

            file = TypedFile(config.data_dir() / "typed.jsonl")
            self._typed = TypedHistory(file.lines(), file.add) if self.is_person else TypedHistory()
        return self._typed

    def joined(self, room: FoundRoom, conversation: Conversation) -> None:  # noqa: ARG002 - part of what a screen says
        """Remember a room that let this person in."""
        self._memory.keep_room(room, self.nick if self.is_person else self._settings.nick)

    def left(self, conversation: Conversation) -> None:
        """Remember the address of the room: it may have moved in the meantime."""
        self._memory.keep_place(conversation.place)


def _since(text: str | None) -> float | None:
    """Return the UNIX time of --since. Raises UsageError for what is no time."""
    if text is None:
        return None
    try:
        return parse_when(text, datetime.now().astimezone()).timestamp()
    except NotATime as error:
        raise UsageError(str(error)) from None


def _names(asked: str | None, remembered: str) -> tuple[str, str]:
    """Return the nick, and the name as the person writes it. Raises UsageError if nothing of it can be kept."""
    if asked is not None:
        nick = nick_from(asked)
        if not nick:
            raise UsageError(f'"{clean(asked)}" cannot be a name: nothing of it can be kept. Letters always can.')
        return nick, clean(asked).strip()
    if is_nick(remembered):
        return remembered, ""
    return nick_from(_system_name()) or "guest", ""


def _system_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user, or, on Windows, no variable that names one
        return ""


def _tell(text: str) -> None:
    print(f"lanchat: {text}", file=sys.stderr)  # noqa: T201 - the command line speaks here
