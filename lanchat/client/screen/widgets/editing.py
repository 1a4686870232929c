"""The keys for editing that hands know from a shell (GNU readline), in a text area.

What Ctrl+K, Ctrl+U, Ctrl+W, Alt+D and Alt+Backspace take away, Ctrl+Y puts in again: all of it, if they were pressed in
a row. Ctrl+W takes up to a blank, Alt+Backspace a word: of "press 4/5" the one "4/5", the other "5".

Source: https://tiswww.case.edu/php/chet/readline/rluserman.html, section 1.4, for which key does what.
"""

import re
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.document._document import Location
from textual.widgets import TextArea

_WORD = re.compile(r"[^\W_]+")
_BLANKED = re.compile(r"\S+")


class EditingArea(TextArea):
    """A text area with a shell's keys. Places in the text are numbers of characters from its beginning."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+a,home", "cursor_line_start", "Line start", show=False),
        Binding("ctrl+e,end", "cursor_line_end", "Line end", show=False),
        Binding("ctrl+b", "cursor_left", "Left", show=False),
        Binding("ctrl+f", "cursor_right", "Right", show=False),
        Binding("alt+b,ctrl+left,alt+left", "to_word(-1)", "Word left", show=False),
        Binding("alt+f,ctrl+right,alt+right", "to_word(1)", "Word right", show=False),
        Binding("ctrl+k", "kill_line(1)", "Delete to the end", show=False),
        Binding("ctrl+u", "kill_line(-1)", "Delete to the start", show=False),
        Binding("ctrl+w", "kill_blanked", "Delete up to a blank", show=False),
        Binding("alt+backspace,ctrl+backspace", "kill_word(-1)", "Delete the word before", show=False),
        Binding("alt+d,ctrl+delete", "kill_word(1)", "Delete the word behind", show=False),
        Binding("ctrl+y", "yank", "Put in again", show=False),
        Binding("ctrl+t", "transpose", "Swap two characters", show=False),
        Binding("alt+u", "change_case('upper')", "Upper case", show=False),
        Binding("alt+l", "change_case('lower')", "Lower case", show=False),
        Binding("alt+c", "change_case('capitalize')", "Capital letter", show=False),
        Binding("ctrl+underscore,ctrl+minus,ctrl+slash", "undo", "Undo", show=False),
    ]

    _killed = ""
    _after_kill: tuple[str, int] | None = None  # text and cursor when something had been taken away

    # ---- places -----------------------------------------------------------------------------------------------

    @property
    def cursor(self) -> int:
        """Where the cursor is."""
        return self.index_of(self.cursor_location)

    def index_of(self, location: Location) -> int:
        """Return which character of the text a (row, column) is."""
        row, column = location
        return sum(len(line) + 1 for line in self.text.split("\n")[:row]) + column

    def location_of(self, index: int) -> Location:
        """Return the (row, column) of a character of the text."""
        before = self.text[:index]
        return before.count("\n"), index - (before.rfind("\n") + 1)

    def _ends_of_word(self, step: int, kind: re.Pattern[str] = _WORD) -> int:
        """Return where the next word ends, or where the one before begins."""
        words = [found.span() for found in kind.finditer(self.text)]
        if step > 0:
            return next((end for _, end in words if end > self.cursor), len(self.text))
        return next((start for start, _ in reversed(words) if start < self.cursor), 0)

    def action_to_word(self, step: int) -> None:
        """Move to the end of the next word, or to the beginning of the one before."""
        self.move_cursor(self.location_of(self._ends_of_word(step)))

    # ---- taking away and putting in -----------------------------------------------------------------------------

    def action_kill_line(self, step: int) -> None:
        """Take away what stands behind the cursor in its line, or before it; at the line's end, the line end."""
        end = self.text.find("\n", self.cursor) if step > 0 else self.text.rfind("\n", 0, self.cursor) + 1
        end = len(self.text) if end < 0 else end
        self._kill(end + step if end == self.cursor else end)

    def action_kill_word(self, step: int) -> None:
        """Take away the word behind the cursor, or before it."""
        self._kill(self._ends_of_word(step))

    def action_kill_blanked(self) -> None:
        """Take away what stands before the cursor, up to a blank."""
        self._kill(self._ends_of_word(-1, _BLANKED))

    def _kill(self, end: int) -> None:
        cursor, end = self.cursor, max(0, min(end, len(self.text)))
        start, stop = sorted((cursor, end))
        killed = self.text[start:stop]
        if not killed:
            return
        if self._after_kill != (self.text, cursor):
            self._killed = ""
        self._killed = self._killed + killed if end > cursor else killed + self._killed
        self._put_between(start, stop, "")
        self._after_kill = (self.text, self.cursor)

    def action_yank(self) -> None:
        """Put in what was taken away."""
        self.replace(self._killed, *self.selection, maintain_selection_offset=False)

    # ---- changing -----------------------------------------------------------------------------------------------

    def action_transpose(self) -> None:
        """Swap the two characters around the cursor; at the end, the last two."""
        middle = min(self.cursor, len(self.text) - 1)
        if middle > 0:
            self._put_between(middle - 1, middle + 1, self.text[middle] + self.text[middle - 1])

    def action_change_case(self, how: str) -> None:
        """Change the rest of this word, or the next one: "upper", "lower" or "capitalize"."""
        start, stop = self.cursor, self._ends_of_word(1)
        part = self.text[start:stop]
        skipped = len(part) - len(part.lstrip("".join({char for char in part if not char.isalnum()})))
        self._put_between(start + skipped, stop, getattr(part[skipped:], how)())

    def _put_between(self, start: int, stop: int, text: str) -> None:
        """Put a text in place of another one; the cursor goes behind it."""
        self.replace(text, self.location_of(start), self.location_of(stop), maintain_selection_offset=False)
        self.move_cursor(self.location_of(start + len(text)))
