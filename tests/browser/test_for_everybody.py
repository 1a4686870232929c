"""For people with a keyboard alone, with a screen reader, with weak eyes; and what a slow network has to carry."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Request, expect

from tests.browser.axe import grave_findings
from tests.browser.tab import COMPOSER, Tab
from tests.hosting import HostProcess

OpenTab = Callable[..., Tab]
MAX_WIRE_BYTES = 100_000


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(360, 640), (1280, 800)], ids=["phone", "desk"])
def test_axe_finds_nothing_grave_anywhere(
    room: HostProcess, open_tab: OpenTab, theme: str, size: tuple[int, int]
) -> None:
    ana = open_tab(*size, theme=theme)
    assert grave_findings(ana.page) == []
    ana.come_in("Ana")
    ben = room.member("Ben", caps="message-tags")
    for name in ("Zoé", "Işıl", "Maria", "Tom", "Eva", "Olu", "Kim"):
        room.member(name).send(f"PRIVMSG #Line-3 :hello, says {name}, http://10.0.0.1/")
    ben.send("PRIVMSG #Line-3 :Ana, look", "TOPIC #Line-3 :Shift B", "PRIVMSG Ana :only for you", "PART #Line-3")
    ana.see("Ana, look")
    ana.say("mine")
    ana.see("mine")
    assert grave_findings(ana.page) == []
    for button in ("Settings", "Search", "Show rooms and people", "8 here"):
        found = ana.page.locator(".head").get_by_role("button", name=button)
        if found.count():
            found.click()
            ana.page.wait_for_selector("dialog[open]")
            assert grave_findings(ana.page) == [], button
            ana.page.keyboard.press("Escape")
    ana.menu("Ana, look")
    assert grave_findings(ana.page) == []


def test_a_whole_conversation_by_keyboard_alone(open_tab: OpenTab) -> None:
    zoe = open_tab().come_in("Zoé")
    ana = open_tab()
    keyboard = ana.page.keyboard
    keyboard.type("Ana")  # the name has the focus
    keyboard.press("Enter")
    ana.be_in()
    keyboard.type("hello")
    keyboard.press("Shift+Enter")
    keyboard.type("Zo")
    keyboard.press("Tab")
    keyboard.press("Enter")
    zoe.see("hello\nZoé")
    zoe.say("hello yourself")
    ana.see("hello yourself")
    keyboard.press("ArrowUp")
    keyboard.press("Enter")
    ana.page.wait_for_selector("dialog[open]")
    keyboard.press("Enter")  # Reply is the first
    expect(ana.page.locator(COMPOSER)).to_be_focused()
    keyboard.type("and a reply")
    keyboard.press("Enter")
    expect(zoe.page.locator(".quote")).to_contain_text("hello yourself")
    keyboard.press("ArrowUp")
    keyboard.press("ArrowUp")
    keyboard.press("r")
    keyboard.press("Escape")
    expect(ana.page.locator(".replying")).to_have_count(0)
    keyboard.press("ArrowUp")
    keyboard.press("Escape")
    expect(ana.page.locator(COMPOSER)).to_be_focused()
    keyboard.type("/join Engine")
    keyboard.press("Enter")
    expect(ana.page.locator("h1")).to_have_text("Engine")
    keyboard.press("Alt+ArrowUp")
    expect(ana.page.locator("h1")).to_have_text("Line 3")
    zoe.say("something new")
    keyboard.press("Alt+ArrowDown")
    expect(ana.page.locator("h1")).to_have_text("Engine")
    zoe.say("and more")
    expect(ana.page.locator(".place.unread")).to_be_visible()
    keyboard.press("Alt+Shift+ArrowDown")
    expect(ana.page.locator("h1")).to_have_text("Line 3")
    keyboard.press("Control+k")
    expect(ana.page.locator(".pane.left [aria-current]")).to_be_focused()
    for place in (".log", COMPOSER, ".pane.right .member >> nth=0", ".head button >> nth=0"):
        keyboard.press("F6")
        expect(ana.page.locator(place)).to_be_focused()


def test_tab_leaves_the_editor_where_there_is_nothing_to_complete(open_tab: OpenTab) -> None:
    ana = open_tab().come_in("Ana")
    ana.page.locator(COMPOSER).focus()
    ana.page.keyboard.type("a")
    ana.page.keyboard.press("Tab")
    expect(ana.page.get_by_role("button", name="Send")).to_be_focused()


def test_a_screen_reader_hears_each_new_message_once_and_no_older_ones(room: HostProcess, open_tab: OpenTab) -> None:
    ben = room.member("Ben")
    ben.send("PRIVMSG #Line-3 :from before")
    ben.fence()
    ana = open_tab().come_in("Ana")
    ana.see("from before")
    log = ana.page.locator("[role=log]")
    expect(log).to_have_text("")
    ben.send("PRIVMSG #Line-3 :press 4 is back")
    expect(log).to_contain_text("Ben: press 4 is back")
    ben.send(*(f"PRIVMSG #Line-3 :fast {number}" for number in range(12)))
    expect(log).to_contain_text("12 new messages")
    assert ana.page.locator(".log").get_attribute("aria-live") is None


def test_the_page_is_small_and_comes_from_nowhere_else(browser: Browser, room: HostProcess) -> None:
    sizes: dict[str, int] = {}
    context = browser.new_context()
    page = context.new_page()

    def note(request: Request) -> None:
        sizes[request.url] = request.sizes()["responseBodySize"]

    page.on("requestfinished", note)
    page.goto(f"http://127.0.0.1:{room.port}/")
    page.fill("input[name=name]", "Ana")
    page.click(".card .primary")
    page.wait_for_selector(COMPOSER)
    page.wait_for_load_state("networkidle")
    context.close()
    assert len(sizes) > 40
    assert any("noble" in url for url in sizes), "the hashes are counted, too"
    assert sum(sizes.values()) <= MAX_WIRE_BYTES
    assert {urlsplit(url).netloc for url in sizes} == {f"127.0.0.1:{room.port}"}


def test_looking_for_what_was_said_finds_it_and_goes_there(room: HostProcess, open_tab: OpenTab) -> None:
    ben = room.member("Ben")
    ben.send("PRIVMSG #Line-3 :the needle lies here")
    for start in range(0, 400, 100):
        ben.send(*(f"PRIVMSG #Line-3 :straw {number}" for number in range(start, start + 100)))
        ben.fence()
    ana = open_tab().come_in("Ana")
    ana.see("straw 399")
    ana.page.get_by_role("button", name="Search").click()
    ana.page.get_by_label("Words").fill("needle")
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_role("status").get_by_text("1 message found")).to_be_visible()
    ana.page.locator(".result").click()
    expect(ana.page.locator(".message", has_text="the needle lies here")).to_be_in_viewport()
    expect(ana.page.locator(".message", has_text="the needle lies here")).to_be_focused()
    ana.page.locator(".to-end").click()
    expect(ana.page.locator(".message", has_text="straw 399")).to_be_in_viewport()
    ana.page.get_by_role("button", name="Search").click()
    ana.page.get_by_label("Words").fill("nothing like it")
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_text("Nothing was found.")).to_be_visible()


def test_colours_and_size_are_chosen_and_kept(open_tab: OpenTab) -> None:
    ana = open_tab().come_in("Ana")
    ana.page.get_by_role("button", name="Settings").click()
    ana.page.get_by_label("Dark").check()
    ana.page.get_by_label("Largest").check()
    ana.page.get_by_label("Off").check()
    ana.page.reload()
    ana.be_in()
    ground, size = ana.page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.documentElement).fontSize]"
    )
    assert (ground, size) == ("rgb(22, 24, 29)", "25.6px")


def test_who_is_forgotten_is_asked_for_a_name_again(open_tab: OpenTab) -> None:
    ana = open_tab().come_in("Ana")
    ana.page.get_by_role("button", name="Settings").click()
    ana.page.get_by_role("button", name="Forget me").click()
    ana.page.get_by_role("button", name="Really forget?").click()
    expect(ana.page.locator("input[name=name]")).to_have_value("")
    assert ana.page.evaluate("Object.keys(localStorage).filter(key => !key.startsWith('lanchat.box')).length") == 0
