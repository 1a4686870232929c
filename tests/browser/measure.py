"""What the page costs a browser: `python -m tests.browser.measure [SLOWED …]` prints a table, asserts nothing.

Each row: how many times the CPU is slowed, when the page was ready, what of each second the main thread was busy while
fifty messages a second came in, the rows in the page, and the heap. Ready: until one can type.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, sync_playwright

from tests.browser.conftest import CHROMIUM
from tests.browser.tab import COMPOSER, Tab
from tests.hosting import HostProcess

PER_S = 50
FOR_S = 10.0
BEFORE = 200  # messages that were said before


def _metrics(session: CDPSession) -> dict[str, float]:
    return {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}


def _speak(host: HostProcess, over: threading.Event) -> None:
    peer, number, began = host.member(f"Ben{time.time_ns()}"), 0, time.monotonic()
    while not over.wait(max(0.0, began + number / PER_S - time.monotonic())):
        peer.send(f"PRIVMSG #Line-3 :number {number} " + "word " * (number * 7 % 40))
        number += 1


def _row(browser: Browser, host: HostProcess, slowed: float) -> str:
    tab = Tab(browser, f"http://127.0.0.1:{host.port}/", 412, 800).come_in("Ana")
    session = tab.context.new_cdp_session(tab.page)
    session.send("Performance.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    began = time.monotonic()
    tab.page.reload()
    tab.page.wait_for_selector(COMPOSER)
    ready_ms = (time.monotonic() - began) * 1000
    over = threading.Event()
    thread = threading.Thread(target=_speak, args=(host, over), daemon=True)
    thread.start()
    time.sleep(1)
    before, at = _metrics(session), time.monotonic()
    time.sleep(FOR_S)
    after, took = _metrics(session), time.monotonic() - at
    over.set()
    thread.join()
    busy = (after["TaskDuration"] - before["TaskDuration"]) / took
    rows = tab.page.locator(".log > *").count()
    tab.close()
    heap = after["JSHeapUsedSize"] / 1e6
    return f"{slowed:>6.0f} ×  {ready_ms:>6.0f} ms  {busy:>6.1%}  {rows:>4}  {heap:>5.1f} MB"


def main(rates: list[float]) -> None:
    """Print the table."""
    sys.stdout.write("  slowed     ready    busy  rows      heap\n")
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        host = HostProcess(Path(data), "--name", "Line 3", "--no-flood-limits")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        speaker = host.member("Zoé")
        speaker.send(*(f"PRIVMSG #Line-3 :before {number}" for number in range(BEFORE)))
        speaker.fence()
        try:
            for slowed in rates:
                sys.stdout.write(_row(browser, host, slowed) + "\n")
        finally:
            browser.close()
            host.kill()


if __name__ == "__main__":
    main([float(rate) for rate in sys.argv[1:]] or [1.0, 6.0])
