"""Feeding a client what a server sends, written as people read IRC."""

from hypothesis import strategies as st

from lanchat.client.state.apply import HANDLERS, apply
from lanchat.client.state.changes import Change, EntryAdded
from lanchat.client.state.entries import Entry
from lanchat.client.state.state import ClientState
from lanchat.limits import MAX_TAG_BYTES
from lanchat.protocol.message import Message, parse_message

BEN = ":Ben!ben@10.0.0.8"
NOW_S = 1_772_539_200.0  # 2026-03-03 12:00 UTC


def message(line: str) -> Message:
    return parse_message(line.encode(), MAX_TAG_BYTES)


def heard(state: ClientState, *lines: str) -> list[Change]:
    """Apply lines one after the other; return the changes of all of them."""
    return [change for line in lines for change in apply(state, message(line), NOW_S)]


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


def only_entry(changes: list[Change]) -> Entry:
    [entry] = [change.entry for change in changes if isinstance(change, EntryAdded)]
    return entry


# Whatever a server might send, likely and unlikely.
COMMANDS = [
    *sorted(HANDLERS),
    *[
        "BATCH",
        "CAP",
        "AUTHENTICATE",
        "PING",
        "PONG",
        "XYZ",
        "401",
        "404",
        "417",
        "432",
        "433",
        "464",
        "465",
        "471",
        "482",
        "599",
        "900",
        "903",
        "904",
        "908",
    ],
]
WORDS = st.one_of(
    st.sampled_from(
        [
            "#Line-3",
            "LS",
            "ACK",
            "NAK",
            "barrier-1",
            "sent-1",
            "sasl",
            "Ana",
            "Ben",
            "+b",
            "-b",
            "draft/multiline",
            "chathistory",
            "+ov",
            "",
            "*",
            "m1",
        ]
    ),
    st.text(max_size=20),
)
TAGS = st.dictionaries(
    st.sampled_from(["time", "msgid", "batch", "+typing", "+reply", "+draft/react", "+draft/unreact", "bot", "label"]),
    st.one_of(st.sampled_from(["b", "m1", "say1", "active", "2026-03-01T12:00:00.000Z"]), st.text(max_size=10)),
    max_size=4,
)
MESSAGES = st.builds(
    Message,
    st.sampled_from(COMMANDS),
    st.lists(WORDS, max_size=8).map(tuple),
    st.sampled_from(["", "host", "Ana!a@h", "Ben!b@h", "!", "\x1b!@"]),
    TAGS,
)
