"""Pictures of the page: `python -m tests.browser.pictures` makes those of the documentation.

`python -m tests.browser.pictures --all FOLDER` makes every sheet in every size, light and dark, to be looked at.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import CHROMIUM
from tests.browser.tab import COMPOSER, Tab
from tests.hosting import HostProcess
from tests.server.peer import Peer

DOCS = Path(__file__).parents[2] / "docs" / "pictures"
SIZES = {"phone": (360, 640), "tablet": (768, 1024), "desk": (1280, 800)}
THEMES = ("light", "dark")
SHOWN = {("phone", "light", "room"), ("desk", "dark", "room")}  # in the documentation

Look = Callable[[Tab], None]


def _people(host: HostProcess) -> dict[str, Peer]:
    names = ("Zoé", "Işıl", "Tom", "press4", "Olu")
    people = {name: host.member(name, caps="message-tags batch draft/multiline echo-message") for name in names}
    people["press4"].send("MODE press4 +B", "AWAY :at lunch")
    people["Tom"].send("AWAY :at lunch")
    people["Zoé"].send("TOPIC #Line-3 :Shift B, press 4 down until ten")
    people["Tom"].send("JOIN #Engine-room", "PRIVMSG #Engine-room :anybody here?")
    return people


def _talk(people: dict[str, Peer]) -> None:
    people["Zoé"].send("PRIVMSG #Line-3 :Press 4 jammed again, it is the feed belt")
    people["Zoé"].fence()
    people["press4"].send("PRIVMSG #Line-3 :Urgent: pressure 6.1 bar, limit 5.5")
    people["press4"].fence()
    people["Olu"].send("PRIVMSG #Line-3 :The manual is at http://10.77.1.11:8100/files/manual.pdf")
    people["Olu"].fence()
    people["Işıl"].send("PRIVMSG #Line-3 :Maria López, can you bring the second key?", "PRIVMSG #Line-3 :and the torch")
    people["Işıl"].fence()
    people["Tom"].send("PRIVMSG Maria_López :lunch?")
    people["Tom"].fence()


def _room(host: HostProcess, people: dict[str, Peer]) -> Look:
    def look(tab: Tab) -> None:
        tab.come_in("Maria López")
        _talk(people)
        tab.see("and the torch")
        tab.say("On my way.\nFive minutes.")
        tab.see("Five minutes")
        tab.menu("Press 4 jammed")
        tab.page.get_by_role("button", name="React with 👍").click()
        tab.page.locator(".reaction").first.wait_for()
        tab.page.fill(COMPOSER, "")
        tab.page.mouse.move(0, 0)
        people["Zoé"].send("@+typing=active TAGMSG #Line-3")
        tab.page.get_by_text("is typing").wait_for()
        assert host.port

    return look


def _sheet(button: str) -> Look:
    def look(tab: Tab) -> None:
        found = tab.page.locator(".head").get_by_role("button", name=button)
        if found.count():
            found.first.click()
            tab.page.wait_for_timeout(200)

    return look


def _menu(tab: Tab) -> None:
    tab.page.keyboard.press("Escape")
    tab.menu("Press 4 jammed")


def _searched(tab: Tab) -> None:
    _sheet("Search")(tab)
    tab.page.get_by_label("Words").fill("key")
    tab.page.keyboard.press("Enter")
    tab.page.locator(".result").first.wait_for()


def _offline(tab: Tab) -> None:
    tab.page.keyboard.press("Escape")
    tab.context.set_offline(True)
    tab.hurry()
    tab.page.locator(".banner").wait_for(timeout=10_000)
    tab.say("Nobody hears this yet")
    tab.page.wait_for_timeout(300)


def _looks(host: HostProcess, people: dict[str, Peer]) -> dict[str, Look]:
    return {
        "join": lambda tab: tab.page.wait_for_timeout(200),
        "room": _room(host, people),
        "menu": _menu,
        "settings": _sheet("Settings"),
        "search": _searched,
        "members": _sheet("6 here"),
        "rooms": _sheet("Show rooms and people"),
        "offline": _offline,
    }


def _one(browser: Browser, size: str, theme: str, folder: Path, *, is_all: bool) -> None:
    with tempfile.TemporaryDirectory() as data:
        host = HostProcess(Path(data), "--name", "Line 3", "--name", "Engine room", "--no-flood-limits")
        tab = Tab(browser, f"http://127.0.0.1:{host.port}/", *SIZES[size], theme=theme)
        try:
            for name, look in _looks(host, _people(host)).items():
                look(tab)
                if is_all or (size, theme, name) in SHOWN:
                    tab.page.screenshot(path=folder / f"page-{size}-{theme}{'' if name == 'room' else f'-{name}'}.png")
                tab.page.keyboard.press("Escape")
                if not is_all and name == "room":
                    break
        finally:
            tab.close()
            host.kill()


def make(folder: Path, *, is_all: bool) -> None:
    """Make the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for size in SIZES:
            for theme in THEMES:
                if is_all or any((size, theme) == one[:2] for one in SHOWN):
                    _one(browser, size, theme, folder, is_all=is_all)
        browser.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--all"]:
        make(Path(sys.argv[2]), is_all=True)
    else:
        make(DOCS, is_all=False)
