"""From "/search valve from:zoe in:"Line 3" after:06:00" to what the host is asked for.

Source: soju, doc/ext/search.md: attributes as message tags, with their escaping.
"""

import re
from datetime import UTC, datetime

from lanchat.client.speaking.people import known_nicks
from lanchat.client.state.found import MOST_FOUND
from lanchat.client.state.state import ClientState
from lanchat.protocol.message import Message, format_tags
from lanchat.protocol.names import channel_for, fold, nick_from, shown
from lanchat.when import parse_when

_MAX_BYTES = 400  # of the question: well within a line
_TOKEN = re.compile(r'(?:(from|in|after|before):(?:"([^"]*)"?|(\S*)))|("[^"]*"?)|(\S+)', re.IGNORECASE)
_SPACED_DAY = re.compile(r"((?:after|before):)(\S+) (\d{1,2}:\d\d)(?=\s|$)", re.IGNORECASE)


class NotSought(ValueError):
    """What was typed cannot be searched for; the text says why."""


def search_of(state: ClientState, typed: str, now: datetime) -> Message:
    """Return the question of a search. Raises `NotSought` or `when.NotATime` with a sentence."""
    attributes: dict[str, str] = {}
    words: list[str] = []
    for match in _TOKEN.finditer(_SPACED_DAY.sub(r'\1"\2 \3"', typed)):
        key, quoted, bare, phrase, word = match.groups()
        if key:
            name = key.casefold()
            attributes[name] = _value(state, name, (quoted or bare or "").strip(), now)
        else:
            words.append(phrase or word)
    if words:
        attributes["text"] = " ".join(words)
    if not attributes:
        raise NotSought("Say what to look for: /search valve, /search from:zoe after:06:00")
    question = format_tags({**attributes, "limit": str(MOST_FOUND)})[1:-1]
    if len(question.encode("utf-8", "replace")) > _MAX_BYTES:
        raise NotSought("That is too much to look for at once; leave some words out.")
    return Message("SEARCH", (question,))


def _value(state: ClientState, key: str, text: str, now: datetime) -> str:
    if not text:
        raise NotSought(f"Say what stands behind {key}: it is empty.")
    if key in ("after", "before"):
        return _stamp(parse_when(text, now))
    return _nick(state, text) if key == "from" else _channel(state, text)


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def _nick(state: ClientState, name: str) -> str:
    """Return the nick of a name as people read it; of one that is not here, how it would be written."""
    known = {fold(shown(nick)): nick for nick in known_nicks(state)}
    nick = known.get(fold(name)) or nick_from(name.removeprefix("@"))
    if not nick:
        raise NotSought(f"“{name}” cannot be anybody's name.")
    return nick


def _channel(state: ClientState, name: str) -> str:
    if name.startswith("#"):
        return name
    titled = [channel for channel, title in state.titles.items() if fold(title) == fold(name)]
    joined = [channel.name for channel in state.channels.values() if fold(channel.title) == fold(name)]
    return next(iter([*joined, *titled]), channel_for(name))
