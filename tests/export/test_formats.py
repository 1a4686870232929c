"""The four formats of a sheet: all that people do comes out right in each, and none of it becomes anything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from lanchat.export.entries import entry_of
from lanchat.export.html_sheet import HtmlSheet
from lanchat.export.json_lines import JsonLines
from lanchat.export.markdown import Markdown
from lanchat.export.plain_text import PlainText
from lanchat.export.sheet import Format
from lanchat.protocol.message import Message
from tests.export.writing import at, reacted, said, written

PEOPLE = (PlainText, Markdown, HtmlSheet)  # formats for them
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[click](javascript:alert(1)) ![x](http://evil/x.png) <http://evil>",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "    code",
    "```\ncode\n```",
    "a\n===\nb\n---",
    "| a | b |\n|---|---|",
    "*a* **b** _c_ __d__ ~~e~~ `f` snake_case_name 5*3*2",
    "&lt;b&gt; &amp; &#60; AT&T",
    "trailing backslash \\",
    "[ref]: http://evil",
    "***\n___\n***",
    "<!-- hidden -->",
    "a  \nb",
    "",
]


class Read(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.text += "\n" * (tag == "br")

    def handle_data(self, data: str) -> None:
        self.text += data


# ---- What the sheet shows --------------------------------------------------------------------------------------------


def test_plain_text_reads_as_it_was_said() -> None:
    first = said("press 4 is back", "06:05", "Maria_López", msgid="1")
    sheet = written(
        PlainText(),
        [
            first,
            said("thanks", "06:07", "bo", reply="1"),
            said("what?", "06:08", "bo", reply="long ago"),
            reacted(said("two\nlines", "07:00"), ("bo", "👍"), ("ana", "👍"), ("bo", "🎉"), ("bo", "-🎉")),
            said("\x01ACTION waves\x01", "07:01"),
            said("Shift B", "07:02", command="TOPIC"),
            said("", "07:03", command="TOPIC"),
            said("1", "07:04", command="REDACT"),
            said("go home", "07:05", command="KICK"),
        ],
    )
    assert sheet == (
        "Line 3\n======\n\n"
        "Wednesday, 25 November 2026, 06:00 to 14:00 (UTC+00:00)\n"
        "5 messages from ana 2, bo 2, Maria López 1\n"
        "\nWednesday, 25 November 2026 (UTC+00:00)\n---------------------------------------\n"
        "06:05 Maria López: press 4 is back\n"
        "06:07 bo (to Maria López: “press 4 is back”): thanks\n"
        "06:08 bo (to an earlier message): what?\n"
        "07:00 ana: two\n      lines\n      [👍 bo, ana]\n"
        "07:01 * ana waves\n"
        "07:02 -- ana set the topic: Shift B\n"
        "07:03 -- ana removed the topic\n"
        "07:04 -- ana took back a message\n"
        "07:05 -- ana removed bo (go home)\n"
    )


def test_markdown_has_headings_for_days_and_hours_and_an_item_for_each_message() -> None:
    sheet = written(
        Markdown(),
        [said("a_b", "06:05", msgid="1"), said("c", "07:05", "bo", reply="1"), said("x\n- y\n\nz", "07:06")],
    )
    assert sheet.partition("## ")[2] == (
        "Wednesday, 25 November 2026 (UTC+00:00)\n\n### 06:00\n\n- 06:05 **ana**: a_b\n"
        "\n### 07:00\n\n- 07:05 **bo** (to ana: “a_b”): c\n"
        "- 07:06 **ana**: x\\\n  \\- y\\\n  &nbsp;\\\n  z\n"
    )


def test_json_has_all_that_was_kept_as_it_was_sent() -> None:
    raw = "\x02bold\x02 \u202etxt.exe\ntwo"
    lines = written(
        JsonLines("Line 3"),
        [
            reacted(said(raw, msgid="1", account="Ana", bot="", priority="5", reply="0"), ("bo", "👍")),
            said("ana2", command="NICK"),
            said("bye", command="KICK"),
        ],
    ).splitlines()
    assert all(line.isascii() for line in lines)
    first, _, kick = map(json.loads, lines)
    assert first == {
        "type": "message",
        "time": "2026-11-25T06:00:00.000+00:00",
        "room": "Line 3",
        "nick": "ana",
        "text": raw,
        "id": "1",
        "account": "Ana",
        "bot": True,
        "reply_to": "0",
        "priority": 5,
        "reactions": [{"text": "👍", "nicks": ["bo"]}],
    }
    assert (kick["type"], kick["params"], kick["text"]) == ("kick", ["bo"], "bye")


@pytest.mark.parametrize("form", PEOPLE)
def test_urgent_ones_stand_first_whoever_sent_them(form: Callable[[], Format]) -> None:
    entries = [said("quiet", "06:01", priority="3"), said("press 4 burns", "06:02", "sensor", priority="5")]
    sheet = written(form(), [*entries, said("hot", "06:03", priority="4"), said("odd", "06:04", priority="55")])
    urgent = sheet.partition("Urgent")[2].split("Wednesday")[0]
    assert "press 4 burns" in urgent
    assert "hot" in urgent
    assert "quiet" not in urgent
    assert "odd" not in urgent
    assert sheet.count("press 4 burns") == 2
    assert "Urgent" not in written(form(), entries[:1])


@pytest.mark.parametrize("form", PEOPLE)
def test_where_a_period_has_several_days_the_head_tells_the_date(form: Callable[[], Format]) -> None:
    entries = [said("press 4 burns http://h/files/0/a.pdf", "06:02", priority="5")]
    assert "25 Nov 06:02" not in written(form(), entries)
    assert written(form(), entries, since=at("06:00", day=24)).count("25 Nov 06:02") == 2


@pytest.mark.parametrize("form", PEOPLE)
def test_files_are_listed_by_name(form: Callable[[], Format]) -> None:
    link = "http://10.0.0.5:8100/files/0123456789abcdef/Plan%20B%20%28new%29.pdf"
    sheet = written(form(), [said(f"see {link}#1280x960,24117 please"), said("http://10.0.0.5/other.pdf")])
    files = sheet.partition("Files")[2]
    assert "Plan B (new).pdf" in files
    assert link in files
    assert "other.pdf" not in files.partition("25 November")[0]


@pytest.mark.parametrize("form", PEOPLE)
def test_a_sheet_of_nothing_says_so(form: Callable[[], Format]) -> None:
    assert "Nothing was said." in written(form(), [])


@pytest.mark.parametrize("form", PEOPLE)
def test_who_comes_and_goes_is_left_to_programs(form: Callable[[], Format]) -> None:
    moves = [said("x", command=command, nick="passer-by") for command in ("JOIN", "PART", "QUIT", "NICK", "MODE")]
    assert "passer-by" not in written(form(), moves)
    assert len(written(JsonLines("a"), moves).splitlines()) == len(moves)


def test_questions_to_programs_are_nothing_that_was_said() -> None:
    assert entry_of(Message("PRIVMSG", ("#a", "\x01VERSION\x01"), "a!u@h"), 0) is None
    assert entry_of(Message("TAGMSG", ("#a",), "a!u@h", {"+typing": "active"}), 0) is None


# ---- Times -----------------------------------------------------------------------------------------------------------


def test_times_are_local_and_the_zone_is_stated(zone: Callable[[str], None]) -> None:
    zone("Europe/Berlin")
    assert "06:05 ana: a" in (sheet := written(PlainText(), [said("a", "05:05")], since=at("05:00")))
    assert "Wednesday, 25 November 2026, 06:00 to 15:00 (UTC+01:00)" in sheet
    assert '"time": "2026-11-25T06:05:00.000+01:00"' in written(JsonLines("a"), [said("a", "05:05")])
    zone("Asia/Kolkata")
    assert "### 10:00\n\n- 10:35" in written(Markdown(), [said("a", "05:05")])


def test_where_the_clocks_are_changed_a_new_heading_says_so(zone: Callable[[str], None]) -> None:
    zone("Europe/Berlin")
    summer = round(datetime(2026, 10, 25, 0, 20, tzinfo=UTC).timestamp() * 1000)  # 02:20, as an hour later again
    night = [replace(said("a"), at=summer + minutes * 60_000) for minutes in (0, 1, 60)]
    sheet = written(PlainText(), night, since=summer)
    assert sheet.count("Sunday, 25 October 2026 (UTC+02:00)\n---") == 1
    assert sheet.count("Sunday, 25 October 2026 (UTC+01:00)\n---") == 1
    assert "Sunday, 25 October 2026, 02:20 (UTC+02:00) to Wednesday, 25 November 2026, 15:00 (UTC+01:00)" in sheet


def test_without_a_beginning_the_period_begins_with_the_first_message() -> None:
    assert "2026, 06:07 to 14:00" in written(PlainText(), [said("a", "06:07")], since=0)


# ---- Hostile texts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_texts_as_they_are(text: str) -> None:
    sheet = written(Markdown(), [said("before"), said(text), said("after", nick="bo")])
    page = Read(MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(sheet))
    assert set(page.tags) <= {"h1", "h2", "h3", "p", "ul", "li", "strong", "br"}
    assert page.tags.count("li") == 3
    assert page.tags.count("strong") == 3
    item = page.text.partition("ana: before")[2].partition("06:00 ana:")[2].partition("06:00 bo")[0]
    assert _lines(item) == _lines(text)


def _lines(text: str) -> list[str]:
    lines = [line.strip(" \u00a0") for line in text.split("\n")]
    return [line for line in lines if line]


@pytest.mark.parametrize("text", HOSTILE)
def test_html_shows_texts_as_they_are(text: str) -> None:
    sheet = written(HtmlSheet(), [said(text, nick="<b>evil</b>", reply="1")], room='<i>"Line" 3</i>')
    page = Read(sheet)
    known = "html head meta title style body h1 h2 h3 p bdi svg text path div time b br a span small"
    assert set(page.tags) <= set(known.split())
    assert [value for name, value in page.attributes if name.startswith("on")] == []
    links = [value or "" for name, value in page.attributes if name in ("href", "src")]
    assert all(link.startswith("http") for link in links)
    assert _lines(text) == _lines(page.text.rpartition("to an earlier message")[2])
    assert '<i>"Line" 3</i>' in page.text


@pytest.mark.parametrize("form", PEOPLE)
def test_nobody_turns_the_text_around_or_writes_unseen(form: Callable[[], Format]) -> None:
    sheet = written(form(), [said("\u202egpj.exe\u2066 \x1b[31m a\u200bb \x0304c", nick="a\u202eb")])
    assert not {"\u202e", "\u2066", "\x1b", "\u200b", "\x03"} & set(sheet)


def test_further_lines_cannot_look_like_somebody_else() -> None:
    sheet = written(PlainText(), [said("hm\n06:01 chief: you are fired")])
    assert "\n06:01 chief" not in sheet


def test_what_runs_from_right_to_left_leaves_the_rest_where_it_is() -> None:
    entries = [said("المضخة 4", nick="أحمد", msgid="1"), said("ok", nick="bo", reply="1")]
    assert "06:00 \u2068أحمد\u2069: \u2068المضخة 4\u2069\n" in written(PlainText(), entries)
    assert "**\u2068أحمد\u2069**: \u2068المضخة 4\u2069" in written(Markdown(), entries)
    page = written(HtmlSheet(), entries)
    assert "<b><bdi>أحمد</bdi></b>" in page
    assert '<div dir="auto">المضخة 4</div>' in page
    assert "to <bdi>أحمد</bdi>" in page


# ---- The sheet of HTML -----------------------------------------------------------------------------------------------


def test_the_sheet_needs_no_other_file_and_runs_no_script() -> None:
    page = Read(written(HtmlSheet(), [said("see http://example.org/x?a=1&b=2."), said("b", "13:00")]))
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
    assert [value for name, value in page.attributes if name == "href"] == ["http://example.org/x?a=1&b=2"]
    assert "url(" not in (Path(__file__).parents[2] / "lanchat/export/html_sheet.py").read_text()


def test_the_picture_has_a_bar_for_each_time_in_which_something_was_said() -> None:
    page = written(HtmlSheet(), [said("a", "06:00"), said("b", "06:04"), said("c", "13:59")])
    path = page.partition('<path d="')[2].partition('"')[0]
    assert path.count("M") == 2
    assert "Messages in every 5 minutes; the most: 2" in page
    for label in ("06:00", "10:00", "13:00"):
        assert f">{label}</text>" in page


@pytest.mark.parametrize(
    ("minutes", "bar", "labels"),
    [
        (60, "5 minutes", ["06:00"]),
        (3 * 1_440, "hour", ["26 Nov", "27 Nov", "28 Nov"]),
        (90 * 1_440, "day", []),
        (5 * 365 * 1_440, "4 weeks", []),
    ],
)
def test_the_bars_are_as_wide_as_what_was_said_is_long(minutes: int, bar: str, labels: list[str]) -> None:
    entries = [replace(said("a"), at=at("06:00") + number * minutes * 600) for number in range(101)]
    end = entries[-1].at + 1
    for since in (0, entries[0].at):
        page = written(HtmlSheet(), entries, since=since, until=end)
        assert f"Messages in every {bar}; the most: " in page
        assert [label for label in labels if f">{label}</text>" not in page] == []
        assert 5 <= page.count("</text>") - 1 <= 14
        assert 2 < page.partition('<path d="')[2].partition('"')[0].count("M") <= 101
