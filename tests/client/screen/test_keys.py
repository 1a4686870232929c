"""Keys, from the bytes that terminals send to what they do."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from textual.binding import BindingsMap
from textual.events import Key

from lanchat.client.screen.app import LanchatApp
from lanchat.client.screen.keys import GroundTold, KeyParser
from lanchat.client.screen.screens.chat import ChatScreen
from lanchat.client.screen.screens.help import KEYS
from lanchat.client.screen.widgets.editor import Editor
from tests.client.screen.stage import Rehearsal, editor, hints, press_bytes, rows, stage_of, until
from tests.client.screen.talk import said
from tests.client.screen.terminals import TERMINALS, XTERM, read, sent

GUIDE = Path(__file__).parents[3] / "docs/guide.md"
_KEY = re.compile(
    r"(?:(?:Ctrl|Alt|Shift)\+)*(?:Tab|Up|Down|Left|Right|Enter|PgUp|PgDn|Home|End|Esc|F[0-9]+|[A-Z_0-9](?![A-Za-z]))"
)
_BOUND = {
    key
    for holder in (Editor, ChatScreen, LanchatApp)
    for parent in holder.__mro__
    if (bindings := parent.__dict__.get("BINDINGS"))
    for key in BindingsMap(bindings).key_to_bindings
} | {"escape"}  # which ends a search, and closes dialogs


def documented() -> set[str]:
    """The keys that the guide's table names; "Alt+1 … 9" are nine."""
    table = GUIDE.read_text("utf-8").partition("| key | |\n|---|---|\n")[2].partition("\n\n")[0]
    named = [row.split("|")[1].replace("`\\q`, `/quit`", "") for row in table.splitlines()]
    keys = {key for names in named for key in _KEY.findall(re.sub(r"(\w+\+)1 … 9", _numbered, names))}
    assert len(keys) > 40
    return keys


def _numbered(found: re.Match[str]) -> str:
    return ", ".join(f"{found[1]}{number}" for number in range(1, 10))


def test_each_key_of_the_guide_is_known_as_bytes() -> None:
    assert documented() <= set(XTERM)


def test_the_help_panel_names_the_guide_s_keys_but_for_those_of_a_shell() -> None:
    named = " ".join(re.sub(r"(\w+\+)1 … 9", _numbered, keys) for _, pairs in KEYS for pair in pairs for keys in pair)
    of_a_shell = {"Home", "End", "Alt+Left", "Alt+Right", "Ctrl+Left", "Ctrl+Right", "Alt+Backspace"}
    of_a_shell |= {f"Ctrl+{letter}" for letter in "ABEFTY"} | {f"Alt+{letter}" for letter in "BCDFLU"}
    assert documented() - set(_KEY.findall(named)) <= of_a_shell


@pytest.mark.parametrize(("terminal", "key", "data"), sent())
def test_each_key_is_read_as_one_key_that_does_something(terminal: str, key: str, data: str) -> None:
    (name,) = read(data)
    assert name in _BOUND


@pytest.mark.parametrize("key", [key for key in XTERM if key.startswith("Alt+")])
def test_alt_is_the_same_key_in_every_terminal_and_types_nothing(key: str) -> None:
    names = {name for keys in TERMINALS.values() if key in keys for name in read(keys[key])}
    assert len(names) == 1
    assert names.pop().startswith("alt+")


@pytest.mark.parametrize("character", "zéß1.-=§\x01", ids=repr)
def test_no_character_is_typed_with_alt(character: str) -> None:
    (name,) = read(f"\x1b{character}")
    assert name.startswith("alt+")


def test_alt_with_what_begins_a_longer_sequence_types_nothing_either() -> None:
    assert read("\x1bO") == ["alt+shift+o"]
    assert read("\x1b[") == ["alt+left_square_bracket"]


def test_test_presses_no_key_by_a_name_that_no_terminal_sends() -> None:
    """What a test presses by its name is what some terminal's bytes are read as."""
    names = {name for _, _, data in sent() for name in read(data)} | {
        "space",
        "left",
        "right",
        "shift+left",
        "backspace",
    }
    for file in Path(__file__).parents[1].rglob("test_*.py"):
        for call in re.findall(r"pilot\.press\((.*?)\)", file.read_text("utf-8"), re.DOTALL):
            for starred, pressed in re.findall(r"""(\*?)["']([^"']+)["']""", call):
                assert starred or len(pressed) == 1 or " " in pressed or pressed in names, (file.name, pressed)


# ---- pasting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "chunks",
    [
        ["\x1b[200~a\x1b[31mb\x1b[201~"],
        ["\x1b[200~a\x1b", "[31mb\x1b[20", "1~"],
        ["\x1b[2", "00~a\x1b[31", "mb\x1b", "[201~"],
        list("\x1b[200~a\x1b[31mb\x1b[201~"),
    ],
)
def test_escape_in_a_pasted_text_is_no_key(chunks: list[str]) -> None:
    assert read(*chunks, "c") == ["Paste(text='a[31mb')", "c"]


# ---- editing -----------------------------------------------------------------------------------------------------

LEFT = "\x1b[D"


@pytest.mark.parametrize(
    ("keys", "left"),  # what is typed, and what stands there then, with the cursor as "|"
    [
        ("two words\x01x", "x|two words"),
        ("two words\x1b[Hx\x1b[Fy", "xtwo wordsy|"),
        ("ab\x02\x02x\x06y", "xay|b"),
        ("two words\x1bbx", "two x|words"),
        ("two words\x1b[1;5D\x1b[1;5Dx", "x|two words"),
        ("two words\x01\x1bfx", "twox| words"),
        ("two words\x1bb\x0b", "two |"),
        ("two words\x1bb\x15", "|words"),
        ("press 4/5\x17", "press |"),
        ("press 4/5\x1b\x7f", "press 4/|"),
        ("press 4/5\x1b\x7f\x1b\x7fx\x19", "press x4/5|"),
        ("two words\x01\x1bd\x1bd\x19\x19", "two wordstwo words|"),
        ("two words\x01\x0b\x19 x", "two words x|"),
        ("teh\x14", "the|"),
        (f"teh{LEFT}\x14x", "thex|"),
        ("two words\x1bb\x1bu", "two WORDS|"),
        ("TWO WORDS\x01\x1bl\x1bc", "two Words|"),
        ("two words\x17\x1f", "two words|"),
        ("one\x1b\rtwo\x15x", "one\nx|"),
        ("one\ntwo\x15\x15x", "onex|"),
        ("one\ntwo\x1b[A\x05\x0bx", "onex|two"),
        ("é田\x1bbñ\x19", "ñ|é田"),
        ("\x17\x0b\x15\x1bd\x1b\x7f\x14\x1bu\x19x", "x|"),
    ],
)
async def test_a_shell_s_keys_edit(keys: str, left: str) -> None:
    app = stage_of(Rehearsal())
    async with app.run_test(size=(80, 24)) as pilot:
        await press_bytes(pilot, keys)
        area = editor(app)
        assert area.text[: area.cursor] + "|" + area.text[area.cursor :] == left


async def test_ctrl_r_looks_for_what_was_typed() -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        await press_bytes(pilot, "Press 4 is back\rhello\rPress 5 jams\rdraft")
        await press_bytes(pilot, "\x12press")
        assert editor(app).text == "Press 5 jams"
        await until(pilot, lambda: "Searching “press”" in hints(app))
        await press_bytes(pilot, "\x12")
        assert editor(app).text == "Press 4 is back"
        await press_bytes(pilot, "\x12\x7f\x7f\x7f\x7f\x7fhel")
        assert editor(app).text == "hello"
        await press_bytes(pilot, "\x1b")
        assert editor(app).text == "draft"
        await press_bytes(pilot, "\x12zzz")
        await until(pilot, lambda: "nothing typed has that" in hints(app))
        await press_bytes(pilot, "\x07\x12jam\x05!\r")
        assert conversation.submitted[-1] == "Press 5 jams!"
        await until(pilot, lambda: "Searching" not in hints(app))


# ---- what the terminal answers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "chunks",
    [
        ["ab\x1b]11;rgb:fdfd/f6f6/e3e3\x1b\\c"],
        ["ab\x1b]11;rgb:fdfd/f6f6/e3e3\x07c"],
        ["ab\x1b]", "11;rgb:fd", "fd/f6f6/e3e3\x1b", "\\c"],
    ],
)
def test_what_the_terminal_tells_of_its_ground_is_no_typing(chunks: list[str]) -> None:
    parser = KeyParser()
    messages = [message for chunk in chunks for message in parser.feed(chunk)]
    assert [message.colour for message in messages if isinstance(message, GroundTold)] == ["rgb:fdfd/f6f6/e3e3"]
    assert [message.key for message in messages if isinstance(message, Key)] == ["a", "b", "c"]


def test_alt_and_a_bracket_is_a_key_though_an_answer_begins_so(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("lanchat.client.screen.keys.time.monotonic", lambda: now[0])
    parser = KeyParser()
    assert list(parser.feed("\x1b]")) == []
    now[0] += 1
    list(parser.tick())
    parser._timeout_time = 0
    assert [message.key for message in parser.tick() if isinstance(message, Key)] == ["alt+right_square_bracket"]


def test_an_answer_that_does_not_go_on_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("lanchat.client.screen.keys.time.monotonic", lambda: now[0])
    parser = KeyParser()
    assert list(parser.feed("\x1b]11;rgb:fdfd/")) == []
    now[0] += 3
    assert list(parser.tick()) == []
    assert [message.key for message in parser.feed("x") if isinstance(message, Key)] == ["x"]


def test_an_answer_within_a_paste_is_none() -> None:
    messages = list(KeyParser().feed("\x1b[200~a\x1b]11;rgb:f/f/f\x07\x1b[201~"))
    assert not any(isinstance(message, GroundTold) for message in messages)


# ---- rooms -------------------------------------------------------------------------------------------------------


async def test_alt_goes_to_the_room_where_one_was_called_first() -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        for channel in ("#b", "#c", "#d"):
            conversation.enter(channel)
        conversation.open("#Line-3")
        conversation.hears(said("hello"), channel="#b")
        conversation.hears(replace(said("Zoé, come"), is_mention=True), channel="#d")
        shown = []
        for keys in ("\x1ba", "\x1ba", "\x1ba", "\x1b[1;3B", "\x1b\x1b[A", "\x1b1", "\x1b[51;3u"):
            await press_bytes(pilot, keys)
            await pilot.pause(0.1)
            shown.append(conversation.state.current.name)
        assert shown == ["#d", "#b", "#b", "#c", "#b", "#Line-3", "#c"]
        assert editor(app).text == ""


async def test_home_is_the_line_s_start_and_ctrl_home_the_talk_s() -> None:
    conversation = Rehearsal()
    app = stage_of(conversation)
    async with app.run_test(size=(80, 24)) as pilot:
        conversation.hears(*(said(f"message {number}") for number in range(100)))
        await until(pilot, lambda: any("message 99" in row for row in rows(app)))
        await press_bytes(pilot, "ab\x1b[H\x1b[Hc")
        assert editor(app).text == "cab"
        assert any("message 99" in row for row in rows(app))
        await press_bytes(pilot, "\x1b[1;5H")
        await until(pilot, lambda: any("message 0" in row for row in rows(app)))
        await press_bytes(pilot, "\x1b[1;5F")
        await until(pilot, lambda: any("message 99" in row for row in rows(app)))
