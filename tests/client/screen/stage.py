"""A stage for screens: a conversation that needs no host, and an app that shows one screen."""

import asyncio
from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from lanchat.client.connection.place import Person, Place
from lanchat.client.conversation import Conversation
from lanchat.client.screen.app import LanchatApp
from lanchat.client.screen.keys import KeyParser
from lanchat.client.screen.screens.chat import ChatScreen
from lanchat.client.screen.widgets.bars import Header, Hints, Pill
from lanchat.client.screen.widgets.editor import Editor
from lanchat.client.screen.widgets.log import MessageLog
from lanchat.client.screen.widgets.members import MemberList
from lanchat.client.speaking.actions import LocalAction
from lanchat.client.state.changes import LinkStatus, MembersChanged, StatusChanged, TopicChanged
from lanchat.client.state.channels import Channel, Member
from lanchat.client.state.entries import Entry
from tests.client.screen.talk import NOON, said

DEADLINE_S = 10.0
_LOCAL = {r"\q": [LocalAction.QUIT], "/quit": [LocalAction.QUIT], "/rooms": [LocalAction.ROOMS]}


class Rehearsal(Conversation):
    """A conversation whose host is the test: it says what is heard, and sees what was submitted."""

    def __init__(self, nick: str = "Zoé", *, is_joined: bool = True) -> None:
        super().__init__(Place(("192.0.2.1",), 8100, "#Line-3", "Line 3"), Person(nick))
        self.submitted: list[str] = []
        self.is_closed = False
        if is_joined:
            self.enter()

    def enter(self, channel: str = "#Line-3", *nicks: str) -> Channel:
        self._publish(self.state.set_status(StatusChanged(LinkStatus.CONNECTED, "connected")))
        self._publish(self.state.enter(channel))
        entered = self.state.channel(channel)
        assert entered is not None
        self.here(*(Member(nick) for nick in nicks), channel=channel)
        return entered

    def here(self, *members: Member, channel: str = "#Line-3") -> None:
        there = self.state.channel(channel)
        assert there is not None
        for member in members:
            there.add_member(member)
        self._publish([MembersChanged(channel)])

    def hears(self, *entries: Entry, channel: str = "#Line-3") -> None:
        there = self.state.channel(channel)
        assert there is not None
        for entry in entries:
            self._publish(self.state.add(there, entry))

    def topic(self, text: str, channel: str = "#Line-3") -> None:
        there = self.state.channel(channel)
        assert there is not None
        there.set_topic(text)
        self._publish([TopicChanged(channel)])

    def submit(self, text: str) -> list[LocalAction]:
        self.submitted.append(text)
        self.history.add(text)
        if text not in _LOCAL:
            self.hears(said(text, self.state.nick), channel=self.state.current.name)
        return _LOCAL.get(text, [])

    async def close(self, reason: str = "") -> None:
        self.is_closed = True
        await super().close(reason)


class Stage(App[None]):
    """Shows one screen, in the colours of the real program."""

    ENABLE_COMMAND_PALETTE = False
    CSS = LanchatApp.CSS

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__(ansi_color=True)
        self.theme = "ansi-dark"
        self.animation_level = "none"
        self.first = screen
        self.bells = 0

    async def on_mount(self) -> None:
        await self.push_screen(self.first)

    def bell(self) -> None:
        self.bells += 1


def stage_of(conversation: Conversation) -> Stage:
    return Stage(ChatScreen(conversation))


async def until(pilot: Pilot[Any], is_so: Callable[[], bool]) -> None:
    """Let the app work until something is so."""
    async with asyncio.timeout(DEADLINE_S):
        while not is_so():
            await pilot.pause()


async def press_bytes(pilot: Pilot[Any], data: str) -> None:
    """Press keys as a terminal sends them."""
    parser = KeyParser()
    messages = list(parser.feed(data))
    if parser._timeout_time is not None:  # a lone ESC at the end
        parser._timeout_time = 0
        messages += parser.tick()
    for message in messages:
        message.set_sender(pilot.app)
        pilot.app.post_message(message)
    await pilot.pause()


def talk(app: App[Any]) -> MessageLog:
    return app.screen.query_one(MessageLog)


def editor(app: App[Any]) -> Editor:
    return app.screen.query_one(Editor)


def header(app: App[Any]) -> str:
    return app.screen.query_one(Header).render().plain


def hints(app: App[Any]) -> str:
    return app.screen.query_one(Hints).render().plain


def pill(app: App[Any]) -> Pill:
    return app.screen.query_one(Pill)


def members(app: App[Any]) -> MemberList:
    return app.screen.query_one(MemberList)


def rows(app: App[Any]) -> list[str]:
    """What the conversation shows, row by row, without its times."""
    log = talk(app)
    return [log.render_line(y).text.rstrip() for y in range(log.size.height)]


def screen_text(app: App[Any]) -> str:
    """Everything on the screen; nothing before it is laid out."""
    return "\n".join(line.text.rstrip() for line in app.screen._compositor.render_strips())


def numbered(count: int, *, first: int = 0) -> list[Entry]:
    return [said(f"message {number}", at_s=NOON + number) for number in range(first, first + count)]
