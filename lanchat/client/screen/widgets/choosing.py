"""Choosing a message in the log, to do something with it.

While one is chosen, the editor offers each key to the log before it reads it, so that no letter is taken for another
thing than it was meant for, however fast it comes: behind "r" the answer is typed, and "d" in it deletes nothing.
"""

from collections.abc import Callable
from typing import Literal

from rich.style import Style
from textual.events import Click, Key
from textual.geometry import Region
from textual.strip import Strip

from lanchat.client.screen.widgets.block import Block, Columns, Row
from lanchat.client.screen.widgets.log import MessageLog
from lanchat.client.screen.widgets.transcript import ReadingPlace, Transcript
from lanchat.client.state.entries import Entry

How = Literal["reply", "react", "copy", "edit", "delete", "open"]
Act = Callable[[How, Entry], None]
"""Does something with a message."""

_CHOSEN = Style(reverse=True)
_MOVES = {"up": -1, "ctrl+up": -1, "down": 1, "ctrl+down": 1}
_DOES: dict[str, How] = {"r": "reply", "+": "react", "y": "copy", "e": "edit", "d": "delete", "o": "open"}
_ENDS = ("escape", "enter")


class ChoosingLog(MessageLog):
    """A message log in which one message may be chosen. `act` does something with it; `tell`: another is chosen."""

    def __init__(self, transcript: Transcript, act: Act, tell: Callable[[], None], *, id: str | None = None) -> None:
        super().__init__(transcript, id=id)
        self._act = act
        self._tell = tell

    _serial: int | None = None
    _is_to_follow = False  # the reader was at the end before

    @property
    def chosen(self) -> Entry | None:
        """The chosen message as it is now, if there is one."""
        entry = None if self._serial is None else self.transcript.log.by_serial(self._serial)
        return entry if entry is not None and _can_be_chosen(entry) else None

    # ---- keys -----------------------------------------------------------------------------------------------------

    def take_key(self, event: Key) -> bool:
        """Do what a key says while a message is chosen; tell whether it is not for the editor.

        Any other key goes on with what is written: a click may have been meant for the window only.
        """
        if self._serial is None:
            return False
        if event.key in _MOVES:
            self.choose(_MOVES[event.key])
        elif event.character in _DOES:
            self._do(_DOES[event.character])
        elif event.key in _ENDS:
            self.end_choosing()
        else:
            self.end_choosing()
            return False
        return True

    def _do(self, how: How) -> None:
        entry = self.chosen
        if entry is None:
            self.end_choosing()
        else:
            self._act(how, entry)

    # ---- choosing -------------------------------------------------------------------------------------------------

    def choose(self, step: int) -> None:
        """Choose the message before or behind the chosen one; the first time, the newest on the screen."""
        entry = self._next(step) if self._serial is not None else self._newest_shown()
        if entry is not None:
            self._choose(entry)

    def _next(self, step: int) -> Entry | None:
        log, serial = self.transcript.log, self._serial or 0
        if step > 0:
            return next((entry for entry in log.since(serial + 1) if _can_be_chosen(entry)), None)
        before = log.before(serial)
        while before is not None and not _can_be_chosen(before):
            before = log.before(before.serial)
        return before

    def _newest_shown(self) -> Entry | None:
        top = round(self.scroll_y)
        for row in range(min(top + self.size.height, self.transcript.row_count) - 1, top - 1, -1):
            entry = self._at_row(row)
            if entry is not None:
                return entry
        return None

    def _at_row(self, row: int) -> Entry | None:
        found = self.transcript.at(row)
        entry = None if found is None else self.transcript.log.by_serial(found[0].serial)
        return entry if entry is not None and _can_be_chosen(entry) else None

    def _choose(self, entry: Entry) -> None:
        if self._serial is None:
            self._is_to_follow = self.is_at_end
            self.stay()
        self._serial = entry.serial
        self._bring_into_sight(entry.serial)
        self.refresh()
        self._tell()

    def _bring_into_sight(self, serial: int) -> None:
        span = self.transcript.rows_of_block_at(self.transcript.row_of(ReadingPlace(serial, 0)))
        if span is not None:
            region = Region(0, span[0], 1, min(span[1] - span[0] + 1, max(1, self.size.height)))
            self.scroll_to_region(region, animate=False, force=True)

    def end_choosing(self) -> None:
        """Choose none, and go back to the end, if that was shown."""
        if self._serial is None:
            return
        self._serial = None
        self.refresh()
        if self._is_to_follow:
            self.go_to_end()
        self._tell()

    def show(self, transcript: Transcript) -> None:
        """Show another channel; what was chosen is not in it."""
        if transcript is not self.transcript and self._serial is not None:
            self._is_to_follow = False
            self.end_choosing()
        super().show(transcript)

    async def _on_click(self, event: Click) -> None:
        """Choose the message under the pointer, unless text was marked, or it is chosen; a double click marks it."""
        entry = self._at_row(round(self.scroll_y) + event.y)
        is_other = entry is not None and entry.serial != self._serial
        if event.chain == 1 and is_other and entry is not None and not self.screen.get_selected_text():
            self._choose(entry)
        else:
            self.end_choosing()
        await super()._on_click(event)

    # ---- drawing --------------------------------------------------------------------------------------------------

    def _paint(self, block: Block, row: Row, columns: Columns, row_number: int, base: Style) -> Strip:
        strip = super()._paint(block, row, columns, row_number, base)
        return strip.apply_style(_CHOSEN) if block.serial == self._serial and row.kind != "rule" else strip


def _can_be_chosen(entry: Entry) -> bool:
    return entry.is_spoken and not entry.is_deleted
