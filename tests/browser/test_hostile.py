"""What strangers say, are called, and set as a topic stays text, whatever it looks like."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import WebSocketRoute, expect

from lanchat.protocol.text import clean
from tests.browser.tab import Tab
from tests.hosting import HostProcess

OpenTab = Callable[..., Tab]
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    'http://x/"onmouseover=alert(1)//',
    "&lt;b&gt; & &amp; &#x27;",
    "${alert(1)} {{constructor.constructor('alert(1)')()}}",
    "__proto__ constructor toString",
    "\u202egnp.exe\u202c \u200b\u2066x",
    "Z" + "\u0301" * 60,
    "\x03" + "04red\x0f \x02bold",
    "`html` </textarea></dialog>",
    "http://[::1]:80/%00 https://a" + "b" * 300,
)


def test_hostile_texts_are_shown_as_they_are_and_do_nothing(room: HostProcess, open_tab: OpenTab) -> None:
    ana, ben = open_tab().come_in("Ana"), room.member("Ben", caps="message-tags")
    for text in HOSTILE:
        ben.send(f"PRIVMSG #Line-3 :{text}")
        expect(ana.page.locator(".message .text").last).to_have_text(clean(text).strip())
        ben.send(f"TOPIC #Line-3 :{text[:200]}", "@+draft/react=<b>x;+reply=nope TAGMSG #Line-3", f"AWAY :{text[:200]}")
    ben.fence()
    assert ana.page.locator(".message img, .message script, .message b, .message [onmouseover]").count() == 0
    hrefs = ana.page.locator(".message a").evaluate_all(
        "links => links.map(link => link.href + ' ' + link.rel + ' ' + link.target)"
    )
    assert hrefs
    assert all(href.startswith("http") and href.endswith(" noreferrer noopener _blank") for href in hrefs)
    assert ana.page.evaluate("getComputedStyle(document.querySelector('.log')).display") != "none"


def test_any_text_comes_out_as_the_terminal_would_show_it(room: HostProcess, open_tab: OpenTab) -> None:
    ana, ben = open_tab().come_in("Ana"), room.member("Ben")
    texts = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), min_size=1, max_size=60)

    numbers = itertools.count()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(texts)
    def try_one(text: str) -> None:
        shown = clean(text).strip()
        if not shown or text.startswith("\x01") or len(text.encode()) > 300:
            return
        end = f"behind number {next(numbers)}"
        ben.send(f"PRIVMSG #Line-3 :{text}", f"PRIVMSG #Line-3 :{end}")
        expect(ana.page.locator(".message .text").last).to_have_text(end)
        got = ana.page.locator(".message .text").nth(-2).evaluate("element => element.textContent")
        assert got == clean(text)

    try_one()


def test_a_host_that_says_nonsense_breaks_nothing(open_tab: OpenTab) -> None:
    ana = open_tab()
    ana.context.route_web_socket("**/*", _with_nonsense)
    ana.page.reload()
    ana.come_in("Ana")
    ana.say("still here")
    ana.see("still here")


NONSENSE = (
    "",
    ":",
    "@",
    "@a",
    ":x",
    "PRIVMSG",
    ":a PRIVMSG",
    "JOIN",
    ":Ana!a@h JOIN",
    "MODE",
    "353",
    ":h 353 a = #Line-3",
    "BATCH",
    "BATCH +",
    "BATCH +x",
    "BATCH -x",
    "@batch=nope PRIVMSG #Line-3 :x",
    "MARKREAD",
    "MARKREAD #Line-3 timestamp=never",
    "001",
    "005",
    ":h 005 a PREFIX CHANMODES= :x",
    "NICK",
    "KICK #Line-3",
    "TAGMSG",
    "@+typing=active TAGMSG #Line-3",
    "@time=never :x!y@z PRIVMSG #Line-3 :odd time",
    "REDACT #Line-3",
    "CHATHISTORY TARGETS",
    "AUTHENTICATE",
    "900",
    "FAIL",
    "CAP",
    "CAP * LS",
    "332",
    "352 a #Line-3",
    "322",
    "433",
    "ERROR :not really",
    "INVITE",
    "AWAY",
    "TOPIC",
    "\x01",
    "💥 💥",
)


def _with_nonsense(route: WebSocketRoute) -> None:
    host = route.connect_to_server()
    route.on_message(lambda text: host.send(text))

    def pass_on(text: str | bytes) -> None:
        route.send(text)
        if " 366 " in str(text):
            for line in NONSENSE:
                route.send(line)

    host.on_message(pass_on)
