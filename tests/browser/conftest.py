"""A browser for all tests of the page, and pages that complain where anything was wrong in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.tab import Tab
from tests.conftest import require
from tests.hosting import HostProcess

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Return a browser for the tests of this folder. Its event loop runs as long as it: others' could not meanwhile."""
    require("chromium")
    with sync_playwright() as playwright:
        # without its sandbox, as tests may run as root; nothing but our own page is loaded
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def room(start_host: Callable[..., HostProcess]) -> HostProcess:
    """Return a host of the room “Line 3” that lets one machine do as much as it likes."""
    return start_host("--name", "Line 3", "--no-flood-limits")


@pytest.fixture
def open_tab(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Tab]]:
    """Return what opens a page of a host (by default `room`). At the end, no console may have complained."""
    tabs: list[Tab] = []

    def open_one(width: int = 1280, height: int = 800, *, host: HostProcess | None = None, theme: str = "light") -> Tab:
        port = (host or request.getfixturevalue("room")).port
        tabs.append(Tab(browser, f"http://127.0.0.1:{port}/", width, height, theme=theme))
        return tabs[-1]

    yield open_one
    problems = [problem for tab in tabs for problem in tab.problems]
    for tab in tabs:
        tab.close()
    assert problems == []
