"""What the page of another site can make a browser do to a room: nothing that anybody would notice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from tests.hosting import HostProcess

WORD = "name=Mallory&text=heard"
# as they are written in a page; ROOM is the room's address
WAYS = {
    "fetch": f"fetch('ROOM/Line-3?form=1', {{method: 'POST', mode: 'no-cors', body: new URLSearchParams('{WORD}')}})",
    "blob": f"fetch('ROOM/Line-3?form=1', {{method: 'POST', mode: 'no-cors', body: new Blob(['{WORD}'], "
    "{type: 'application/x-www-form-urlencoded'})})",
    "beacon": f"navigator.sendBeacon('ROOM/Line-3?form=1', new URLSearchParams('{WORD}'))",
    "form": """(() => {
        document.body.innerHTML = `<form method="post" action="ROOM/Line-3?form=1" target="_blank"><input name="name"
        value="Mallory"><input name="text" value="heard"></form>`;
        document.forms[0].submit() })()""",
    "img": f"document.body.append(Object.assign(new Image(), {{src: 'ROOM/Line-3?form=1&{WORD}'}}))",
    "websocket": """new Promise(done => { const socket = new WebSocket('ROOM/'.replace('http', 'ws'));
        socket.onclose = done;
        socket.onopen = () => ['NICK mallory', 'USER m 0 * :m', 'JOIN #Line-3', 'PRIVMSG #Line-3 :heard']
            .forEach(line => socket.send(line)) })""",
}
READING = {
    "fetch": "fetch('ROOM/room.json').then(answer => answer.text())",
    "script": """new Promise((done, failed) => document.body.append(Object.assign(document.createElement('script'),
        {src: 'ROOM/room.json', onload: () => done('loaded'), onerror: failed})))""",
    "frame": """new Promise((done, failed) => { const frame = document.createElement('iframe'); frame.src = 'ROOM/';
        frame.onload = () => { try { done(frame.contentDocument.body.innerText) } catch (error) { failed(error) } };
        document.body.append(frame) })""",
}


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>another site</title><body>")

    def log_message(self, *_: object) -> None:
        """Nothing: a test has no log."""


@pytest.fixture
def other_site() -> Iterator[str]:
    """Return the address of a page of somebody else's, under another port and so another origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_said_in_the_name_of_who_visits_it(
    way: str, browser: Browser, room: HostProcess, other_site: str
) -> None:
    zoe = room.member("zoe")
    context = browser.new_context()
    page = context.new_page()
    page.goto(other_site)
    address = f"http://127.0.0.1:{room.port}"
    script = f"Promise.resolve({WAYS[way].replace('ROOM', address)}).catch(() => 0).then(() => 0)"
    if way == "websocket":
        page.evaluate(script)
    else:
        with context.expect_event("request", lambda request: request.url.startswith(address)):  # it does ask
            page.evaluate(script)
        page.wait_for_timeout(300)
    assert not [message for message in zoe.fence() if message.command in ("PRIVMSG", "JOIN")]
    context.close()


@pytest.mark.parametrize("way", READING)
def test_nothing_is_read_by_it(way: str, browser: Browser, room: HostProcess, other_site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(other_site)
    script = READING[way].replace("ROOM", f"http://127.0.0.1:{room.port}")
    found = page.evaluate(f"Promise.resolve({script}).then(text => text || '', () => '')")
    assert "Line 3" not in found
    assert found != "loaded"
    context.close()


def test_our_own_form_says_something_without_javascript(browser: Browser, room: HostProcess) -> None:
    zoe = room.member("zoe")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{room.port}/")
    page.fill("input[name=name]", "Maria López")
    page.fill("textarea[name=text]", "heard, without a script")
    page.click("text=Send")
    assert zoe.expect("PRIVMSG").params[-1] == "heard, without a script"
    page.wait_for_selector("text=heard, without a script")
    assert page.input_value("input[name=name]") == "Maria López"
    context.close()


def test_with_a_password_a_browser_without_javascript_gives_it_once(
    browser: Browser, start_host: Callable[..., HostProcess]
) -> None:
    host = start_host("--name", "Line 3", "--password", "secret")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{host.port}/")
    assert page.query_selector("textarea") is None
    page.fill("input[name=password]", "secret")
    page.click("text=Come in")
    page.fill("input[name=name]", "Maria")
    page.fill("textarea[name=text]", "in now")
    page.click("text=Send")
    page.wait_for_selector("li:has-text('in now')")
    context.close()
