"""What `lanchat join` would give the app, as a test plans it: a search, and conversations without a host."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from textual.pilot import Pilot

from lanchat.client.connection.link import Refused
from lanchat.client.connection.registration import HostRefusal, RefusalKind
from lanchat.client.conversation import Conversation
from lanchat.client.screen.app import LanchatApp
from lanchat.client.screen.screens.chat import ChatScreen
from lanchat.discovery.find import Appeared, FindEvent
from lanchat.discovery.rooms import FoundRoom
from lanchat.errors import UserError
from tests.client.screen.stage import Rehearsal, header, until


class Search:
    """A finder whose findings are the test's."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[FindEvent | Exception] = asyncio.Queue()
        self.is_open = False

    async def __aenter__(self) -> "Search":
        self.is_open = True
        return self

    async def __aexit__(self, *_: object) -> None:
        self.is_open = False

    def __aiter__(self) -> AsyncIterator[FindEvent]:
        return self

    async def __anext__(self) -> FindEvent:
        event = await self.events.get()
        if isinstance(event, Exception):
            raise event
        return event

    def finds(self, *rooms: FoundRoom) -> None:
        for one in rooms:
            self.events.put_nowait(Appeared(one))


class Visit(Rehearsal):
    """A conversation with a host that may ask for a password, or be gone."""

    def __init__(self, title: str, password: str, wanted_password: str, problem: UserError | None) -> None:
        super().__init__(is_joined=False)
        self.state.titles["#line-3"] = title
        self._password = password
        self._wanted_password = wanted_password
        self._problem = problem

    async def connect(self) -> None:
        if self._problem is not None:
            raise self._problem
        if self._wanted_password != self._password:
            raise Refused(HostRefusal(RefusalKind.PASSWORD, "The password is wrong."))
        self.enter()

    async def said(self) -> None:
        return


class Plan:
    """What `lanchat join` would give the screen."""

    def __init__(self, wanted: FoundRoom | UserError | None = None, *, text: str = "") -> None:
        self.wanted_text = text or ("Line 3" if wanted else "")
        self.search = Search()
        self.is_person = True
        self.obeys_commands = True
        self.password = ""
        self.ground = ""
        self.since_s: float | None = None
        self.room_password = ""
        self.problems: dict[str, UserError] = {}
        self.visits: list[Visit] = []
        self.remembered: list[str] = []
        self.over: list[Conversation] = []
        self._wanted: asyncio.Future[FoundRoom] | None = None
        self._answer = wanted

    async def wanted(self) -> FoundRoom:
        if isinstance(self._answer, UserError):
            raise self._answer
        if self._answer is None:
            await asyncio.Event().wait()
        assert self._answer is not None
        return self._answer

    def finder(self) -> Any:
        return self.search

    def converse(self, room: FoundRoom, password: str) -> Conversation:
        visit = Visit(room.name, password, self.room_password, self.problems.pop(room.name, None))
        self.visits.append(visit)
        return visit

    def joined(self, room: FoundRoom, conversation: Conversation) -> None:
        assert conversation is self.visits[-1]
        self.remembered.append(room.name)

    def left(self, conversation: Conversation) -> None:
        self.over.append(conversation)


def is_at(app: LanchatApp, kind: type) -> Callable[[], bool]:
    return lambda: isinstance(app.screen, kind)


async def in_room(app: LanchatApp, pilot: Pilot[Any], title: str) -> None:
    await until(pilot, lambda: isinstance(app.screen, ChatScreen) and header(app).startswith(title))
    await until(pilot, lambda: "connected" in header(app))
