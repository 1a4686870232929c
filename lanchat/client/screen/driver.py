"""Textual's driver for this platform, with what it lacks: rows that stay whole, and a title that is given back."""

from collections.abc import Callable
from typing import Any

from textual.driver import Driver
from textual.geometry import Region

from lanchat.client.screen.attention import KEEP_TITLE, RESTORE_TITLE
from lanchat.client.screen.steady import steady


def own_driver(driver: type[Driver], repaint: Callable[..., Any]) -> type[Driver]:
    """Return a driver made of another one. `repaint` gets the regions that have to be painted once more."""

    class OwnDriver(driver):  # type: ignore[valid-type,misc]  # which driver it is depends on the platform
        def write(self, data: str) -> None:
            width = self._app.size.width
            steadied = steady(data, width)
            super().write(steadied.text)
            if steadied.torn_rows:
                repaint(*(Region(0, row, width, 1) for row in steadied.torn_rows))

        def start_application_mode(self) -> None:
            super().start_application_mode()
            self.write(KEEP_TITLE)

        def stop_application_mode(self) -> None:
            self.write(RESTORE_TITLE)
            super().stop_application_mode()

    return OwnDriver
