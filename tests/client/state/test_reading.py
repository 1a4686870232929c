"""The rule above what is new: where it is put, what moves it, and what does not."""

from dataclasses import replace

from lanchat.client.state.changes import NewSince
from lanchat.client.state.entries import Entry, EntryKind
from lanchat.client.state.reading import raise_rule
from lanchat.client.state.state import ClientState
from tests.client.lines import NOW_S, in_room


def said(state: ClientState, text: str, at: int, *, old: bool = False, own: bool = False, missed: bool = False) -> None:
    channel = state.channel("#Line-3")
    assert channel is not None
    entry = Entry(EntryKind.MESSAGE, NOW_S + at, nick="Ben", text=text, is_own=own)
    state.add(channel, replace(entry, is_replayed=old or missed, is_missed=missed))


def below_rule(state: ClientState) -> str:
    channel = state.channel("#Line-3")
    assert channel is not None
    serial = channel.entries.rule_at
    entry = None if serial is None else channel.entries.by_serial(serial)
    return entry.text if entry else ""


def test_it_stands_above_the_first_message_after_the_marker() -> None:
    state = in_room("Ben")
    state.current.read_s = NOW_S + 2
    for at, text in enumerate("abcde"):
        said(state, text, at, old=True)
    assert below_rule(state) == "d"
    assert state.current.entries.rule_text.startswith("new since ")


def test_who_was_never_here_has_none() -> None:
    state = in_room("Ben")
    for at, text in enumerate("abc"):
        said(state, text, at, old=True)
    assert below_rule(state) == ""


def test_what_was_missed_stands_below_it_whoever_looked_at_the_screen() -> None:
    state = in_room("Ben")
    said(state, "a", 1)
    said(state, "b", 2, missed=True)
    said(state, "c", 3, missed=True)
    said(state, "d", 4)
    assert below_rule(state) == "b"


def test_who_spoke_elsewhere_after_it_has_read_up_to_there() -> None:
    state = in_room("Ben")
    state.current.read_s = NOW_S
    for at, (text, own) in enumerate([("a", False), ("b", True), ("c", False)], 1):
        said(state, text, at, old=True, own=own)
    assert below_rule(state) == "c"


def test_speaking_takes_it_away_and_joins_do_not_count() -> None:
    state = in_room("Ben")
    state.is_at_end = False
    state.add(state.current, Entry(EntryKind.JOIN, NOW_S, nick="Cy"))
    assert below_rule(state) == ""
    said(state, "a", 1)
    assert below_rule(state) == "a"
    said(state, "mine", 2, own=True)
    assert below_rule(state) == ""


def test_who_reads_further_up_does_not_lose_it_to_what_is_said_now() -> None:
    state = in_room("Ben")
    state.current.read_s = NOW_S
    said(state, "a", 1, old=True)
    state.see()
    state.is_at_end = False
    said(state, "b", 2)
    assert below_rule(state) == "a"


def test_it_rises_with_older_pages_of_what_is_new() -> None:
    state = in_room("Ben")
    channel = state.current
    channel.read_s = NOW_S
    said(state, "d", 4, old=True)
    old = [Entry(EntryKind.MESSAGE, NOW_S + at, nick="Ben", text=text) for at, text in ((-1, "a"), (1, "b"), (2, "c"))]
    first = channel.entries.first_serial
    changes = raise_rule(channel, channel.entries.insert_before(first, old), first)
    assert below_rule(state) == "b"
    assert [change.text == "" for change in changes if isinstance(change, NewSince)] == [True, False]
    again = channel.entries.insert_before(channel.entries.first_serial, [old[0]])
    assert raise_rule(channel, again, channel.entries[1].serial) == []
