"""Which person a typed name means: "maria lópez hello", "Maria_López hello", "@Maria hello".

Names may have spaces. Where one ends is decided by who is here: the longest name that somebody has.
"""

from collections.abc import Iterator

from lanchat.client.state.entries import Entry
from lanchat.client.state.state import ClientState
from lanchat.protocol.names import fold, nick_from, shown

MAX_WORDS = 6  # a name may have


def known_nicks(state: ClientState) -> Iterator[str]:
    """Yield the wire nicks of everybody who may be meant: the open channel's first, each once."""
    channels = [state.current, *state.channels.values()]
    members = (member.nick for channel in channels for member in channel.members.values())
    yield from dict.fromkeys((*members, *(talk.name for talk in state.talks)))


def split_name(state: ClientState, text: str) -> tuple[str, str]:
    """Return the nick that a text begins with, and the rest: the longest known name, else the first word.

    The nick is "" if the text is empty or its first word can be no name.
    """
    words = text.removeprefix("@").split()
    rests = _rests(text.removeprefix("@"), len(words))
    by_name = {fold(shown(nick)): nick for nick in known_nicks(state)}
    by_name.update({fold(nick): nick for nick in known_nicks(state)})
    for count in range(min(len(words), MAX_WORDS), 0, -1):
        nick = by_name.get(fold(" ".join(words[:count]).removesuffix(":"))) or by_name.get(
            fold(" ".join(words[:count]))
        )
        if nick:
            return nick, rests[count]
    return (nick_from(words[0]), rests[1]) if words else ("", "")


def _rests(text: str, count: int) -> list[str]:
    """Return what follows after no word, one word, two words …, with the spacing inside it as typed."""
    rests = [text.strip()]
    for _ in range(count):
        _, _, rest = rests[-1].partition(" ")
        rests.append(rest.lstrip())
    return rests


def is_known(state: ClientState, nick: str) -> bool:
    """Tell whether somebody of this nick is here."""
    return any(fold(nick) == fold(other) for other in known_nicks(state))


def last_said(state: ClientState, nick: str = "", *, is_own: bool = False) -> Entry | None:
    """Return the last message here that can be answered.

    Of this nick; where none is given, of anybody else or, with `is_own`, of this person.
    """
    log = state.current.entries
    for index in range(len(log) - 1, -1, -1):
        entry = log[index]
        is_fitting = fold(entry.nick) == fold(nick) if nick else entry.is_own == is_own
        if entry.is_spoken and entry.msgid and not entry.to and not entry.is_deleted and is_fitting:
            return entry
    return None
