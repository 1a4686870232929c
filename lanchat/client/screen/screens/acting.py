"""Doing something with one message: it is chosen, then a key says what."""

import os
import sys
from collections.abc import Mapping

from textual.actions import SkipAction

from lanchat.client.screen.screens.dialogs import ReactDialog
from lanchat.client.screen.screens.moving import MovingScreen
from lanchat.client.screen.widgets.bars import Hints
from lanchat.client.screen.widgets.choosing import ChoosingLog, How
from lanchat.client.screen.widgets.editor import Editor
from lanchat.client.screen.widgets.visible import name_of, visible
from lanchat.client.screen.widgets.wrap import cut
from lanchat.client.speaking.actions import Action, LocalAction
from lanchat.client.speaking.answering import answer, delete, react, say_anew, why_not_deleted, why_not_edited
from lanchat.client.state.channels import Channel
from lanchat.client.state.entries import Entry
from lanchat.client.words.copied import copied_words
from lanchat.client.words.links import links

_KEYS = "↑↓ · r reply · + react · y copy · e edit · d delete · o link · Esc"
_QUOTE_CELLS = 30


class ActingScreen(MovingScreen):
    """A screen with a log of messages and an editor. What is written may be the answer to one, or said in its place."""

    _talk: ChoosingLog
    _editor: Editor
    _hints: Hints
    _intent: "tuple[str, Channel, Entry] | None" = None  # "reply" or "edit", where, and of which message
    _to_delete: int | None = None  # the message that one more "d" takes back

    # ---- choosing -------------------------------------------------------------------------------------------------

    def action_choose(self) -> None:
        """Choose the newest message on the screen."""
        self._talk.choose(-1)

    def _do(self, how: How, entry: Entry) -> None:
        doing = {
            "reply": self._begin_reply,
            "react": self._begin_reaction,
            "copy": self._copy,
            "edit": self._begin_edit,
            "delete": self._delete,
            "open": self._open_link,
        }
        doing[how](entry)

    def _show_mode(self) -> None:
        """Tell what can be done with the chosen message, or what is being written for one."""
        chosen = self._talk.chosen
        if chosen is None or chosen.serial != self._to_delete:
            self._to_delete = None
        self._hints.mode = self._intent_words() if chosen is None else _KEYS

    def _target(self) -> str:
        view = self._conversation.state.view
        return self._conversation.state.current.name if view is None else view.target

    def note(self, text: str) -> None:
        """Show a note for 3 s, in place of the hints."""
        self._hints.note(text)

    # ---- what is written is for a message -------------------------------------------------------------------------

    def _intent_words(self) -> str:
        if self._intent is None or self._intent[1] is not self._conversation.state.current:
            return ""
        how, _, entry = self._intent
        quoted = cut(f"{name_of(entry.nick)}: {visible(entry.text)}".replace("\n", " "), _QUOTE_CELLS)
        if how == "reply":
            return f"↪ {quoted} · Enter answers · Esc gives up"
        return "Enter says it anew, at the end, and deletes the old one · Esc gives up"

    def _begin(self, how: str, entry: Entry) -> None:
        self._intent = (how, self._conversation.state.current, entry)
        self._talk.end_choosing()
        self._show_mode()

    def _begin_reply(self, entry: Entry) -> None:
        if self._conversation.state.view is not None or not entry.msgid:
            self.note("This one cannot be answered here.")
            return
        self._begin("reply", entry)

    def _begin_edit(self, entry: Entry) -> None:
        state = self._conversation.state
        problem = why_not_edited(state, entry) if state.view is None else "Esc first: this is what was said then."
        if problem:
            self.note(problem)
            return
        self._editor.put(entry.text)
        self._begin("edit", entry)

    def _written_for(self, text: str) -> list[Action]:
        """Return what says a text where it answers a message, or takes its place; nothing where it does neither."""
        if self._intent is None or self._intent[1] is not self._conversation.state.current:
            return []
        how, channel, entry = self._intent
        if how == "reply" and text.startswith("/") and not text.startswith("//"):
            return []
        self._intent = None
        self._show_mode()
        return answer(channel.name, entry, text) if how == "reply" else say_anew(channel.name, entry, text)

    def say(self, text: str) -> list[LocalAction]:
        """Carry out what was written; return what the screen has to do itself."""
        actions = self._written_for(text)
        if not actions:
            return self._conversation.submit(text)
        self._conversation.history.add(text)
        return self._conversation.carry_out(actions)

    def action_give_up(self) -> None:
        """Write for no message any more; without one, go back to what is said now."""
        if self._intent is None or self._intent[1] is not self._conversation.state.current:
            self.action_back()
            return
        if self._intent[0] == "edit":
            self._editor.put("")
        self._intent = None
        self._show_mode()

    def action_back(self) -> None:
        """Go back to what is said now."""

    # ---- at once --------------------------------------------------------------------------------------------------

    def _begin_reaction(self, entry: Entry) -> None:
        target, state = self._target(), self._conversation.state

        def chosen(sign: str | None) -> None:
            self._talk.end_choosing()
            if sign:
                self._conversation.carry_out(react(state, target, entry, sign))

        self.app.push_screen(ReactDialog(name_of(entry.nick)), chosen)

    def _copy(self, entry: Entry) -> None:
        self._copy_text(entry.text)
        self._talk.end_choosing()

    def _copy_text(self, text: str, what: str = "") -> None:
        self.app.copy_to_clipboard(text)
        self.note(copied_words(text, what))

    def action_copy_text(self) -> None:
        """Copy what is marked, and say so."""
        text = self.get_selected_text()
        if text is None:
            raise SkipAction
        self._copy_text(text)

    def _delete(self, entry: Entry) -> None:
        problem = why_not_deleted(self._conversation.state, entry)
        if problem:
            self.note(problem)
        elif self._to_delete != entry.serial:
            self._to_delete = entry.serial
            self.note("d again deletes it for everybody.")
        else:
            self.note("")
            self._conversation.carry_out(delete(self._target(), entry))
            self._talk.end_choosing()

    def _open_link(self, entry: Entry) -> None:
        """Copy the first link, and open it where there are windows: a browser for terminals would tear the screen."""
        found = links(entry.text)
        if not found:
            self.note("There is no link in this message.")
            return
        self._copy_text(found[0].target, "the link")
        if has_windows():
            self.app.open_url(found[0].target)
        self._talk.end_choosing()


def has_windows(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Tell whether a browser would open in a window of its own, in front of this person."""
    is_near = "SSH_CONNECTION" not in environment
    return is_near and (platform in ("win32", "darwin") or bool({"DISPLAY", "WAYLAND_DISPLAY"} & environment.keys()))
