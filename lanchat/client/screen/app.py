"""The terminal screen as a program: from looking for a room to having left it.

`_story` decides which screen comes next; the screens only show.
What the first screen does not need is imported after it is painted: a person sees it 50 ms sooner.
"""

import asyncio
import contextlib
import os
import time
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.worker import WorkerFailed

from lanchat.client.joining import Joining
from lanchat.client.screen import keys
from lanchat.client.screen.attention import Called, Titled, notification, title_sequence
from lanchat.client.screen.driver import own_driver
from lanchat.client.screen.screens.waiting import WaitingScreen
from lanchat.client.screen.widgets.palette import ASK_GROUND, Ground, NameStyles, ground_said, ground_told
from lanchat.errors import UserError
from lanchat.protocol.text import clean

if TYPE_CHECKING:
    from lanchat.client.conversation import Conversation
    from lanchat.client.screen.screens.chat import ChatScreen
    from lanchat.client.screen.screens.picker import PickerScreen
    from lanchat.discovery.rooms import FoundRoom

_AGAIN_S = 3.0  # Ctrl+C twice within this time leaves
_GOODBYE_S = 2.0  # for the last messages to reach the host
_UNSENT_CHARS = 200
_UNSENT_SHOWN = 5
_GROUNDS = {"light": Ground.LIGHT, "dark": Ground.DARK}


class ScreenFailed(UserError):
    """The screen failed: a fault of the program, told in one line."""


def run_app(joining: Joining) -> int:
    """Show the terminal screen until this person leaves; return the exit status.

    Raises UserError with what there is to say once the screen is gone.
    """
    keys.install()
    app = LanchatApp(joining)
    app.run()
    if app.fault is not None:
        raise ScreenFailed(_fault_line(app.fault))
    if app.problem is not None:
        raise app.problem
    return app.return_value or 0


def _fault_line(fault: BaseException) -> str:
    """Return one line about a fault of the program, cleaned: the error may quote foreign text."""
    frames = traceback.extract_tb(fault.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    what = clean(f"{type(fault).__name__}: {fault}")[:200]
    return f"The screen failed ({what}{place}). `lanchat join --plain` works without it."


def _unsent_line(texts: Sequence[str]) -> str:
    """Return one line with what this person said and nobody got, so that they can say it again."""
    said = " / ".join(clean(text)[:_UNSENT_CHARS] for text in texts[:_UNSENT_SHOWN])
    others = f" and {len(texts) - _UNSENT_SHOWN} more" if len(texts) > _UNSENT_SHOWN else ""
    return f"This was not sent any more: {said}{others}"


def _picker(*, is_alone_joined: bool = False, can_go_back: bool = False, problem: str = "") -> "PickerScreen":
    from lanchat.client.screen.screens.picker import PickerScreen

    return PickerScreen(is_alone_joined=is_alone_joined, can_go_back=can_go_back, problem=problem)


class LanchatApp(App[int]):
    """The program behind the screens."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "lanchat"
    CSS: ClassVar[str] = """
    ScrollView {
        scrollbar-background: ansi_default;
        scrollbar-background-hover: ansi_default;
        scrollbar-background-active: ansi_default;
        scrollbar-color: ansi_bright_black;
    }
    .text-area--cursor, .input--cursor, .screen--selection {
        color: ansi_default;
        background: ansi_default;
        text-style: reverse;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", "Leave", show=False, priority=True),
        Binding("ctrl+c", "interrupt", "Leave", show=False),
        Binding("ctrl+l", "repaint", "Repaint", show=False, priority=True),
    ]

    def __init__(self, joining: Joining) -> None:
        super().__init__(ansi_color=True)  # the terminal's own colours and background, light or dark
        self.theme = "ansi-dark"
        self.animation_level = "none"
        self.problem: UserError | None = None
        self._joining = joining
        self._conversation: Conversation | None = None
        self._first_picker: PickerScreen | None = None
        self._chat: ChatScreen | None = None
        self._around: PickerScreen | None = None  # over the conversation
        self._interrupted_at = -_AGAIN_S
        is_poor = self.console.color_system not in ("256", "truecolor")
        self._names = NameStyles(_GROUNDS.get(joining.ground) or ground_said(os.environ), is_poor=is_poor)

    async def on_mount(self) -> None:
        """Show the first screen. The story begins once that is painted."""
        wanted = self._joining.wanted_text
        if wanted:
            await self.push_screen(WaitingScreen(f"Looking for {clean(wanted)} …"))
        else:
            self._first_picker = _picker(is_alone_joined=True)
            await self.push_screen(self._first_picker)
        if not self._joining.ground:
            self._write(ASK_GROUND)
        self.call_after_refresh(self._begin)

    def on_ground_told(self, event: keys.GroundTold) -> None:
        """Show names so that they can be read on this ground."""
        ground = ground_told(event.colour)
        if self._joining.ground or ground in (Ground.UNKNOWN, self._names.ground):
            return
        self._names.ground = ground
        if self._chat is not None and self._chat.is_running:
            self._chat.recolour()

    def _begin(self) -> None:
        self.run_worker(self._story(), name="story")

    # ---- the story --------------------------------------------------------------------------------------------

    async def _story(self) -> None:
        """Find a room, talk there, go on to the next, until this person leaves."""
        try:
            room = await self._joining.wanted() if self._joining.wanted_text else await self._pick("")
            while True:
                room = await self._visit(room)
        except UserError as error:
            self.problem = error
            self.exit(error.exit_status)

    async def _visit(self, room: "FoundRoom") -> "FoundRoom":
        """Talk in a room; return where to go next. Raises UserError where nothing can be chosen instead."""
        try:
            screen = await self._enter(room)
        except UserError as error:
            if self._joining.wanted_text:
                raise
            return await self._pick(str(error))
        if screen is None:
            return await self._pick("")
        following = await screen.onward()
        await self._end_conversation()
        return following or await self._pick("")

    async def _pick(self, problem: str) -> "FoundRoom":
        """Ask this person to choose a room. `problem`: why the last choice did not work."""
        picker, self._first_picker = self._first_picker, None
        if picker is None:
            picker = _picker(problem=problem)
            await self.switch_screen(picker)
        async with self._joining.finder() as finder:
            while (room := await picker.choose(finder)) is None:
                pass  # there is nothing to go back to
        return room

    async def _enter(self, room: "FoundRoom") -> "ChatScreen | None":
        """Connect, asking for a password as often as needed; None if this person gives none. Raises UserError."""
        from lanchat.client.connection.link import Refused
        from lanchat.client.connection.registration import RefusalKind
        from lanchat.client.screen.screens.chat import ChatScreen
        from lanchat.client.screen.screens.dialogs import PasswordDialog

        password = ""
        while True:
            conversation = self._conversation = self._joining.converse(room, password)
            screen = self._chat = ChatScreen(conversation, self._names)
            await self.switch_screen(screen)
            try:
                await conversation.connect()
            except Refused as refusal:
                if refusal.kind is not RefusalKind.PASSWORD:
                    raise
                problem = "That password is not the right one." if password else ""
                password = await self.push_screen_wait(PasswordDialog(room.name, problem))
                if not password:
                    return None
            else:
                self._joining.joined(room, conversation)
                return screen

    async def on_chat_screen_rooms_wanted(self, event: "ChatScreen.RoomsWanted") -> None:
        """Show the picker with other rooms, over the conversation."""
        self.run_worker(self._look_around(event.screen), name="look around")

    def on_chat_screen_rooms_listed(self, event: "ChatScreen.RoomsListed") -> None:
        """Show what rooms this host has, where they are chosen from."""
        if self._around is not None:
            self._around.list_rooms(event.screen.listed)

    async def _look_around(self, screen: "ChatScreen") -> None:
        picker = self._around = _picker(can_go_back=True)
        picker.list_rooms(screen.listed)
        await self.push_screen(picker)
        async with self._joining.finder() as finder:
            room = await picker.choose(finder)
        self._around = None
        await self.pop_screen()
        if room is not None:
            screen.go_to(room)

    # ---- leaving ----------------------------------------------------------------------------------------------

    def action_leave(self) -> None:
        """Say goodbye and end."""
        self.run_worker(self._leave(), name="leave", exclusive=True, group="leave")

    async def _leave(self) -> None:
        await self._end_conversation()
        self.exit(0)

    async def _end_conversation(self) -> None:
        conversation, self._conversation = self._conversation, None
        if conversation is None:
            return
        from lanchat.client.state.changes import LinkStatus

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                if conversation.state.status.status is LinkStatus.CONNECTED:
                    await conversation.said()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                await conversation.close(conversation.last_words)
        self._joining.left(conversation)
        if conversation.undelivered:
            self.problem = UserError(_unsent_line([part.text for part in conversation.undelivered]))

    def on_chat_screen_left(self) -> None:
        """Leave: this person typed /quit."""
        self.action_leave()

    def action_interrupt(self) -> None:
        """Leave at the second Ctrl+C within 3 s: one alone may have been meant to copy a text."""
        now = time.monotonic()
        if self._chat is None or self.screen is not self._chat or now - self._interrupted_at < _AGAIN_S:
            self.action_leave()
            return
        self._interrupted_at = now
        self._chat.note("Press Ctrl+C again to leave")

    def get_driver_class(self) -> type[Driver]:
        """Return the platform's driver, with what it lacks."""
        return own_driver(super().get_driver_class(), lambda *rows: self.screen.refresh(*rows))

    def _write(self, sequence: str) -> None:
        if self._driver is not None and sequence:
            self._driver.write(sequence)

    def on_titled(self, event: Titled) -> None:
        """Show the conversation in the window's title."""
        self._write(title_sequence(event.title))

    def on_called(self, event: Called) -> None:
        """Show on the desktop that this person is called, where the terminal can."""
        self._write(notification(event.entry, os.environ))

    def action_repaint(self) -> None:
        """Paint everything anew: another program may have written into the terminal."""
        self._write("\x1b[2J")
        self.refresh(layout=True)

    # ---- faults -----------------------------------------------------------------------------------------------

    @property
    def fault(self) -> BaseException | None:
        """The error that ended the app, if any."""
        error = self._exception
        return error.error if isinstance(error, WorkerFailed) else error

    def _fatal_error(self) -> None:
        """End after a fault in silence. Textual would print a traceback with the values of variables: foreign text."""
        self._close_messages_no_wait()

    def panic(self, *_renderables: Any) -> None:
        """End after a fault in silence, as above."""
        self._close_messages_no_wait()
