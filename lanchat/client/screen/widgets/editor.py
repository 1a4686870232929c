"""The line editor: one row that grows with its text. Enter sends, Tab completes, Up and Down bring back sent lines.

Ctrl+R looks for a sent line by some of its characters, as in a shell: Ctrl+R again goes on to an older one, Enter sends
it, Esc and Ctrl+G give back what stood there before, and any other key goes on with the line that was found.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.document._document import EditResult
from textual.events import Key, Paste
from textual.message import Message
from textual.widgets.text_area import Edit

from lanchat.client.screen.widgets.editing import EditingArea
from lanchat.client.speaking.typed import TypedHistory, TypedSearch
from lanchat.protocol.text import clean, cut_to_bytes

Submitter = Callable[[str], bool]
"""Gets the text to send; returns whether it was taken, and the editor is to be emptied."""
Completer = Callable[[str, int, bool], tuple[str, int] | None]
"""Gets text, cursor and whether backwards; returns text and cursor after one Tab, or None if nothing fits."""

_NEAR_LIMIT_BYTES = 200


class Editor(EditingArea):
    """Where a message is written. It never holds more than `limit_bytes` of UTF-8."""

    DEFAULT_CSS: ClassVar[str] = """
    Editor {
        width: 1fr;
        height: auto;
        max-height: 5;
        border: none;
        padding: 0;
        scrollbar-size-vertical: 1;
        &:focus { border: none; }
        .text-area--placeholder { text-style: dim; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Send", show=False),
        Binding("alt+enter,shift+enter,ctrl+j", "newline", "New line", show=False),
        Binding("tab", "complete(False)", "Complete", show=False),
        Binding("shift+tab", "complete(True)", "Complete back", show=False),
        Binding("up", "back", "Earlier", show=False),
        Binding("down", "forward", "Later", show=False),
        Binding("end", "end", "End", show=False),
        Binding("ctrl+r", "search", "Search what was typed", show=False),
        Binding("ctrl+z", "app.suspend_process", "Suspend", show=False),
        Binding("ctrl+up", "screen.choose", "Choose a message", show=False),
        Binding("ctrl+n,alt+down", "screen.next_room(1)", "Next tab", show=False),
        Binding("ctrl+p,alt+up", "screen.next_room(-1)", "Previous tab", show=False),
        *(Binding(f"alt+{number}", f"screen.room({number})", f"Tab {number}", show=False) for number in range(1, 10)),
        Binding("alt+a", "screen.unread_room", "Next unread tab", show=False),
        Binding("pageup", "screen.page(-1)", "Scroll back", show=False),
        Binding("pagedown", "screen.page(1)", "Scroll on", show=False),
    ]

    class EmptySubmitted(Message):
        """Enter was pressed in the empty line."""

    class Searched(Message):
        """The search through sent lines began, went on, or ended (`words` is None)."""

        def __init__(self, words: str | None, *, is_found: bool = True) -> None:
            self.words = words
            self.is_found = is_found
            super().__init__()

    class PasteOffered(Message):
        """Several lines were pasted; `insert_pasted` puts them in if the person wants that."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    def __init__(self, submitter: Submitter, completer: Completer, history: TypedHistory, *, limit_bytes: int) -> None:
        super().__init__(compact=True, highlight_cursor_line=False)
        self.cursor_blink = False  # two wake-ups a second for nothing
        self.match_cursor_bracket = False
        self._submitter = submitter
        self._completer = completer
        self._limit_bytes = limit_bytes
        self._typed = history
        self.taker: Callable[[Key], bool] = lambda _: False  # is offered each key first; tells whether it took it
        self._search: TypedSearch | None = None
        self._before_search = ""

    # ---- text and its bound -----------------------------------------------------------------------------------

    @property
    def free_bytes(self) -> int:
        """How many more bytes fit."""
        return self._limit_bytes - len(self.text.encode("utf-8", "replace"))

    @property
    def is_near_limit(self) -> bool:
        """Whether this person should be shown how many bytes still fit."""
        return self.free_bytes <= _NEAR_LIMIT_BYTES

    def edit(self, edit: Edit) -> EditResult:
        """Change the text; what does not fit is cut off."""
        replaced = self.get_text_range(edit.top, edit.bottom)
        free_bytes = self.free_bytes + len(replaced.encode("utf-8", "replace"))
        fitting = cut_to_bytes(edit.text, max(0, free_bytes))
        return super().edit(edit if fitting == edit.text else replace(edit, text=fitting))

    def put(self, text: str) -> None:
        """Replace the text, and put the cursor behind it."""
        self.load_text(cut_to_bytes(text, self._limit_bytes))
        self.move_cursor(self.document.end)

    # ---- keys -------------------------------------------------------------------------------------------------

    async def _on_key(self, event: Key) -> None:
        """Run the action of a key at once: if it bubbled up, letters typed after it would overtake it."""
        if self.taker(event) or (self._search is not None and self._is_for_search(self._search, event)):
            event.stop()
            event.prevent_default()
            return
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if await self.app.run_action(binding.action, self):
                event.stop()
                event.prevent_default()
                return

    def action_submit(self) -> None:
        """Send what is written."""
        if not self.text:
            self.post_message(self.EmptySubmitted())
        elif self.text.strip() and self._submitter(self.text):
            self.put("")

    def action_newline(self) -> None:
        """Begin another line of the same message."""
        self.replace("\n", *self.selection, maintain_selection_offset=False)

    def action_back(self) -> None:
        """Move up; on the first row, bring back what was sent before."""
        if not self._is_on_first_row:
            self.action_cursor_up()
        elif (text := self._typed.older(self.text)) != self.text:
            self.put(text)

    def action_forward(self) -> None:
        """Move down; on the last row, bring back what was sent after."""
        if not self._is_on_last_row:
            self.action_cursor_down()
        elif (text := self._typed.newer()) != self.text:
            self.put(text)

    async def action_end(self) -> None:
        """Go to the end of the line; in the empty one, to the newest message."""
        if self.text:
            self.action_cursor_line_end()
        else:
            await self.run_action("screen.newest")

    @property
    def _is_on_first_row(self) -> bool:
        return self.wrapped_document.location_to_offset(self.cursor_location).y == 0

    @property
    def _is_on_last_row(self) -> bool:
        row = self.wrapped_document.location_to_offset(self.cursor_location).y
        return row >= self.wrapped_document.height - 1

    # ---- looking for a sent line --------------------------------------------------------------------------------

    def action_search(self) -> None:
        """Begin to look for a line that was sent."""
        self._search, self._before_search = self._typed.search(), self.text
        self._show_search(self._search)

    def _is_for_search(self, search: TypedSearch, event: Key) -> bool:
        """Let a key go on with the search; tell whether it meant that. Any other key ends it, and does what it does."""
        if event.key == "ctrl+r":
            search.older()
        elif event.key == "backspace":
            search.look_for(search.words[:-1])
        elif event.character is not None and event.is_printable:
            search.look_for(search.words + event.character)
        else:
            return self._ends_search(event)
        self._show_search(search)
        return True

    def _ends_search(self, event: Key) -> bool:
        is_given_up = event.key in ("escape", "ctrl+g")
        self._search = None
        if is_given_up:
            self.put(self._before_search)
        self.post_message(self.Searched(None))
        return is_given_up

    def _show_search(self, search: TypedSearch) -> None:
        self.put(search.found or self._before_search)
        self.post_message(self.Searched(search.words, is_found=bool(search.found) or not search.words))

    # ---- completion -------------------------------------------------------------------------------------------

    def action_complete(self, is_back: bool) -> None:
        """Insert the next candidate."""
        completed = self._completer(self.text, self.cursor, is_back)
        if completed is not None:
            text, cursor = completed
            if len(text.encode("utf-8", "replace")) > self._limit_bytes:
                return
            self.replace(text, (0, 0), self.document.end, maintain_selection_offset=False)
            self.move_cursor(self.location_of(min(cursor, len(self.text))))

    # ---- pasting ----------------------------------------------------------------------------------------------

    async def _on_paste(self, event: Paste) -> None:
        """Insert one pasted line at once; ask before several."""
        event.stop()
        event.prevent_default()
        text = _pasted(event.text)
        if "\n" in text or not self.has_space_for(text):
            self.post_message(self.PasteOffered(text))
        else:
            self.insert_pasted(text)

    def has_space_for(self, text: str) -> bool:
        """Tell whether a text fits where the cursor is, in place of what is selected."""
        freed = self.free_bytes + len(self.selected_text.encode("utf-8", "replace"))
        return len(text.encode("utf-8", "replace")) <= freed

    def insert_pasted(self, text: str) -> None:
        """Insert a pasted text at the cursor."""
        self.replace(text, *self.selection, maintain_selection_offset=False)


def _pasted(text: str) -> str:
    """Return a pasted text cleaned line by line, without line ends around it. Nothing is cut: see `has_space_for`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    return "\n".join(map(clean, lines)).strip("\n")
