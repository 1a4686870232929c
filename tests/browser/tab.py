"""A page as a person uses it: somebody comes in, reads, and says something."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

COMPOSER = ".composer textarea"
_PASSING = re.compile(
    r"net::ERR_CONNECTION|WebSocket connection to|ERR_EMPTY_RESPONSE|net::ERR_FAILED|net::ERR_INTERNET_DISCONNECTED"
)  # the host is gone


class Tab:
    """One page in a browser of its own, which keeps what it keeps. `problems`: what its console complained of."""

    def __init__(
        self, browser: Browser, address: str, width: int = 1280, height: int = 800, *, theme: str = "light"
    ) -> None:
        self.problems: list[str] = []
        self.address = address
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            has_touch=width < 500,
            is_mobile=False,
            locale="en-GB",
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.open()

    def open(self) -> Page:
        """Open one more page of this browser."""
        page = self.context.new_page()
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto(self.address)
        return page

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _PASSING.search(message.text):
            self.problems.append(message.text)

    def come_in(self, name: str, password: str = "") -> Tab:
        """Give a name, and be in the room."""
        self.page.fill("input[name=name]", name)
        if password:
            self.page.fill("input[name=password]", password)
        self.page.click(".card .primary")
        return self.be_in()

    def be_in(self) -> Tab:
        """Wait until the room is here."""
        self.page.wait_for_selector(COMPOSER)
        self.page.wait_for_selector(".log .top, .log .message")
        return self

    def say(self, text: str) -> None:
        """Type a text, and send it."""
        self.page.fill(COMPOSER, text)
        self.page.press(COMPOSER, "Enter")

    def see(self, text: str) -> None:
        """Wait until a message with this text is there, and confirmed."""
        expect(self.page.locator(".message:not(.pending)", has_text=text).last).to_be_visible()

    def texts(self) -> Sequence[str]:
        """Return the texts of all messages in the page, as people see them."""
        return self.page.locator(".message .text").all_inner_texts()

    def count(self, text: str) -> int:
        """Return in how many messages a text stands."""
        return self.page.locator(".message .text", has_text=text).count()

    def menu(self, text: str) -> None:
        """Open what can be done with the message of this text."""
        row = self.page.locator(".message", has=self.page.locator(".text", has_text=text)).last
        row.hover()
        row.locator(".more").click()
        self.page.wait_for_selector("dialog.sheet")

    def hurry(self) -> None:
        """Have the page try to connect again at once."""
        hurry(self.page)

    def close(self) -> None:
        """Close the browser."""
        self.context.close()


def hurry(page: Page) -> None:
    """Have a page try to connect again at once, as when the device is online again."""
    page.evaluate("window.dispatchEvent(new Event('online'))")
