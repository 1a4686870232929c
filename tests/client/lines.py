"""Feeding a client what a server sends, written as people read IRC."""

from lanchat.client.changes import Change
from lanchat.client.state import ClientState
from lanchat.limits import MAX_TAG_BYTES
from lanchat.protocol.message import Message, parse_message

NOW_S = 1_772_539_200.0  # 2026-03-03 12:00 UTC


def message(line: str) -> Message:
    return parse_message(line.encode(), MAX_TAG_BYTES)


def heard(state: ClientState, *lines: str) -> list[Change]:
    """Apply lines one after the other; return the changes of all of them."""
    return [change for line in lines for change in state.apply(message(line), NOW_S)]


def in_room(*members: str, nick: str = "Ana", features: str = "PREFIX=(ov)@+ BOT=B") -> ClientState:
    """Return the state of somebody who just came into Line 3, with these members ("@Ben", "Carl") in it."""
    state = ClientState(nick=nick)
    heard(
        state,
        f":host 001 {nick} :Welcome",
        f":host 005 {nick} {features} :are supported",
        f":{nick}!{nick.lower()}@10.0.0.7 JOIN #Line-3",
        f":host 332 {nick} #Line-3 :Line 3",
        f":host 353 {nick} = #Line-3 :{' '.join((*members, nick))}",
        f":host 366 {nick} #Line-3 :End",
    )
    return state
