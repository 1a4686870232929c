"""Times as people type them."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.when import NotATime, parse_period, parse_range, parse_when

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=BERLIN)  # a Wednesday


def _berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("06:00", "2026-11-25T06:00"),
        ("6:00", "2026-11-25T06:00"),
        ("14:05", "2026-11-24T14:05"),  # it is 10:00: the last 14:05 was yesterday's
        ("10:00", "2026-11-25T10:00"),
        ("09:59:30", "2026-11-25T09:59:30"),
        ("now", "2026-11-25T10:00"),
        ("today", "2026-11-25T00:00"),
        ("yesterday", "2026-11-24T00:00"),
        ("Yesterday  22:00", "2026-11-24T22:00"),
        ("today 14:00", "2026-11-25T14:00"),
        ("monday", "2026-11-23T00:00"),
        ("MON", "2026-11-23T00:00"),
        ("wednesday", "2026-11-25T00:00"),
        ("thu", "2026-11-19T00:00"),
        ("wednesday 14:00", "2026-11-18T14:00"),  # today's is still to come
        ("monday 14:00", "2026-11-23T14:00"),
        ("2026-11-24", "2026-11-24T00:00"),
        ("2026-11-24 14:05", "2026-11-24T14:05"),
        ("2026-11-24T14:05", "2026-11-24T14:05"),
        ("2026-7-1", "2026-07-01T00:00"),
        ("2027-01-01", "2027-01-01T00:00"),
        ("2026-11-24T13:05:00Z", "2026-11-24T14:05"),
        ("2026-11-24T13:05:00.000z", "2026-11-24T14:05"),
        ("2026-11-24T15:05+02:00", "2026-11-24T14:05"),
        ("2h", "2026-11-25T08:00"),
        ("90 min", "2026-11-25T08:30"),
        ("2h30m", "2026-11-25T07:30"),
        ("2h 30min ago", "2026-11-25T07:30"),
        ("3d", "2026-11-22T10:00"),
        ("1w", "2026-11-18T10:00"),
        ("45s", "2026-11-25T09:59:15"),
    ],
)
def test_a_time_is_what_a_person_means_by_it(typed: str, meant: str) -> None:
    assert parse_when(typed, NOW) == _berlin(meant)


def test_a_time_of_day_is_local_and_before_the_change_of_the_clocks_an_hour_off() -> None:
    assert parse_when("2026-07-01 14:00", NOW).utcoffset() == timedelta(hours=2)
    assert parse_when("14:00", NOW).utcoffset() == timedelta(hours=1)


def test_the_zone_of_this_machine_is_meant_where_now_bears_its_offset(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        now = NOW.astimezone(timezone(timedelta(hours=1)))  # what datetime.now().astimezone() bears in winter
        assert parse_when("2026-07-01 14:00", now) == datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
        assert parse_when("2026-07-01 14:00", NOW.astimezone(UTC)) == datetime(2026, 7, 1, 14, 0, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    "typed",
    [
        *["", "  ", "noonish", "25:00", "14:60", "14", "2026-13-01", "2026-02-30", "monday tuesday", "06:00 monday"],
        *["-2h", "2x", "9" * 70, "999999w", "0000-01-01", "\x1b[31m", "mo", "14:05 14:05", "٢h", "٠٦:٠٠"],
    ],
)
def test_what_is_no_time_is_refused_with_a_sentence_that_shows_how_one_is_typed(typed: str) -> None:
    with pytest.raises(NotATime) as refused:
        parse_when(typed, NOW)
    assert str(refused.value).endswith(".")
    assert str(refused.value).isprintable()


def test_the_sentence_says_what_was_typed() -> None:
    with pytest.raises(NotATime, match="“noonish” is not a time; write 14:05, monday"):
        parse_when("noonish", NOW)
    with pytest.raises(NotATime, match="“25:00” is no time of day; they go from 00:00 to 23:59"):
        parse_when("25:00", NOW)


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("06:00-14:00", "2026-11-25T06:00", "2026-11-25T14:00"),
        ("22:00-06:00", "2026-11-24T22:00", "2026-11-25T06:00"),
        ("14:00 – 22:00", "2026-11-24T14:00", "2026-11-24T22:00"),
        ("friday to monday", "2026-11-20T00:00", "2026-11-23T00:00"),
        ("monday-friday", "2026-11-23T00:00", "2026-11-27T00:00"),
        ("yesterday 22:00-06:00", "2026-11-24T22:00", "2026-11-25T06:00"),
        ("2026-11-20-2026-11-21", "2026-11-20T00:00", "2026-11-21T00:00"),
        ("2026-11-20 06:00 - 2026-11-20 14:00", "2026-11-20T06:00", "2026-11-20T14:00"),
        ("2026-11-20 06:00-14:00", "2026-11-20T06:00", "2026-11-20T14:00"),
        ("2026-11-20-friday", "2026-11-20T00:00", "2026-11-27T00:00"),
        ("2026-11-02-friday", "2026-11-02T00:00", "2026-11-06T00:00"),
        ("monday-09:00", "2026-11-23T00:00", "2026-11-25T09:00"),
        ("today-14:00", "2026-11-25T00:00", "2026-11-25T14:00"),
        ("3h-1h", "2026-11-25T07:00", "2026-11-25T09:00"),
    ],
)
def test_a_range_goes_from_one_time_to_the_next_that_is_called_so(typed: str, start: str, end: str) -> None:
    period = parse_range(typed, NOW)
    assert (period.start, period.end) == (_berlin(start), _berlin(end))


@pytest.mark.parametrize("typed", ["06:00", "2026-11-20", "monday"])
def test_one_time_alone_is_from_then_on(typed: str) -> None:
    period = parse_range(typed, NOW)
    assert period.start == parse_when(typed, NOW)
    assert period.end is None


def test_a_period_may_be_open_at_either_side() -> None:
    assert parse_period("06:00", "", NOW).end is None
    assert parse_period("", "14:00", NOW).start is None
    assert parse_period("", "14:00", NOW).end == _berlin("2026-11-24T14:00")


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(NotATime, match="“2026-11-20” is not after “2026-11-21”; write the earlier time first"):
        parse_period("2026-11-21", "2026-11-20", NOW)


def test_a_range_of_no_times_is_refused() -> None:
    with pytest.raises(NotATime):
        parse_range("early-late", NOW)


@given(st.text(max_size=70))
def test_no_text_does_anything_but_read_or_be_refused(text: str) -> None:
    try:
        period = parse_range(text, NOW)
    except NotATime:
        return
    assert period.start is not None
    assert period.start.tzinfo is not None
