"""Joining without naming a room: what is found decides. The network is a list here."""

import argparse
import asyncio
import io
from dataclasses import replace
from pathlib import Path

import pytest

from lanchat.cli import join
from lanchat.client.plain import story as join_plainly
from lanchat.client.plain.printer import Printer
from lanchat.config import load_settings
from lanchat.discovery.find import Appeared, Finder, FindEvent
from lanchat.discovery.rooms import FoundRoom
from lanchat.errors import UserError
from tests.client.rooms.found import BRIDGE, LINE_3, LINE_4, Found


class LateFound(Found):
    """A room appears after the first look; with none, nothing ever happens."""

    def __init__(self, *rooms: FoundRoom) -> None:
        super().__init__()
        self._late = list(rooms)

    async def __anext__(self) -> FindEvent:
        if not self._late:
            await asyncio.Event().wait()
        self._listed = list(self._late)
        return Appeared(self._listed[0])


class Joining(join.CommandLineJoining):
    """Somebody who names no room, with a network of the test's making."""

    def __init__(self, folder: Path, finder: Finder, *, is_person: bool) -> None:
        given = {"target": None, "nick": "Ana", "password": "", "password_file": None, "ask_password": False}
        args = argparse.Namespace(**given, as_new=False, since=None, ground="")
        super().__init__(args, load_settings(folder), is_person=is_person)
        self._finder = finder

    def finder(self) -> Finder:
        return self._finder


class Notes(Printer):
    """What is said to the person."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        super().__init__(self.stream, is_terminal=False)

    @property
    def text(self) -> str:
        return self.stream.getvalue()


def test_the_only_room_is_joined(tmp_path: Path) -> None:
    assert join_plainly._room(Joining(tmp_path, Found(LINE_3), is_person=True), Notes()) == LINE_3


def test_a_pipe_is_told_which_rooms_there_are(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        join_plainly._room(Joining(tmp_path, Found(LINE_3, BRIDGE), is_person=False), Notes())
    assert str(caught.value) == "There is more than one room: Bridge and Line 3. Name one: lanchat join ROOM"


def test_a_person_is_offered_the_rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["", "9", "2"])
    monkeypatch.setattr(join_plainly, "ask_line", lambda _: next(answers))
    notes = Notes()
    assert join_plainly._room(Joining(tmp_path, Found(LINE_3, BRIDGE), is_person=True), notes) == LINE_3
    assert notes.text.count("-- 1  Bridge (2 people)\n-- 2  Line 3 (2 people)\n") == 3
    assert notes.text.count('"9" is none of them, or more than one.') == 1


def test_rooms_of_one_name_are_offered_with_their_addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(join_plainly, "ask_line", lambda _: "3")
    other = replace(LINE_3, id="b" * 16, addresses=("10.0.0.9",))
    notes = Notes()
    finder = Found(LINE_3, BRIDGE, other)
    assert join_plainly._room(Joining(tmp_path, finder, is_person=True), notes) == other
    assert [line for line in notes.text.splitlines() if "people" in line] == [
        "-- 1  Bridge (2 people)",
        "-- 2  Line 3 (10.0.0.1:8100, 2 people)",
        "-- 3  Line 3 (10.0.0.9:8100, 2 people)",
    ]


def test_a_person_who_gives_no_answer_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(join_plainly, "ask_line", lambda _: None)
    with pytest.raises(KeyboardInterrupt):
        join_plainly._room(Joining(tmp_path, Found(LINE_3, BRIDGE), is_person=True), Notes())


def test_a_person_waits_for_the_first_room(tmp_path: Path) -> None:
    notes = Notes()
    assert join_plainly._room(Joining(tmp_path, LateFound(LINE_3), is_person=True), notes) == LINE_3
    assert "No room yet; still looking. Ctrl-C ends it." in notes.text


def test_a_pipe_gives_up_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(join_plainly, "_PIPE_PATIENCE_S", 0.01)
    with pytest.raises(UserError) as caught:
        join_plainly._room(Joining(tmp_path, LateFound(), is_person=False), Notes())
    assert str(caught.value) == "No room was found. Open one with: lanchat host --name ROOM"


@pytest.mark.parametrize(
    ("answer", "room"),
    [
        ("1", LINE_3),
        ("2", LINE_4),
        ("0", None),
        ("3", None),
        ("line 4", LINE_4),
        ("line", None),
        ("", None),
        ("x", None),
    ],
)
def test_an_answer_is_a_number_or_the_beginning_of_a_name(answer: str, room: FoundRoom | None) -> None:
    assert join_plainly.picked([LINE_3, LINE_4], answer) == room
