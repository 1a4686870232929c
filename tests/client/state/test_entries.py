from lanchat.client.state.entries import Entry, EntryKind
from lanchat.client.state.heard import clean_lines, time_of
from lanchat.client.state.log import EntryLog
from lanchat.client.state.mentions import is_mentioned
from lanchat.limits import MULTILINE_MAX_LINES
from tests.client.lines import NOW_S


def test_times_of_the_host() -> None:
    assert time_of("2026-03-03T12:00:00.000Z", 0.0) == NOW_S
    assert time_of("2026-03-03T12:00:00.000+02:00", 7.0) == 7.0


def test_a_foreign_text_has_a_bound_on_its_lines() -> None:
    assert len(clean_lines("\n" * 10_000).split("\n")) == MULTILINE_MAX_LINES


def test_nobody_is_mentioned_by_an_empty_name() -> None:
    assert not is_mentioned("", "hello")
    assert not is_mentioned("", "")


def test_a_full_log_drops_the_oldest_and_serials_stay() -> None:
    log = EntryLog(limit=100)
    for number in range(150):
        log.add(Entry(EntryKind.MESSAGE, NOW_S, text=str(number), msgid=f"m{number}"))
    assert len(log) <= 100
    assert log[0].serial == log.first_serial
    assert log.by_msgid("m0") is None
    assert log.by_msgid("m149") == log.by_serial(149) == log[-1]
    assert log.by_serial(0) is None
    log.put(Entry(EntryKind.MESSAGE, NOW_S, text="changed", serial=0))  # gone already: nothing happens
    assert log[0].text == str(log.first_serial)
