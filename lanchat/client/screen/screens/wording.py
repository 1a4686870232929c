"""Short phrases for the bars: the state of the connection, and who is typing."""

from collections.abc import Sequence

from lanchat.client.screen.widgets.visible import name_of, visible
from lanchat.client.state.changes import LinkStatus, StatusChanged

_PHRASES = {
    LinkStatus.CONNECTING: "connecting…",
    LinkStatus.CONNECTED: "connected",
    LinkStatus.LOOKING: "looking for the room…",
    LinkStatus.LOST: "connection lost",
    LinkStatus.CLOSED: "closed",
}
_NAMED = 2  # people who type, by name; more are counted


def status_words(status: StatusChanged, *, is_away: bool) -> str:
    """Return the state of the connection in a few words."""
    if status.status is LinkStatus.LOST and status.retry_in_s > 0:
        return f"reconnecting in {max(1, round(status.retry_in_s))} s"
    if status.status is LinkStatus.CONNECTED and is_away:
        return "connected, away"
    return _PHRASES[status.status]


def typing_words(nicks: Sequence[str]) -> str:
    """Return who is typing, in a sentence, or ""."""
    names = [name_of(nick) for nick in nicks]
    if not names:
        return ""
    if len(names) == 1:
        return f"{names[0]} is typing…"
    if len(names) > _NAMED:
        return f"{len(names)} people are typing…"
    return f"{' and '.join(names)} are typing…"


def search_words(words: str, *, is_found: bool) -> str:
    """Return what the hint row says while sent lines are searched."""
    if not words:
        return "Searching what you typed: type some of it · Esc back"
    found = "Ctrl+R an older one, Enter sends it, Esc back" if is_found else "nothing typed has that · Esc back"
    return f"Searching “{words}”: {found}"


def talk_words(title: str, *, is_own: bool) -> str:
    """Return what the hint row says of a message between two people whose tab is not open."""
    return f"Said to {visible(title)} only." if is_own else f"{visible(title)} wrote to you only · Alt+A"
