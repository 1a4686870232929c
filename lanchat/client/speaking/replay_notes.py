"""What the host replayed of our own words after we came back: the proof that they had arrived."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lanchat.client.state.changes import Change, DeliveryChanged, EntryAdded
from lanchat.protocol.names import fold


@dataclass(slots=True)
class ReplayNotes:
    """Our own texts among those replayed. `by_target`: by folded channel or nick, in order."""

    by_target: dict[str, list[str]] = field(default_factory=dict)

    def note(self, changes: Iterable[Change]) -> None:
        """Note our own texts among the changes of one message."""
        for change in changes:
            if isinstance(change, EntryAdded | DeliveryChanged) and change.entry.is_replayed and change.entry.is_own:
                self.by_target.setdefault(fold(change.entry.to or change.channel), []).append(change.entry.text)

    def forget(self) -> None:
        """Forget all: the next connection has a replay of its own."""
        self.by_target.clear()
