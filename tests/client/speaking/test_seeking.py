"""What a person types behind /search, and what the host is asked for."""

from datetime import UTC, datetime

import pytest

from lanchat.client.speaking.seeking import NotSought, search_of
from lanchat.protocol.message import parse_tags
from lanchat.when import NotATime
from tests.client.lines import in_room

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)  # a Wednesday


def asked(typed: str) -> dict[str, str]:
    state = in_room("Maria_López", "@Ben")
    state.titles["#engine-room"] = "Engine Room"
    message = search_of(state, typed, NOW)
    assert message.command == "SEARCH"
    [question] = message.params
    attributes = parse_tags(question)
    assert attributes.pop("limit") == "50"
    return attributes


@pytest.mark.parametrize(
    ("typed", "attributes"),
    [
        ("valve", {"text": "valve"}),
        ("the valve  is open", {"text": "the valve is open"}),
        ('"valve is" open', {"text": '"valve is" open'}),
        ("valve from:ben", {"text": "valve", "from": "Ben"}),
        ('from:"maria lópez" valve', {"text": "valve", "from": "Maria_López"}),
        ("from:Maria_López", {"from": "Maria_López"}),
        ("from:@zoe", {"from": "zoe"}),  # is not here at the moment
        ('in:"Line 3" valve', {"text": "valve", "in": "#Line-3"}),
        ('valve in:"engine room"', {"text": "valve", "in": "#engine-room"}),
        ("in:#Other", {"in": "#Other"}),
        ("after:06:00", {"after": "2026-11-25T06:00:00.000Z"}),
        ("before:monday x", {"text": "x", "before": "2026-11-23T00:00:00.000Z"}),
        ("after:2h x", {"text": "x", "after": "2026-11-25T08:00:00.000Z"}),
        ('after:"2026-11-20 14:05" x', {"text": "x", "after": "2026-11-20T14:05:00.000Z"}),
        ("after:yesterday 22:00 x", {"text": "x", "after": "2026-11-24T22:00:00.000Z"}),
        ("AFTER:06:00 x", {"text": "x", "after": "2026-11-25T06:00:00.000Z"}),
        (r"a;b=c \d", {"text": r"a;b=c \d"}),
        ('東京 -x "', {"text": '東京 -x "'}),
        ("http://10.0.0.1/from:x", {"text": "http://10.0.0.1/from:x"}),
        ('valve "not closed', {"text": 'valve "not closed'}),
    ],
)
def test_words_and_what_narrows_them_down_are_told_apart(typed: str, attributes: dict[str, str]) -> None:
    assert asked(typed) == attributes


@pytest.mark.parametrize("typed", ["from:", "in: x", 'from:""', "x" * 500, "in:   "])
def test_what_cannot_be_searched_for_is_told_in_a_sentence(typed: str) -> None:
    with pytest.raises(NotSought, match=r"\.$"):
        asked(typed)


def test_a_time_that_is_none_is_told() -> None:
    with pytest.raises(NotATime, match="“noonish” is not a time"):
        asked("valve after:noonish")
