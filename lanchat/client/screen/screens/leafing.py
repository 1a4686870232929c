"""Leafing through what was said: the rows of each room and of a view of another time, and loading what is not there."""

from datetime import datetime
from functools import partial

from lanchat.client.conversation import Conversation
from lanchat.client.screen.widgets.log import MessageLog
from lanchat.client.screen.widgets.palette import NameStyles
from lanchat.client.screen.widgets.present import Presenter
from lanchat.client.screen.widgets.transcript import ReadingPlace, Transcript
from lanchat.client.speaking.actions import Look
from lanchat.client.state.changes import Change
from lanchat.client.state.channels import Channel
from lanchat.client.state.log import EntryLog


class Leafing:
    """The transcripts of one conversation. What is open: the view, where there is one, else the open room."""

    def __init__(self, conversation: Conversation, names: NameStyles) -> None:
        self._conversation = conversation
        self._names = names
        self._transcripts: dict[str, Transcript] = {}

    def of(self, channel: Channel) -> Transcript:
        """Return the rows of a channel, kept as long as its log is."""
        transcript = self._transcripts.get(channel.name)
        if transcript is None or transcript.log is not channel.entries:
            transcript = self._transcripts[channel.name] = Transcript(channel.entries, self._presenter(channel.name))
        return transcript

    def rename(self, old: str, new: str) -> None:
        """Keep the rows of a talk whose name is another one now."""
        transcript = self._transcripts.pop(old, None)
        if transcript is not None:
            self._transcripts.setdefault(new, transcript)

    def _presenter(self, room: str) -> Presenter:
        return Presenter(lambda: self._conversation.state.nick, partial(self._names.style, room))

    def recolour(self) -> None:
        """Show names in other colours."""
        for transcript in self._transcripts.values():
            transcript.refresh()

    def open(self, height: int) -> Transcript:
        """Return the rows of what is open. `height`: of the screen, where what was looked for is in the middle."""
        view = self._conversation.state.view
        return self.of(self._conversation.state.current) if view is None else self._in_view(view.channel, height)

    def _in_view(self, channel: Channel, height: int) -> Transcript:
        transcript = self.of(channel)
        transcript.sync()
        if transcript.place is None and len(channel.entries):
            found, top = channel.entries.rule_at, ReadingPlace(channel.entries.first_serial, -1)
            transcript.place = top if found is None else ReadingPlace(found, -(height // 2))
        return transcript

    def follow(self, channel: str, change: Change, talk: MessageLog) -> None:
        """Let the rows of a channel follow a change, be they shown or not."""
        transcript = self._transcripts.get(channel)
        if transcript is talk.transcript:
            talk.follow(change)
        elif transcript is not None:
            transcript.follow(change)

    # ---- loading ----------------------------------------------------------------------------------------------------

    def load_older(self) -> None:
        """Load what was said before what is open."""
        past, state = self._conversation.past, self._conversation.state
        if state.view is None:
            past.load_older(state.current)
        else:
            past.looking.load_older(state.view)

    def load_newer(self) -> None:
        """Load what was said after what is in view; a room is up to date by itself."""
        view = self._conversation.state.view
        if view is not None:
            self._conversation.past.looking.load_newer(view)

    def fill_gap(self, serial: int) -> None:
        """Load what a gap of the open room holds."""
        self._conversation.past.fill_gap(self._conversation.state.current, serial)

    # ---- going places -----------------------------------------------------------------------------------------------

    def open_hit(self, number: int | None) -> None:
        """Show a result of the last search where it was said; None: none was chosen."""
        if number is not None:
            self._conversation.past.looking.look(Look("open", str(number)), datetime.now().astimezone())

    def close_view(self) -> None:
        """Go back to what is said now."""
        self._conversation.past.looking.close()

    @property
    def first_new(self) -> int | None:
        """The serial of the first message that is new in the open room, if there is one."""
        return self._conversation.state.current.entries.rule_at

    def new_words(self, rows: int) -> str:
        """Return what there is to say about new messages, where they are more than the rows of the screen; else ""."""
        log = self._conversation.state.current.entries
        count = _spoken_since(log, log.rule_at)
        return f"{count} messages {log.rule_text} · Alt+N shows the first" if count > rows else ""


def _spoken_since(log: EntryLog, serial: int | None) -> int:
    return 0 if serial is None else sum(entry.is_spoken for entry in log.since(serial))
