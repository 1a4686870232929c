"""What reaches a person whose eyes are elsewhere: the window's title, and a notification on the desktop.

Which notification a terminal knows is told by what it calls itself. Sources: iterm2.com/documentation-escape-codes.html
(OSC 9), urxvt's "notify" and foot-ctlseqs(7) (OSC 777), sw.kovidgoyal.net/kitty/desktop-notifications (OSC 99); for the
title xterm's ctlseqs, "Operating System Commands" (OSC 2) and "Window manipulation" (22 and 23).
"""

from collections.abc import Mapping

from textual.message import Message

from lanchat.client.screen.widgets.visible import name_of, visible
from lanchat.client.screen.widgets.wrap import cut
from lanchat.client.state.entries import Entry
from lanchat.client.state.log import EntryLog
from lanchat.client.state.state import ClientState

KEEP_TITLE = "\x1b[22;2t"
RESTORE_TITLE = "\x1b]2;\x1b\\\x1b[23;2t"  # empty first, for terminals that keep none
_TITLE_CELLS = 60
_BODY_CELLS = 200
_PROGRAMS = {"iTerm.app": 9, "WezTerm": 777, "ghostty": 777}
_TERMS = {"xterm-kitty": 99, "foot": 777, "foot-extra": 777, "rxvt-unicode": 777, "rxvt-unicode-256color": 777}


class Titled(Message):
    """The window's title is another one now."""

    def __init__(self, title: str) -> None:
        self.title = title
        super().__init__()


class Called(Message):
    """This person was called while the window had no focus."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        super().__init__()


def title_of(state: ClientState) -> str:
    """Return the window's title: "(2!) Line 3 · lanchat" with two unread messages, in one of which one was called."""
    others = [channel for channel in state.channels.values() if channel is not state.current]
    unread = sum(channel.unread for channel in others)
    is_called = any(channel.unread_mentions for channel in others)
    if not state.is_present:
        new = _new(state.current.entries)
        unread += len(new)
        is_called = is_called or any(entry.is_mention for entry in new)
    count = f"({unread}{'!' if is_called else ''}) " if unread else ""
    return f"{count}{cut(_line(state.current.title), _TITLE_CELLS)} · lanchat"


def _new(log: EntryLog) -> list[Entry]:
    """Return what others said since this person left."""
    return [] if log.rule_at is None else [one for one in log.since(log.rule_at) if one.is_spoken and not one.is_own]


def title_sequence(title: str) -> str:
    """Return what sets the window's title."""
    return f"\x1b]2;{_line(title)}\x1b\\"


def notification(entry: Entry, environ: Mapping[str, str]) -> str:
    """Return what shows a message on the desktop; "" where this terminal knows no way, or tmux stands between."""
    kind = _kind(environ)
    who, text = _line(name_of(entry.nick)).replace(";", ","), cut(_line(entry.text), _BODY_CELLS)
    if kind == 9:
        return f"\x1b]9;{who}: {text}\x1b\\"
    if kind == 777:
        return f"\x1b]777;notify;{who};{text}\x1b\\"
    if kind == 99:
        return f"\x1b]99;i=lanchat:d=0;{who}\x1b\\\x1b]99;i=lanchat:p=body;{text}\x1b\\"
    return ""


def _kind(environ: Mapping[str, str]) -> int:
    if "TMUX" in environ or "STY" in environ:
        return 0
    return _PROGRAMS.get(environ.get("TERM_PROGRAM", "")) or _TERMS.get(environ.get("TERM", ""), 0)


def _line(text: str) -> str:
    return " ".join(visible(text).split())
