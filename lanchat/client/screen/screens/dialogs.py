"""Questions over the conversation: whether to send a paste, and the password of a room."""

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from lanchat.client.screen.widgets.wrap import cut
from lanchat.client.speaking.outbox import MAX_PARTS
from lanchat.client.state.entries import MAX_REACTION_BYTES
from lanchat.limits import MAX_KEY_BYTES, MAX_WRITTEN_BYTES
from lanchat.protocol.text import clean, cut_to_bytes

PasteAnswer = Literal["send", "edit", "drop"]

_PREVIEW_LINES = 3
_PREVIEW_CELLS = 60
_MOST_SIGN_CHARS = 20
_BOX = """
    align: center bottom;
    background: transparent;
    Vertical {
        width: 64;
        max-width: 100%;
        height: auto;
        max-height: 100%;
        padding: 0 1;
        border: solid ansi_cyan;
    }
    Static { height: auto; }
"""


class PasteDialog(ModalScreen[PasteAnswer]):
    """Asks before several pasted lines are sent: one slip of the mouse should not send a whole log file.

    `messages`: how many it would be; 0: it does not fit, and can only be dropped, with nothing sent.
    """

    DEFAULT_CSS: ClassVar[str] = f"PasteDialog {{ {_BOX} }}"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "answer('send')", "Send"),
        Binding("e", "answer('edit')", "Edit"),
        Binding("escape,ctrl+c", "answer('drop')", "Do not paste"),
    ]

    def __init__(self, text: str, messages: int) -> None:
        super().__init__()
        self._lines = text.split("\n")
        self._size_bytes = len(text.encode("utf-8", "replace"))
        self._messages = messages

    def compose(self) -> ComposeResult:
        """Show how much it is, how it begins, and the answers."""
        with Vertical():
            yield Static(Content.assemble((self._question(), "bold")))
            yield Static(Content("\n".join(self._preview())), classes="preview")
            yield Static(Content(self._answers()))

    def _question(self) -> str:
        lines = "1 line" if len(self._lines) == 1 else f"{len(self._lines):,} lines"
        if self._messages:
            return f"Paste {lines}?"
        return f"{lines}, {self._size_bytes:,} bytes: that is more than fits. Nothing was sent."

    def _answers(self) -> str:
        if not self._messages:
            return f"At most {MAX_WRITTEN_BYTES:,} bytes, {MAX_PARTS} messages · Esc goes back to what you wrote"
        how = "one message" if self._messages == 1 else f"{self._messages} messages"
        return f"Enter sends it as {how} · E edits it · Esc drops it"

    def _preview(self) -> list[str]:
        shown = [f"│ {cut(line, _PREVIEW_CELLS - 2)}" for line in self._lines[:_PREVIEW_LINES]]
        hidden = len(self._lines) - len(shown)
        return [*shown, f"│ … and {hidden} more"] if hidden else shown

    def action_answer(self, answer: PasteAnswer) -> None:
        """Close the dialog with an answer."""
        self.dismiss(answer if self._messages else "drop")


class PasswordDialog(ModalScreen[str]):
    """Asks for the password of a room; "" if the person cancels."""

    DEFAULT_CSS: ClassVar[str] = f"PasswordDialog {{ {_BOX} Input {{ height: 1; border: none; padding: 0; }} }}"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+c", "leave", "Cancel")]

    def __init__(self, room: str, problem: str = "") -> None:
        super().__init__()
        self._room = room
        self._problem = problem

    def compose(self) -> ComposeResult:
        """Show what is asked for, and what was wrong the last time."""
        with Vertical():
            yield Static(Content.assemble((f"{cut(self._room, 40)} asks for a password", "bold")))
            if self._problem:
                yield Static(Content.assemble((self._problem, "bold ansi_red")))
            yield Input(password=True, compact=True, placeholder="password", max_length=MAX_KEY_BYTES)
            yield Static(Content("Enter joins · Esc goes back"))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Close with the password, unless there is none yet."""
        event.stop()
        if event.value:
            self.dismiss(cut_to_bytes(event.value, MAX_KEY_BYTES))

    def action_leave(self) -> None:
        """Close without a password."""
        self.dismiss("")


class ReactDialog(ModalScreen[str]):
    """Asks for a sign to put on a message: one of a few by its number, or any that is typed; "" for none."""

    DEFAULT_CSS: ClassVar[str] = f"ReactDialog {{ {_BOX} Input {{ height: 1; border: none; padding: 0; }} }}"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+c", "leave", "Cancel")]
    SIGNS = ("👍", "👎", "😄", "🎉", "👀", "✅")

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name_of_author = name

    def compose(self) -> ComposeResult:
        """Show the signs, and a field for others."""
        signs = "  ".join(f"{number} {sign}" for number, sign in enumerate(self.SIGNS, 1))
        with Vertical():
            yield Static(Content.assemble((f"React to {cut(self._name_of_author, 40)}", "bold")))
            yield Static(Content(signs))
            yield Input(compact=True, placeholder="or an emoji, or a short word", max_length=_MOST_SIGN_CHARS)
            yield Static(Content("1 to 6, or Enter · again takes it away · Esc back"))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take a number for its sign at once."""
        if event.value.isascii() and event.value.isdecimal() and 1 <= int(event.value) <= len(self.SIGNS):
            self.dismiss(self.SIGNS[int(event.value) - 1])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what was typed, unless that is nothing."""
        event.stop()
        if sign := cut_to_bytes(clean(event.value).strip(), MAX_REACTION_BYTES):
            self.dismiss(sign)

    def action_leave(self) -> None:
        """Put no sign on it."""
        self.dismiss("")
