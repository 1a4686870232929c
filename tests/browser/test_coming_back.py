"""Connections, pages and hosts that end: nothing is lost, and nothing is said twice."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Route, WebSocketRoute, expect

from tests.browser.tab import COMPOSER, Tab, hurry
from tests.hosting import HostProcess

OpenTab = Callable[..., Tab]
StartHost = Callable[..., HostProcess]


def test_a_reload_keeps_what_is_half_typed_and_what_was_said(open_tab: OpenTab) -> None:
    ana = open_tab().come_in("Ana")
    ana.say("said before")
    ana.see("said before")
    ana.page.fill(COMPOSER, "half a mess")
    ana.page.reload()
    ana.be_in()
    ana.see("said before")
    expect(ana.page.locator(COMPOSER)).to_have_value("half a mess")
    assert ana.count("said before") == 1


def test_a_host_killed_and_back_costs_no_message_and_doubles_none(start_host: StartHost, open_tab: OpenTab) -> None:
    host = start_host("--name", "Line 3")
    ana, zoe = open_tab(host=host).come_in("Ana"), open_tab(host=host).come_in("Zoé")
    for number in range(5):
        ana.say(f"before {number}")
    zoe.see("before 4")
    port = host.port
    host.end(signal.SIGKILL)
    expect(ana.page.locator(".banner")).to_contain_text("No connection.")
    for number in range(5):
        ana.say(f"meanwhile {number}")
    ana.page.fill(COMPOSER, "half a sentence")
    assert ana.page.locator(".pending").count() == 5
    start_host("--name", "Line 3", port=port).wait_for_output("127.0.0.1")
    for tab in (ana, zoe):
        tab.hurry()
        tab.see("meanwhile 4")
        expect(tab.page.locator(".banner")).to_have_count(0)
    expected = [f"before {number}" for number in range(5)] + [f"meanwhile {number}" for number in range(5)]
    assert list(ana.texts()) == expected
    assert list(zoe.texts()) == expected
    expect(ana.page.locator(COMPOSER)).to_have_value("half a sentence")
    expect(ana.page.locator(".pending")).to_have_count(0)


def test_what_waits_to_be_sent_outlives_the_page(start_host: StartHost, open_tab: OpenTab) -> None:
    host = start_host("--name", "Line 3")
    ana, zoe = open_tab(host=host).come_in("Ana"), open_tab(host=host).come_in("Zoé")
    port = host.port
    host.end(signal.SIGKILL)
    expect(ana.page.locator(".banner")).to_be_visible()
    ana.say("from before the reload")
    expect(ana.page.locator(".pending .state")).to_have_text("waiting for the host")
    start_host("--name", "Line 3", port=port).wait_for_output("127.0.0.1")
    ana.page.reload()
    ana.be_in()
    ana.see("from before the reload")
    zoe.see("from before the reload")
    assert ana.count("from before the reload") == zoe.count("from before the reload") == 1


def test_what_was_said_meanwhile_is_there_and_marked_as_new(room: HostProcess, open_tab: OpenTab) -> None:
    ana, ben = open_tab().come_in("Ana"), room.member("Ben")
    ana.say("I am gone for a minute")
    ana.see("I am gone")
    ana.page.goto("about:blank")
    for number in range(30):
        ben.send(f"PRIVMSG #Line-3 :meanwhile {number}")
    ben.fence()
    ana.page.goto(ana.address)
    ana.be_in()
    ana.see("meanwhile 29")
    expect(ana.page.locator(".new")).to_be_visible()
    rows = ana.page.locator(".log > .new, .log > .message")
    order = rows.all_inner_texts()
    new = next(index for index, text in enumerate(order) if text.startswith("New since"))
    assert "meanwhile 0" in rows.nth(new + 1).inner_text()


def test_somebody_removed_is_told_and_can_come_back(room: HostProcess, open_tab: OpenTab) -> None:
    ben = room.member("Ben", "#Own")
    ana = open_tab().come_in("Ana")
    ana.say("/join Own")
    expect(ana.page.locator("h1")).to_have_text("Own")
    ben.send("KICK #Own Ana :enough")
    expect(ana.page.get_by_text("You were removed by Ben (enough)")).to_be_visible()
    ana.page.get_by_role("button", name="Come back in").click()
    ana.say("hello again")
    ana.see("hello again")


def test_of_two_pages_of_one_browser_only_one_sends_what_waited(start_host: StartHost, open_tab: OpenTab) -> None:
    host = start_host("--name", "Line 3")
    ana, zoe = open_tab(host=host).come_in("Ana"), open_tab(host=host).come_in("Zoé")
    other = ana.open()
    other.wait_for_selector(COMPOSER)
    port = host.port
    host.end(signal.SIGKILL)
    expect(ana.page.locator(".banner")).to_be_visible()
    ana.say("only once")
    start_host("--name", "Line 3", port=port).wait_for_output("127.0.0.1")
    for page in (other, ana.page, zoe.page):
        hurry(page)
    zoe.see("only once")
    other.wait_for_timeout(500)
    assert zoe.count("only once") == 1


def test_another_host_at_the_same_address_is_told_and_gets_no_password(
    tmp_path: Path, start_host: StartHost, open_tab: OpenTab
) -> None:
    host = start_host("--name", "Line 3", "--password", "sesame")
    ana = open_tab(host=host).come_in("Ana", "sesame")
    ana.say("to the first one")
    ana.see("to the first one")
    port = host.port
    host.end(signal.SIGKILL)
    expect(ana.page.locator(".banner")).to_be_visible()
    other = HostProcess(tmp_path / "other", "--name", "Line 3", port=port)
    try:
        other.wait_for_output("127.0.0.1")
        sent: list[str] = []
        ana.page.on("websocket", lambda socket: socket.on("framesent", lambda text: sent.append(str(text))))
        ana.hurry()
        expect(ana.page.get_by_text("Another host answers at this address now.")).to_be_visible()
        ana.say("to the other one")
        ana.see("to the other one")
        assert not any("sesame" in line for line in sent)
    finally:
        other.kill()


def test_a_newer_page_is_offered(room: HostProcess, open_tab: OpenTab) -> None:
    ana = open_tab()
    ana.context.route("**/room.json", _with_another_hash)
    ana.come_in("Ana")
    expect(ana.page.locator(".banner.calm")).to_contain_text("The host has a newer page.")
    ana.context.unroute("**/room.json")
    ana.page.get_by_role("button", name="Load it").click()
    ana.be_in()
    expect(ana.page.locator(".banner")).to_have_count(0)


def _with_another_hash(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, json={**answer.json(), "web": "0123456789abcdef"})


def test_a_browser_that_keeps_nothing_still_talks_and_says_so(open_tab: OpenTab) -> None:
    ana = open_tab()
    ana.context.add_init_script("Storage.prototype.setItem = () => { throw new Error('full') }")
    ana.page.reload()
    expect(ana.page.get_by_text("This browser keeps nothing for this page")).to_be_visible()
    ana.come_in("Ana")
    ana.say("all the same")
    ana.see("all the same")


def test_only_one_page_of_a_browser_rings(room: HostProcess, open_tab: OpenTab) -> None:
    ana = open_tab()
    ana.context.add_init_script(_COUNTING)
    ana.page.reload()
    ana.come_in("Ana")
    ben = room.member("Ben")
    other = ana.open()
    other.wait_for_selector(".log .top")
    for page in (other, ana.page):
        page.bring_to_front()
        page.mouse.click(400, 400)  # a page may sound only after it was touched
    ben.send("PRIVMSG #Line-3 :hello all")
    ana.see("hello all")
    other.wait_for_timeout(400)
    assert [page.evaluate("window.tones || 0") for page in (ana.page, other)] == [0, 0]
    ben.send("PRIVMSG #Line-3 :Ana, look")
    ana.see("Ana, look")
    other.wait_for_timeout(600)
    assert sorted(page.evaluate("window.tones || 0") for page in (ana.page, other)) == [0, 2]


_COUNTING = """
const create = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () {
  window.tones = (window.tones || 0) + 1;
  return create.call(this);
};
const disconnect = AudioNode.prototype.disconnect;
AudioNode.prototype.disconnect = function () {
  window.tones -= 1;
  return disconnect.call(this);
};
"""


def test_a_room_that_lets_nobody_in_is_told_and_entered_once_one_is_invited(
    start_host: StartHost, open_tab: OpenTab
) -> None:
    host = start_host("--name", "Line 3", "--oper", "chief:sesame")
    ben = host.member("Ben")
    ben.send("OPER chief sesame", "MODE #Line-3 +o Ben", "MODE #Line-3 +i")
    ben.fence()
    ana = open_tab(host=host)
    ana.page.fill("input[name=name]", "Ana")
    ana.page.click(".card .primary")
    expect(ana.page.locator(".nothing")).to_have_text("Line 3 is closed: somebody in it has to invite you.")
    ben.send("INVITE Ana #Line-3")
    ben.fence()
    ana.page.locator(".pane.left").get_by_role("button", name="Line 3").click()
    ana.be_in()
    ana.say("thank you")
    ana.see("thank you")


def test_private_talk_of_before_is_there_with_what_is_new_counted(room: HostProcess, open_tab: OpenTab) -> None:
    ana, zoe = open_tab().come_in("Ana"), open_tab().come_in("Zoé")
    ana.page.locator(".pane.right").get_by_text("Zoé").click()
    ana.say("first")
    ana.see("first")
    zoe.page.locator(".pane.left").get_by_role("button", name="Ana").click()
    zoe.see("first")
    zoe.page.goto("about:blank")
    ana.say("second")
    ana.see("second")
    zoe.page.goto(zoe.address)
    zoe.see("second")
    assert list(zoe.texts()) == ["first", "second"]


def test_a_link_that_went_deaf_is_not_believed_and_what_was_heard_is_not_said_again(
    room: HostProcess, open_tab: OpenTab
) -> None:
    """A network that swallows what comes looks open for minutes: the page asks, and connects anew."""
    ana, zoe = open_tab(), open_tab().come_in("Zoé")
    deaf: list[str] = []
    ana.context.route_web_socket("**/*", lambda route: _deaf(route, deaf))
    ana.page.reload()
    ana.come_in("Ana")
    deaf.append("from now on")
    ana.say("heard by all but me")
    zoe.see("heard by all but me")
    expect(ana.page.locator(".pending .state")).to_have_text("sending")
    ana.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(ana.page.locator(".banner")).to_be_visible(timeout=8_000)
    deaf.clear()
    ana.page.locator(".banner").wait_for(state="detached")
    ana.see("heard by all but me")
    expect(ana.page.locator(".pending")).to_have_count(0)
    assert ana.count("heard by all but me") == zoe.count("heard by all but me") == 1


def _deaf(route: WebSocketRoute, deaf: list[str]) -> None:
    host = route.connect_to_server()
    route.on_message(lambda text: host.send(text))
    host.on_message(lambda text: None if deaf else route.send(text))
