"""The sheet on paper, as a browser prints it."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from lanchat.export.html_sheet import HtmlSheet
from tests.conftest import require
from tests.export.writing import at, said, written

_MAX_INK = 0.2  # of a page that is printed in black and white


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Return a sheet of a long shift, printed."""
    require("chromium", "pdfinfo", "pdftotext", "pdftoppm")
    entries = [
        replace(said(f"message {number}", nick=f"p{number % 9}"), at=at("06:00") + number * 96_000)
        for number in range(300)
    ]
    log = "\n".join(f"log {number}" for number in range(90))
    sheet = written(HtmlSheet(), [*entries, said(log, "13:59"), said("press burns", "13:59", priority="5")])
    (tmp_path / "sheet.html").write_text(sheet)
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    flags = ["--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'sheet.pdf'}", (tmp_path / "sheet.html").as_uri()]
    subprocess.run([*command, *flags], check=True, capture_output=True, timeout=100)
    return tmp_path / "sheet.pdf"


def told(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode()


def test_it_prints_on_a4_with_all_that_was_said_and_page_numbers(pages: Path) -> None:
    info = told("pdfinfo", str(pages))
    assert "A4" in info
    count = int(info.partition("Pages:")[2].split()[0])
    texts = told("pdftotext", "-layout", str(pages), "-").split("\f")[:count]
    whole = "\n".join(texts)
    wanted = [*(f"message {number}\n" for number in range(300)), *(f"log {number}\n" for number in range(90))]
    assert [text for text in wanted if text not in whole] == []
    assert "Urgent" in texts[0]
    assert "press burns" in texts[0]
    assert [f"{number}/{count}" in text.replace(" ", "") for number, text in enumerate(texts, 1)] == [True] * count
    assert 5 < count < 15


def test_it_takes_little_ink_and_no_colour(pages: Path, tmp_path: Path) -> None:
    subprocess.run(["pdftoppm", "-r", "40", str(pages), str(tmp_path / "page")], check=True, timeout=60)
    pictures = sorted(tmp_path.glob("page*.ppm"))
    assert len(pictures) > 5
    for picture in pictures:
        pixels = picture.read_bytes().split(b"\n", 3)[3]
        assert pixels[0::3] == pixels[1::3] == pixels[2::3], "only greys"
        grey = pixels[0::3]
        assert sum(255 - level for level in grey) / (255 * len(grey)) < _MAX_INK
