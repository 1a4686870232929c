from lanchat.client.rooms.marking import EVERY_S, Marking
from lanchat.protocol.message import Message
from tests.client.lines import NOW_S, heard, in_room

CHANNEL = "#Line-3"


def test_how_far_one_has_read_is_told_once_and_not_too_often() -> None:
    state, marking = in_room("Ben"), Marking()
    state.capabilities = {"draft/read-marker": ""}
    heard(state, "@time=2026-03-03T12:00:00.123Z :Ben!b@h PRIVMSG #Line-3 :one")
    assert marking.due(state, 100.0) == [Message("MARKREAD", (CHANNEL, "timestamp=2026-03-03T12:00:00.123Z"))]
    assert marking.due(state, 200.0) == []
    heard(state, "@time=2026-03-03T12:00:01.000Z :Ben!b@h PRIVMSG #Line-3 :two")
    assert marking.due(state, 100.0 + EVERY_S / 2) == []
    assert marking.due(state, 100.0 + EVERY_S / 2, is_last=True) != []


def test_what_nobody_reads_is_not_marked() -> None:
    for state, marking in ((in_room("Ben"), Marking(is_on=False)), (in_room("Ben"), Marking())):
        state.capabilities = {"draft/read-marker": ""}
        state.is_present = not marking.is_on  # at the one a program, at the other somebody who has left
        heard(state, "@time=2026-03-03T12:00:00.000Z :Ben!b@h PRIVMSG #Line-3 :one")
        assert marking.due(state, 100.0) == []


def test_a_host_without_markers_is_told_nothing() -> None:
    state = in_room("Ben")
    heard(state, ":Ben!b@h PRIVMSG #Line-3 :one")
    assert Marking().due(state, 100.0) == []


def test_what_was_read_at_another_terminal_is_unread_no_more() -> None:
    state = in_room("Ben")
    state.enter("#Bridge")
    heard(state, "@time=2026-03-03T12:00:00.000Z :Ben!b@h PRIVMSG #Line-3 :one")
    channel = state.channel(CHANNEL)
    assert channel is not None
    assert channel.unread == 1
    heard(state, ":host MARKREAD #Line-3 timestamp=2026-03-03T11:59:00.000Z")
    assert channel.unread == 1
    heard(state, ":host MARKREAD #Line-3 timestamp=2026-03-03T12:00:00.000Z", ":host MARKREAD #Line-3 *", "MARKREAD")
    assert (channel.unread, channel.read_s) == (0, NOW_S)
