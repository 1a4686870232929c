"""The files of the page keep to the rules of the house: floors that only look down, text that stays text, all words in
one place, and no more bytes than a slow network carries in a moment."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from lanchat.server.web.pages import without_comments
from tests.web import index

WEB = index.WEB
MAX_FILE_LINES = 400
MAX_WIRE_BYTES = 100_000
OWN = sorted(path for path in WEB.rglob("*.js") if "vendor" not in path.parts)
_IMPORT = re.compile(r"""^(?:import|export)\b[^;]*?\bfrom\s+['"]([^'"]+)['"]""", re.MULTILINE | re.DOTALL)

# The floors, the lowest first: a module imports from floors below its own, or from beside it.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("words.js",),
    ("irc.js", "keep.js", "clock.js", "sound.js"),
    ("text.js", "split.js", "proof.js", "names.js"),
    (
        "heard.js",
        "mentions.js",
        "phrasing.js",
        "batches.js",
        "log.js",
        "completion.js",
        "drafts.js",
        "boxes.js",
        "outbox.js",
    ),
    ("state.js", "talk.js", "moves.js", "answers.js", "rows.js", "timeline.js"),
    ("room.js", "login.js"),
    ("history.js", "searching.js", "handshake.js"),
    ("link.js",),
    ("session.js",),
    ("commands.js",),
    ("ui.js",),
    ("view/html.js", "view/icons.js", "view/linked.js"),
    ("view/row.js", "view/sheet.js", "view/announcer.js", "view/composer.js", "view/join.js"),
    ("view/log.js", "view/members.js", "view/menu.js", "view/rooms.js", "view/search.js", "view/settings.js"),
    ("view/main.js",),
    ("app.js",),
)
_LEVEL = {name: level for level, names in enumerate(FLOORS) for name in names}
_DANGEROUS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|\beval\b|new Function|document\.write|srcdoc|"
    r"javascript:|\bon[a-z]+=\"|style=|setAttribute\('style"
)


def _name(path: Path) -> str:
    return path.relative_to(WEB).as_posix()


def _imported(path: Path) -> list[str]:
    found = _IMPORT.findall(path.read_text("utf-8"))
    return [(path.parent / name).resolve().relative_to(WEB.resolve()).as_posix() for name in found]


def test_every_module_has_its_floor() -> None:
    assert {_name(path) for path in OWN} == set(_LEVEL)


@pytest.mark.parametrize("path", OWN, ids=_name)
def test_a_module_imports_only_from_below_or_beside(path: Path) -> None:
    upward = [name for name in _imported(path) if not name.startswith("vendor/") and _LEVEL[name] > _LEVEL[_name(path)]]
    assert upward == []


def test_no_module_imports_one_that_imports_it() -> None:
    below = {_name(path): {name for name in _imported(path) if not name.startswith("vendor/")} for path in OWN}
    left = dict(below)
    while ready := {name for name, imported in left.items() if not imported & left.keys()}:
        left = {name: imported for name, imported in left.items() if name not in ready}
    assert left == {}


def test_libraries_are_imported_in_one_place_each() -> None:
    users = {
        (_name(path), name.split("/")[1]) for path in OWN for name in _imported(path) if name.startswith("vendor/")
    }
    assert {user for user, _ in users} == {"view/html.js"}


@pytest.mark.parametrize("path", [*OWN, index.INDEX], ids=_name)
def test_foreign_text_never_becomes_markup_or_script(path: Path) -> None:
    assert _DANGEROUS.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", OWN, ids=_name)
def test_a_file_holds_one_idea(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MAX_FILE_LINES


def test_the_index_asks_for_every_module_at_once() -> None:
    assert index.INDEX.read_text("utf-8") == index.listed(), "write it anew: python -m tests.web.index"


def _templates(text: str) -> list[str]:
    """Return what stands in the html`…` templates of a module, without what is filled in, tags and their attributes."""
    starts = [found.end() for found in re.finditer("html`", text)]
    return [re.sub(r"<[^<>]*>", " ", _literal(text, start)[0]) for start in starts]


def _literal(text: str, at: int) -> tuple[str, int]:
    """Return a template from here on, without what is filled in, and where it ends."""
    kept, depth = "", 0
    while depth or text[at] != "`":
        if text.startswith("${", at):
            depth, at = depth + 1, at + 2
        elif depth and text[at] == "`":
            _, at = _literal(text, at + 1)
        else:
            depth += {"{": 1, "}": -1}.get(text[at], 0) if depth else 0
            kept += "" if depth or text[at] == "}" else text[at]
            at += 1
    return kept, at + 1


@pytest.mark.parametrize("path", [path for path in OWN if path.parent.name == "view"], ids=_name)
def test_all_words_stand_in_words_js(path: Path) -> None:
    text = path.read_text("utf-8")
    told = [word for template in _templates(text) for word in re.findall(r"[A-Za-z]{2,}", template)]
    assert [word for word in told if word not in {"lanchat", "join"}] == []  # the command is no word of a language


def test_words_that_are_used_are_there() -> None:
    words = (WEB / "words.js").read_text("utf-8")
    users = [text for text in (path.read_text("utf-8") for path in OWN) if "words.js'" in text]
    used = {name for text in users for name in re.findall(r"\bwords\.(?!js)([a-zA-Z]+)", text)}
    known = set(re.findall(r"^  ([a-zA-Z]+)[:(]", words, re.MULTILINE))
    assert used - known == set()
    assert known - used - {"code"} == {"topicWord", "reasonWord"}  # looked up by name


def test_only_comments_of_whole_lines_stay_at_home() -> None:
    text = b"a // kept\n  // gone\n/* gone */\n/** gone\n * gone\n */\n/*! kept */\nb /* kept */\n`/* kept`\n//# kept\n"
    assert without_comments(text) == b"a // kept\n/*! kept */\nb /* kept */\n`/* kept`\n//# kept\n"


def test_the_whole_page_is_small_on_the_wire() -> None:
    sent = [path for path in WEB.rglob("*") if path.suffix in {".js", ".css", ".html"}]
    size = sum(len(gzip.compress(without_comments(path.read_bytes()))) for path in sent)
    assert size <= MAX_WIRE_BYTES
