"""Picking a room: a list that fills as rooms are found, and a field that filters it or takes an address."""

import asyncio
import time
from collections.abc import AsyncIterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Resize
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input, Static

from lanchat.client.rooms.listed import without_twice
from lanchat.client.rooms.silences import silence
from lanchat.client.rooms.twins import twin_warnings
from lanchat.client.screen.widgets.rooms import RoomList
from lanchat.client.screen.widgets.wrap import cut
from lanchat.discovery.events import Why
from lanchat.discovery.find import Appeared, Changed, Crowded, FindEvent, Scanned, Silent, Vanished
from lanchat.discovery.probe import ProbeError, probe
from lanchat.discovery.rooms import FoundRoom
from lanchat.discovery.targets import parse_target
from lanchat.protocol.names import fold
from lanchat.protocol.text import clean

ALONE_S = 1.8  # a room found first and alone is joined after that: 1.3 s of looking and 0.5 s of quiet
_ADVICE_AFTER_S = 4.0
_LOW_ROWS = 14
_LOWEST_ROWS = 8
_MAX_TARGET_CHARS = 260
_LOOKING = "Looking for rooms…"
_ADVICE = (
    "No room found yet. Is `lanchat host` running, on the same network? If you know its address, type it below:"
    " 192.168.1.20 or 192.168.1.20:8100. `lanchat list-rooms --scan` asks every address of this subnet."
)
_KEYS_TO_GO_BACK = "↑↓ choose · Enter join · type a name or an address · Esc back"
_KEYS = "↑↓ choose · Enter join · type a name or an address · Ctrl+Q leave"


class PickerScreen(Screen[None]):
    """Shows the rooms found so far.

    `is_alone_joined`: the only room found is joined without asking. `can_go_back`: Esc chooses none. `problem`: why the
    room chosen before did not work.
    """

    DEFAULT_CSS: ClassVar[str] = """
    PickerScreen {
        #title { height: 1; padding: 0 1; background: ansi_blue; color: ansi_bright_white; }
        &:nocolor #title { text-style: reverse; }
        #looking { height: auto; max-height: 40%; padding: 1 1 0 1; }
        RoomList { margin: 1 0; }
        &.-low #looking { padding: 0 1; }
        &.-low RoomList { margin: 0; }
        &.-lowest #keys, &.-lowest #looking { display: none; }
        #problem { height: auto; max-height: 30%; padding: 0 1; color: ansi_red; display: none; }
        #problem.-some { display: block; }
        #keys { height: 1; padding: 0 1; text-style: dim; }
        Input { height: 1; border: none; padding: 0 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False, priority=True),
        Binding("down", "move(1)", "Down", show=False, priority=True),
        Binding("pageup", "move(-10)", "Far up", show=False, priority=True),
        Binding("pagedown", "move(10)", "Far down", show=False, priority=True),
        Binding("escape", "go_back", "Back", show=False),
    ]

    def __init__(self, *, is_alone_joined: bool = False, can_go_back: bool = False, problem: str = "") -> None:
        super().__init__()
        self._choice: FoundRoom | None = None
        self._is_decided = asyncio.Event()
        self._can_go_back = can_go_back
        self._found: dict[str, FoundRoom] = {}  # by id, in the order of appearance
        self._listed: list[FoundRoom] = []  # by the host that this person is at
        self._is_alone_joined = is_alone_joined
        self._started = time.monotonic()
        self._problem = problem
        self._is_asking = False
        self._scanned = ""
        self._left_out = 0
        self._clock: Timer | None = None
        self._rooms = RoomList()
        self._looking = Static(id="looking")
        self._problem_line = Static(id="problem")
        self._field = Input(placeholder="room or HOST[:PORT]", max_length=_MAX_TARGET_CHARS, compact=True)

    def compose(self) -> ComposeResult:
        """Lay the screen out, top to bottom."""
        yield Static(Content.assemble(("Rooms on this network", "bold")), id="title")
        yield self._looking
        yield self._rooms
        yield self._problem_line
        yield Static(Content(_KEYS_TO_GO_BACK if self._can_go_back else _KEYS), id="keys")
        yield self._field

    def on_mount(self) -> None:
        """Focus the field, and begin to count the time."""
        self._field.focus()
        self._clock = self.set_interval(0.5, self._tick)
        self._say(self._problem)
        self._refresh_rooms()

    def on_resize(self, event: Resize) -> None:
        """Do without empty rows where there are few: the chosen room is to be seen."""
        self.set_class(event.size.height < _LOW_ROWS, "-low")
        self.set_class(event.size.height < _LOWEST_ROWS, "-lowest")

    async def choose(self, events: AsyncIterable[FindEvent]) -> FoundRoom | None:
        """Show what is found until a room is chosen, and return it; None if this person goes back."""
        hearing = asyncio.ensure_future(self._hear_all(events))
        deciding = asyncio.ensure_future(self._is_decided.wait())
        try:
            await asyncio.wait((hearing, deciding), return_when=asyncio.FIRST_COMPLETED)
            if hearing.done():
                hearing.result()  # a fault of the search is no choice
            await deciding
            return self._choice
        finally:
            hearing.cancel()
            deciding.cancel()

    async def _hear_all(self, events: AsyncIterable[FindEvent]) -> None:
        async for event in events:
            self.hear(event)

    # ---- what was found ---------------------------------------------------------------------------------------

    def hear(self, event: FindEvent) -> None:
        """Show what the finder found."""
        if isinstance(event, Appeared | Changed):
            self._found[event.room.key] = event.room
        elif isinstance(event, Vanished):
            self._found.pop(event.room.key, None)
        elif isinstance(event, Crowded):
            self._left_out = event.left_out
        elif isinstance(event, Scanned):
            self._scanned = f" {event.done} of {event.total} addresses asked."
        elif isinstance(event, Silent) and event.why is not Why.NOT_TRIED:
            self._say(silence(event))
        for warning in twin_warnings(self._found.values()):
            self._say(warning)
        if self.is_running:
            self._refresh_rooms()

    def list_rooms(self, rooms: list[FoundRoom]) -> None:
        """Show the rooms that the host has listed, too."""
        self._listed = rooms
        if self.is_running:
            self._refresh_rooms()

    @property
    def _all(self) -> list[FoundRoom]:
        return without_twice(self._found.values(), self._listed)

    def _matching(self) -> list[FoundRoom]:
        wanted = fold(self._field.value.strip())
        return [room for room in self._all if wanted in fold(room.name)]

    def _refresh_rooms(self) -> None:
        matching = self._matching()
        self._rooms.show(matching)
        self._looking.update(Content(self._state_of_search(len(matching)) + self._scanned))

    def _state_of_search(self, matching: int) -> str:
        count = len(self._all)
        if count and not matching:
            return "No room of that name; Enter asks it as an address."
        if count:
            more = f", and {self._left_out:,} more that are not listed" if self._left_out else ""
            return f"{count} room{'s' if count > 1 else ''} found{more}, still looking…"
        is_early = time.monotonic() - self._started < _ADVICE_AFTER_S
        return _LOOKING if is_early else f"{_LOOKING} {_ADVICE}"

    def _tick(self) -> None:
        passed_s = time.monotonic() - self._started
        if self._is_alone_joined and passed_s >= ALONE_S and len(self._found) == 1 and not self._field.value:
            self._choose(next(iter(self._found.values())))
        elif passed_s >= max(ALONE_S, _ADVICE_AFTER_S) and self._clock is not None:
            self._clock.stop()
            self._refresh_rooms()

    # ---- choosing ---------------------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        """Choose another row. From then on, no room is joined by itself."""
        self._is_alone_joined = False
        self._rooms.move(step)

    def on_input_changed(self) -> None:
        """Show the rooms whose name holds what was typed."""
        self._is_alone_joined = False
        self._say("")
        self._refresh_rooms()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Join the chosen room. A text that no room's name contains is taken for an address."""
        event.stop()
        if self._rooms.chosen is not None:
            self._choose(self._rooms.chosen)
        elif event.value.strip() and not self._is_asking:
            self.run_worker(self._ask(event.value), exclusive=True)

    def on_room_list_picked(self, event: RoomList.Picked) -> None:
        """Join the room that was clicked on."""
        self._choose(event.room)

    async def _ask(self, target: str) -> None:
        """Ask the typed address which rooms it has."""
        self._is_asking = True
        self._say(f"Asking {cut(clean(target), 60)} …")
        try:
            host, port = parse_target(target)
            rooms = await probe(host, port)
        except ValueError as error:
            self._say(f"There is no room of that name here, and {clean(str(error))}")
        except ProbeError as error:
            self._say(f"{clean(target)} {clean(str(error))}.")
        else:
            self._found.update({room.key: room for room in rooms})
            self._field.value = ""
            if len(rooms) == 1:
                self._choose(rooms[0])
        finally:
            self._is_asking = False

    def _choose(self, room: FoundRoom) -> None:
        if self._clock is not None:
            self._clock.stop()
        self._choice = room
        self._is_decided.set()

    def action_go_back(self) -> None:
        """Choose none."""
        if self._can_go_back:
            self._is_decided.set()

    def _say(self, text: str) -> None:
        self._problem_line.update(Content(text))
        self._problem_line.set_class(bool(text), "-some")
