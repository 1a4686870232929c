"""What happens around the editor while somebody writes: typing notices, Tab, searches, pastes."""

from lanchat.client.screen.screens.acting import ActingScreen
from lanchat.client.screen.screens.dialogs import PasteAnswer, PasteDialog
from lanchat.client.screen.screens.wording import search_words
from lanchat.client.screen.widgets.editor import Editor
from lanchat.client.screen.widgets.offers import Offers
from lanchat.client.speaking.slash import help_on


class WritingScreen(ActingScreen):
    """A screen with an editor for what is to be said, and what fits a command that is begun."""

    _offers: Offers

    def on_text_area_changed(self) -> None:
        """Tell the others that this person types, and show how much still fits near the limit."""
        self._conversation.typing(self._editor.text)
        self._offers.commands = help_on(self._conversation.state, self._editor.text)
        self._hints.aside = f"{self._editor.free_bytes} bytes left" if self._editor.is_near_limit else ""

    def _complete(self, text: str, cursor: int, is_back: bool) -> tuple[str, int] | None:
        return self._conversation.complete(text, cursor, is_back=is_back)

    def on_editor_empty_submitted(self) -> None:
        """Try to connect again at once, if the connection is lost."""
        self._conversation.hurry()

    def on_editor_searched(self, event: Editor.Searched) -> None:
        """Show what is looked for among the lines that were sent."""
        self._hints.searched = "" if event.words is None else search_words(event.words, is_found=event.is_found)

    def on_editor_paste_offered(self, event: Editor.PasteOffered) -> None:
        """Ask before several lines go out."""

        def answered(answer: PasteAnswer | None) -> None:
            if answer in ("send", "edit"):
                self._editor.insert_pasted(event.text)
            if answer == "send":
                self._editor.action_submit()

        fits = self._editor.has_space_for(event.text)
        messages = self._conversation.messages_for(self._editor.text + event.text) if fits else 0
        self.app.push_screen(PasteDialog(event.text, messages), answered)
