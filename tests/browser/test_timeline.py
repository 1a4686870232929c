"""The timeline keeps what is looked at where it is, and holds only a window of what was said."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser.tab import Tab
from tests.hosting import HostProcess
from tests.server.peer import Peer

OpenTab = Callable[..., Tab]
STEPS = 150
MAX_MOVED_PX = 1.0
MAX_ROWS = 250

# Turns the wheel back by 300 px again and again, and tells by how much any row moved that it should not have.
_SCROLL_BACK = """async (steps) => {
  const log = document.querySelector('.log');
  const pause = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)));
  const rows = () => [...log.querySelectorAll('.message')];
  const places = () => new Map(rows().map((row) => [row.dataset.key, row.getBoundingClientRect().top]));
  const moved = [];
  const seen = new Set();
  for (let step = 0; step < steps; step++) {
    const before = places();
    const from = log.scrollTop;
    log.scrollTo(0, from - 300);
    const by = from - log.scrollTop; // as far as the browser went by itself
    await pause();
    await pause();
    const { top, bottom } = log.getBoundingClientRect();
    places().forEach((place, key) => {
      if (place < bottom && place > top - 100) seen.add(key);
      if (before.has(key) && place < bottom && place > top) moved.push(Math.abs(place - before.get(key) - by));
    });
  }
  return { most: Math.max(...moved), count: moved.length, seen: seen.size, rows: log.querySelectorAll('.row').length };
}"""


# How far right the last thing reaches that one has to see. (What is cut off at the edge makes nothing scroll.)
_WIDEST = """() => {
  const shown = [...document.querySelectorAll('button, input, textarea, h1, h2, label, .row, .text')];
  return Math.max(...shown.filter((one) => one.offsetParent).map((one) => one.getBoundingClientRect().right));
}"""


def _talk(peer: Peer, count: int, start: int = 0) -> None:
    """Say many messages of different heights."""
    for at in range(start, start + count, 100):
        words = (
            f"PRIVMSG #Line-3 :number {n} " + "word " * (n * 7 % 60) for n in range(at, min(at + 100, start + count))
        )
        peer.send(*words)
        peer.fence()


def test_a_long_way_back_moves_no_row(room: HostProcess, open_tab: OpenTab) -> None:
    ben = room.member("Ben")
    _talk(ben, 1_200)
    ana = open_tab(412, 800).come_in("Ana")
    ana.see("number 1199")
    told = ana.page.evaluate(_SCROLL_BACK, STEPS)
    assert told["count"] > STEPS * 5
    assert told["seen"] > 300
    assert told["most"] <= MAX_MOVED_PX
    assert told["rows"] <= MAX_ROWS


def test_what_arrives_meanwhile_moves_no_row_either(room: HostProcess, open_tab: OpenTab) -> None:
    ben = room.member("Ben")
    _talk(ben, 400)
    ana = open_tab(412, 800).come_in("Ana")
    ana.see("number 399")
    with _talking(room):
        told = ana.page.evaluate(_SCROLL_BACK, 40)
    assert told["most"] <= MAX_MOVED_PX
    expect(ana.page.locator(".to-end")).to_contain_text("new")


@contextmanager
def _talking(room: HostProcess) -> Iterator[None]:
    """Have somebody else speak fifty times a second."""
    peer, over = room.member("Zoé"), threading.Event()

    def talk() -> None:
        number = 0
        while not over.wait(0.02):
            peer.send(f"PRIVMSG #Line-3 :meanwhile {number} " + "word " * (number % 30))
            number += 1

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(5)


def test_ten_thousand_messages_are_a_window_of_rows(room: HostProcess, open_tab: OpenTab) -> None:
    ana, ben = open_tab(412, 800).come_in("Ana"), room.member("Ben")
    _talk(ben, 10_000)
    ana.see("number 9999")
    assert ana.page.locator(".log > *").count() <= MAX_ROWS
    ana.page.evaluate(_SCROLL_BACK, 20)
    assert ana.page.locator(".log > *").count() <= MAX_ROWS
    ana.page.locator(".to-end").click()
    expect(ana.page.locator(".message", has_text="number 9999")).to_be_in_viewport()


def test_the_end_stays_in_sight_while_one_is_there(room: HostProcess, open_tab: OpenTab) -> None:
    ana, ben = open_tab(412, 800).come_in("Ana"), room.member("Ben")
    for start in range(0, 300, 50):
        _talk(ben, 50, start)
        expect(ana.page.locator(".message", has_text=f"number {start + 49} ")).to_be_in_viewport()


def test_a_finger_that_begins_to_leave_the_end_is_not_pulled_back(room: HostProcess, open_tab: OpenTab) -> None:
    ana, ben = open_tab(412, 800).come_in("Ana"), room.member("Ben")
    _talk(ben, 60)
    ana.see("number 59")
    ana.page.evaluate(
        """async () => {
          const log = document.querySelector('.log');
          log.dispatchEvent(new TouchEvent('touchstart', { bubbles: true }));
          log.scrollTo(0, log.scrollTop - 20);
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)));
        }"""
    )
    from_end = "(log => log.scrollHeight - log.scrollTop - log.clientHeight)(document.querySelector('.log'))"
    assert ana.page.evaluate(from_end) >= 20
    _talk(ben, 5, start=60)
    expect(ana.page.locator(".to-end")).to_contain_text("5 new")
    assert ana.page.evaluate(from_end) > 100


def test_a_gap_stands_until_it_is_filled(room: HostProcess, open_tab: OpenTab) -> None:
    ana, ben = open_tab().come_in("Ana"), room.member("Ben")
    _talk(ben, 5)
    ana.see("number 4")
    ana.context.set_offline(True)
    ana.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(ana.page.locator(".banner")).to_be_visible(timeout=10_000)
    _talk(ben, 900, start=5)
    ana.context.set_offline(False)
    ana.hurry()
    ana.see("number 904")
    for _ in range(30):
        if not ana.page.locator(".gap").count():
            ana.page.evaluate(_SCROLL_BACK, 5)
    expect(ana.page.locator(".gap")).to_be_visible()
    ana.page.get_by_role("button", name="Show them").click()
    expect(ana.page.locator(".gap").get_by_text("Some messages are missing here.")).to_be_visible()
    for _ in range(5):
        if ana.page.locator(".gap").count():
            ana.page.locator(".gap button").evaluate("button => button.click()")
            ana.page.wait_for_timeout(300)
    expect(ana.page.locator(".gap")).to_have_count(0)


@pytest.mark.parametrize(("width", "size"), [(320, "Normal"), (360, "Normal"), (320, "Largest")])
def test_nothing_is_wider_than_a_small_phone(open_tab: OpenTab, room: HostProcess, width: int, size: str) -> None:
    ana, ben = open_tab(width, 640).come_in("Ana"), room.member("Ben")
    ben.send(
        "PRIVMSG #Line-3 :" + "x" * 300, "PRIVMSG #Line-3 :http://10.0.0.1/" + "y" * 200, "TOPIC #Line-3 :" + "z" * 200
    )
    ana.see("yyyy")
    ana.page.get_by_role("button", name="Settings").click()
    ana.page.get_by_label(size, exact=True).check()
    ana.page.keyboard.press("Escape")
    names = ("Show rooms and people", "Settings", "Search", "2 here")
    for name in ("", *names):
        if name:
            ana.page.get_by_role("button", name=name).click()
        assert ana.page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert ana.page.evaluate(_WIDEST) <= width, name
        assert ana.page.evaluate(
            "[...document.querySelectorAll('dialog')].every(d => d.scrollWidth <= d.clientWidth)"
        ), name
        if name:
            ana.page.keyboard.press("Escape")
