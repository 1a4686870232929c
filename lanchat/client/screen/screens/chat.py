"""The conversation on the screen. It shows what `Conversation.state` holds, redrawn in batches."""

import asyncio
import time
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Resize
from textual.message import Message

from lanchat.client.conversation import Conversation
from lanchat.client.rooms.listed import as_found
from lanchat.client.screen.screens.attending import Attending
from lanchat.client.screen.screens.found import FoundDialog
from lanchat.client.screen.screens.help import HelpPanel
from lanchat.client.screen.screens.leafing import Leafing
from lanchat.client.screen.screens.wording import status_words, talk_words, typing_words
from lanchat.client.screen.screens.writing import WritingScreen
from lanchat.client.screen.widgets.bars import Header, Hints, Pill, RoomInfo
from lanchat.client.screen.widgets.choosing import ChoosingLog
from lanchat.client.screen.widgets.editor import Editor
from lanchat.client.screen.widgets.log import MessageLog
from lanchat.client.screen.widgets.members import MemberList
from lanchat.client.screen.widgets.offers import Offers
from lanchat.client.screen.widgets.palette import NameStyles
from lanchat.client.screen.widgets.prompt import Prompt
from lanchat.client.screen.widgets.tabs import Tab, Tabs
from lanchat.client.screen.widgets.visible import visible
from lanchat.client.speaking.actions import LocalAction
from lanchat.client.speaking.slash import help_on
from lanchat.client.state.changes import (
    Change,
    ChannelJoined,
    ChannelLeft,
    DeliveryChanged,
    EntriesInserted,
    EntryAdded,
    EntryChanged,
    EntryRemoved,
    Found,
    LinkStatus,
    MembersChanged,
    NewSince,
    RoomsListed,
    TalkRenamed,
    ViewChanged,
)
from lanchat.client.state.channels import Channel
from lanchat.client.words.found import found_words, hit_line
from lanchat.discovery.rooms import FoundRoom
from lanchat.limits import MAX_WRITTEN_BYTES

_BATCH_S = 0.05  # between two drawings of what came in: the eye sees no delay, and a busy room costs a third of a core
_KEYS = ("Enter send", "F1 help", "Ctrl+Q leave", "Tab complete", "PgUp scroll", "F2 people", "Alt+Enter new line")
_KEYS_IN_VIEW = ("Esc back to what is said now", "PgUp/PgDn scroll", "/search", "/open", "Ctrl+Q leave")
_KEYS_OF_SEVERAL = ("Ctrl+N/P rooms", *_KEYS)


class ChatScreen(WritingScreen):
    """Talking in one room or several."""

    DEFAULT_CSS: ClassVar[str] = """
    ChatScreen {
        Header, Tabs { background: ansi_blue; color: ansi_bright_white; &:nocolor { text-style: reverse; } }
        #middle { height: 1fr; layers: below above; }
        #writing { height: auto; }
        #conversation { width: 1fr; }
        Pill { background: ansi_yellow; color: ansi_black; text-style: bold; &:nocolor { text-style: bold reverse; } }
        Editor { padding: 0 1 0 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", show=False),
        Binding("f2", "toggle_members", "People", show=False),
        Binding("pageup,shift+pageup", "page(-1)", "Scroll back", show=False),
        Binding("pagedown,shift+pagedown", "page(1)", "Scroll on", show=False),
        Binding("ctrl+home", "oldest", "Oldest", show=False),
        Binding("ctrl+end", "newest", "Newest", show=False),
        Binding("escape", "give_up", "Back", show=False),
        Binding("alt+n", "first_new", "First new message", show=False),
    ]

    class Left(Message):
        """This person wants to leave."""

    class RoomsWanted(Message):
        """This person wants to see which rooms there are."""

        def __init__(self, screen: "ChatScreen") -> None:
            self.screen = screen
            super().__init__()

    class RoomsListed(RoomsWanted):
        """The host has told which rooms it has (`listed`)."""

    def __init__(self, conversation: Conversation, names: NameStyles | None = None) -> None:
        super().__init__(conversation)
        names = names or NameStyles()
        conversation.state.has_tabs = True
        self.listed: list[FoundRoom] = []
        self._leafing = Leafing(conversation, names)
        self._attending = Attending(conversation, self)
        self._shown = conversation.state.current
        self._onward: asyncio.Queue[FoundRoom | None] = asyncio.Queue()
        self._talk = ChoosingLog(self._leafing.of(self._shown), self._do, self._show_mode)
        self._editor = Editor(self._submit, self._complete, conversation.history, limit_bytes=MAX_WRITTEN_BYTES)
        self._editor.taker = self._talk.take_key
        self._members = MemberList(names)
        self._header = Header()
        self._tabs = Tabs()
        self._hints = Hints()
        conversation.warn = self._hints.warn
        self._pill = Pill()
        self._prompt = Prompt()
        self._offers = Offers()

    def compose(self) -> ComposeResult:
        """Lay the screen out, top to bottom."""
        yield self._header
        yield self._tabs
        with Horizontal(id="middle"):
            with Vertical(id="conversation"):
                yield self._talk
                yield self._pill
            yield self._members
        yield self._hints
        yield self._offers
        with Horizontal(id="writing"):
            yield self._prompt
            yield self._editor

    def on_mount(self) -> None:
        """Show what is there already."""
        self._editor.focus()
        self._members.place(self.app.size.width)
        self._show_current()
        self._refresh_around()
        self.watch(self.app, "app_focus", self._note_presence)
        self.run_worker(self._follow(), name="follow")

    def _note_presence(self) -> None:
        """Note whether this person is at the terminal (as far as it tells), and at the end of the conversation."""
        self._conversation.watch(is_present=self.app.app_focus, is_at_end=self._talk.is_at_end)
        self._attending.retitle()

    async def _follow(self) -> None:
        """Draw what changed: at once, then with everything that comes until the next drawing may be.

        What is not drawn yet waits in the conversation's backlog, which has a bound. The pause is the event loop's own:
        Textual drops a one-shot timer that is late already when it starts, and then nothing would draw ever again.
        """
        async for changes in self._conversation.changes():
            self._draw(changes)
            await asyncio.sleep(_BATCH_S)

    # ---- what happened ----------------------------------------------------------------------------------------

    def _draw(self, changes: Sequence[Change]) -> None:
        self._attending.ring(changes)
        for change in changes:
            if isinstance(change, Found):
                self._choose_hit(change.words)
            if isinstance(change, NewSince) and change.channel == self._conversation.state.current.name:
                self._tell_new()
            self._note_talk(change)
            self._note_rooms(change)
        with self.app.batch_update():
            self._draw_talk(changes)
            if any(isinstance(change, MembersChanged | ChannelJoined | ChannelLeft) for change in changes):
                self._show_members()
            self._refresh_around()

    def _note_talk(self, change: Change) -> None:
        """Tell of what two people say to each other where that is not shown; take its place along to another name."""
        state = self._conversation.state
        if isinstance(change, TalkRenamed):
            self._leafing.rename(change.old, change.new)
        elif isinstance(change, EntryAdded) and change.entry.is_spoken and not change.entry.is_old:
            talk = state.talk(change.channel)
            if talk is not None and talk is not state.current:
                self.note(talk_words(talk.title, is_own=change.entry.is_own))

    def _note_rooms(self, change: Change) -> None:
        """Pass on which rooms there are; without a room, lead to where one is chosen."""
        state = self._conversation.state
        if isinstance(change, RoomsListed):
            self.listed = as_found(self._conversation.place, change.rooms)
            self.post_message(self.RoomsListed(self))
        elif isinstance(change, ChannelLeft) and not change.is_kept and not state.channels:
            self._onward.put_nowait(None)
        elif isinstance(change, ChannelLeft) and not state.rooms:
            self.post_message(self.RoomsWanted(self))

    def _tell_new(self) -> None:
        """Tell how much is new where it is more than the screen shows."""
        if words := self._leafing.new_words(self.app.size.height):
            self.note(words)

    def _draw_talk(self, changes: Sequence[Change]) -> None:
        state = self._conversation.state
        if state.current is not self._shown or any(isinstance(change, ViewChanged) for change in changes):
            self._show_current()
        else:
            if state.view is not None:
                self._talk.stay()
            self._talk.sync()
        for change in changes:
            if isinstance(change, EntryChanged | DeliveryChanged | EntriesInserted | EntryRemoved | NewSince):
                self._leafing.follow(change.channel, change, self._talk)

    def show_open(self) -> None:
        """Show what is open now, at once."""
        if self._conversation.state.current is not self._shown:
            self._show_current()
            self._refresh_around()

    def _show_current(self) -> None:
        """Show the open room, with the draft that was left there."""
        before, self._shown = self._shown, self._conversation.state.current
        if before is not self._shown:
            before.draft = self._editor.text
            self._editor.put(self._shown.draft)
        self._talk.show(self._leafing.open(self._talk.size.height))
        self._note_presence()
        self._show_members()
        self._show_mode()
        self._editor.placeholder = Content(f"Message {visible(self._shown.title)}")

    def _show_members(self) -> None:
        is_current, nick = self._shown.is_open, self._conversation.state.nick
        self._members.show(self._shown.name, self._shown.ranked_members(), is_current=is_current, own_nick=nick)

    def recolour(self) -> None:
        """Show names in other colours: the ground is known now."""
        self._leafing.recolour()
        self._talk.notify_style_update()
        self._talk.refresh()
        self._members.refresh()

    def _refresh_around(self) -> None:
        """Refresh the bars around the conversation."""
        state = self._conversation.state
        self._header.info = RoomInfo(
            self._shown.title if state.view is None else state.view.channel.title,
            self._shown.subject if state.view is None else "",
            len(self._shown.members) if self._shown.is_joined else 0,
            status_words(state.status, is_away=state.is_away),
            state.status.status is LinkStatus.CONNECTED,
        )
        self._prompt.nick = state.nick
        self._tabs.tabs = tuple(self._tab(channel) for channel in state.channels.values())
        keys = _KEYS_OF_SEVERAL if len(state.channels) > 1 else _KEYS
        self._hints.keys = keys if state.view is None else _KEYS_IN_VIEW
        self._attending.retitle()
        self._hints.typing = typing_words(self._shown.typing_nicks(time.time()))

    def _tab(self, channel: Channel) -> Tab:
        is_current = channel is self._shown
        return Tab(channel.name, channel.title, channel.unread, channel.unread_mentions, is_current)

    # ---- from here to another room ----------------------------------------------------------------------------

    def go_to(self, room: FoundRoom) -> None:
        """Go to a room that was found: at once on this host, else `onward` returns it."""
        self._conversation.move_to(room)
        if self._conversation.next_room is not None:
            self._onward.put_nowait(self._conversation.next_room)

    async def onward(self) -> FoundRoom | None:
        """Wait until this person wants to go to a room on another host, and return it; None: they are to choose."""
        return await self._onward.get()

    # ---- writing ----------------------------------------------------------------------------------------------

    def _submit(self, text: str) -> bool:
        """Submit what was written; tell whether it was taken. Before we are in a room, only commands are."""
        is_early = not self._shown.name and self._conversation.state.status.status is LinkStatus.CONNECTING
        if is_early and not text.startswith(("/", "\\q")):
            self.note("Not in the room yet; what you wrote is kept.")
            return False
        if self._shown.name and not text.startswith("/") and not self._conversation.messages_for(text):
            self.note("Too much is waiting to be sent already; what you wrote is kept.")
            return False
        if text.strip() == "/help":
            self.action_help()
            return True
        for what in self.say(text):
            if what is LocalAction.QUIT:
                self.post_message(self.Left())
            elif what is LocalAction.ROOMS:
                self.post_message(self.RoomsWanted(self))
        if not text.startswith("/"):
            self.action_back()
        if self._conversation.state.view is None:
            self._talk.go_to_end()
        return True

    def action_help(self) -> None:
        """Show what can be pressed and typed."""
        self.app.push_screen(HelpPanel(help_on(self._conversation.state)))

    # ---- moving around ----------------------------------------------------------------------------------------

    def on_resize(self, event: Resize) -> None:
        """Hide the member list on narrow screens, or put it over the text."""
        self._members.place(event.size.width)

    def action_toggle_members(self) -> None:
        """Show the member list, or hide it."""
        self._members.toggle(self.size.width)

    def on_message_log_placed(self) -> None:
        """Note whether what is said is read as it comes."""
        self._note_presence()

    def on_message_log_older_wanted(self) -> None:
        """Load what was said before."""
        self._leafing.load_older()

    def on_message_log_newer_wanted(self) -> None:
        """Load what was said after what is in view."""
        self._leafing.load_newer()

    def on_message_log_gap_wanted(self, event: MessageLog.GapWanted) -> None:
        """Load what a gap holds."""
        self._leafing.fill_gap(event.serial)

    def on_message_log_missed(self, event: MessageLog.Missed) -> None:
        """Show how many messages there are below."""
        self._pill.count = event.count if self._conversation.state.view is None else 0

    def on_pill_pressed(self) -> None:
        """Go to the newest message."""
        self._talk.go_to_end()

    def action_page(self, pages: int) -> None:
        """Scroll the conversation."""
        self._talk.scroll_pages(pages)

    def action_oldest(self) -> None:
        """Show the beginning of the conversation."""
        self._talk.go_to_start()

    def action_newest(self) -> None:
        """Show the newest message."""
        self.action_back()
        self._talk.go_to_end()

    def action_back(self) -> None:
        """Close what is over the text, or go back to what is said now from what was said at another time."""
        if self._members.is_over_text:
            self._members.toggle(self.size.width)
            return
        self._leafing.close_view()
        if self._talk.transcript is not self._leafing.of(self._shown):
            self._show_current()

    def action_first_new(self) -> None:
        """Show the first message that is new."""
        self.action_back()
        if self._leafing.first_new is None:
            self.note("Nothing is new here.")
        else:
            self._talk.go_to(self._leafing.first_new)

    def _choose_hit(self, words: str) -> None:
        """Show what a search found, to open a result."""
        hits = self._conversation.state.hits
        title = found_words(words, len(hits))
        self.app.push_screen(FoundDialog(title, [hit_line(hit) for hit in hits]), self._leafing.open_hit)
