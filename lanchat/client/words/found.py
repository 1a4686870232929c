"""What a search found, in words."""

from lanchat.client.state.clock import stamped
from lanchat.client.state.entries import EntryKind
from lanchat.client.state.found import MOST_FOUND, Hit

_MAX_CHARS = 200  # of a text; the rest shows where it was said


def found_words(words: str, count: int) -> str:
    """Return what heads the results: "3 messages found for valve."; where there may be more, that it is the newest."""
    if count >= MOST_FOUND:
        return f"The newest {count} messages found for {words}."
    return f"{'1 message' if count == 1 else f'{count} messages'} found for {words}."


def hit_line(hit: Hit) -> str:
    """Return a result in one line: when, where, who, and how its text begins."""
    entry = hit.entry
    text = " ".join(entry.text.split())
    shown = text if len(text) <= _MAX_CHARS else f"{text[:_MAX_CHARS]}…"
    said = f"{entry.name} {shown}" if entry.kind is EntryKind.ACTION else f"{entry.name}: {shown}"
    return f"{stamped(entry.at_s)} [{hit.room}] {said}"
