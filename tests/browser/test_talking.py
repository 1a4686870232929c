"""Pages, and somebody with another program, in one room."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.tab import COMPOSER, Tab
from tests.hosting import HostProcess, environment, lanchat_command

OpenTab = Callable[..., Tab]


def test_two_pages_and_an_irc_client_hear_each_other(room: HostProcess, open_tab: OpenTab) -> None:
    ana, zoe = open_tab().come_in("Ana"), open_tab(360, 640).come_in("Zoé")
    ben = room.member("Ben", caps="message-tags")
    ana.say("hello from Ana")
    zoe.say("hello from Zoé")
    ben.send("PRIVMSG #Line-3 :hello from Ben")
    for tab in (ana, zoe):
        for name in ("Ana", "Zoé", "Ben"):
            tab.see(f"hello from {name}")
    assert ben.read_until("hello from Zoé".encode())


def test_a_page_and_the_program_in_a_terminal_hear_each_other(
    room: HostProcess, open_tab: OpenTab, tmp_path: Path
) -> None:
    ana = open_tab().come_in("Ana")
    program = subprocess.Popen(
        [*lanchat_command(), "join", f"127.0.0.1:{room.port}", "--nick", "Tom"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(tmp_path / "tom"),
        text=True,
    )
    assert program.stdin
    assert program.stdout
    ana.say("hello, Tom")
    program.stdin.write("hello from a pipe\n")
    program.stdin.flush()
    ana.see("hello from a pipe")
    ana.say("hello from a page")
    assert any("hello from a page" in line for line in program.stdout)
    program.stdin.close()
    program.stdout.close()
    assert program.wait(10) == 0


def test_a_message_of_several_lines_is_one_message(open_tab: OpenTab) -> None:
    ana, zoe = open_tab().come_in("Ana"), open_tab().come_in("Zoé")
    ana.say("one\n\nthree")
    zoe.see("three")
    assert zoe.texts() == ["one\n\nthree"]


def test_people_reply_react_and_take_back(open_tab: OpenTab) -> None:
    ana, zoe = open_tab().come_in("Ana"), open_tab().come_in("Zoé")
    ana.say("Press 4 jammed again")
    zoe.see("Press 4")
    zoe.menu("Press 4")
    zoe.page.get_by_role("button", name="React with 👍").click()
    expect(ana.page.locator(".reaction")).to_have_text("👍 1")
    zoe.menu("Press 4")
    zoe.page.get_by_role("button", name="Reply", exact=True).click()
    zoe.say("coming")
    expect(ana.page.locator(".quote")).to_contain_text("Ana: Press 4 jammed again")
    ana.page.locator(".reaction").click()
    expect(zoe.page.locator(".reaction")).to_have_text("👍 2")
    ana.page.locator(".reaction").click()
    expect(zoe.page.locator(".reaction")).to_have_text("👍 1")
    ana.menu("Press 4")
    ana.page.get_by_role("button", name="Delete for everybody").click()
    ana.page.get_by_role("button", name="Really delete it?").click()
    expect(zoe.page.get_by_text("This message was deleted.")).to_be_visible()
    assert zoe.count("Press 4 jammed") == 0


def test_talk_with_one_person_has_a_place_of_its_own(open_tab: OpenTab) -> None:
    ana, zoe = open_tab().come_in("Ana"), open_tab(360, 640).come_in("Zoé")
    ana.page.locator(".pane.right").get_by_text("Zoé").click()
    ana.say("just for you")
    ana.see("just for you")
    zoe.page.get_by_role("button", name="Show rooms and people, 1 message unread elsewhere").click()
    zoe.page.locator("dialog").get_by_role("button", name="1 message unread, 1 for you").click()
    zoe.see("just for you")
    zoe.say("thank you")
    ana.see("thank you")
    ana.page.locator(".pane.left").get_by_role("button", name="Line 3").click()
    expect(ana.page.locator("h1")).to_have_text("Line 3")
    assert ana.count("just for you") == 0


def test_a_call_by_name_is_counted_in_the_title_and_marked(open_tab: OpenTab) -> None:
    ana, zoe = open_tab().come_in("Ana"), open_tab().come_in("Zoé")
    ana.say("before")
    zoe.see("before")
    expect(zoe.page).to_have_title("Line 3 · lanchat")
    zoe.page.evaluate("document.hasFocus = () => false; window.dispatchEvent(new Event('blur'))")
    ana.say("look here, Zoé!")
    expect(zoe.page).to_have_title("(1) Line 3 · lanchat")
    expect(zoe.page.locator(".mention mark")).to_have_text("Zoé")
    expect(zoe.page.locator(".new + .message")).to_contain_text("look here")
    zoe.page.evaluate("delete document.hasFocus")
    zoe.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(zoe.page).to_have_title("Line 3 · lanchat")


def test_it_is_seen_who_is_typing(open_tab: OpenTab) -> None:
    ana, zoe = open_tab().come_in("Ana"), open_tab().come_in("Zoé")
    ana.page.locator(COMPOSER).press_sequentially("hel")
    expect(zoe.page.locator(".typing")).to_have_text("Ana is typing …")
    ana.page.fill(COMPOSER, "")
    expect(zoe.page.locator(".typing")).to_have_text("")


def test_members_topic_and_moderation_are_followed(room: HostProcess, open_tab: OpenTab) -> None:
    ana = open_tab().come_in("Ana")
    ben = room.member("Ben")
    expect(ana.page.locator(".pane.right h2")).to_have_text("2 here")
    ben.send("TOPIC #Line-3 :Shift B, press 4 down")
    expect(ana.page.locator(".subject")).to_have_text("Shift B, press 4 down")
    ben.send("NICK Benno")
    expect(ana.page.locator(".pane.right")).to_contain_text("Benno")
    ben.send("PART #Line-3 :lunch")
    expect(ana.page.locator(".pane.right h2")).to_have_text("1 here")


def test_another_room_is_made_and_left_again(open_tab: OpenTab) -> None:
    ana = open_tab().come_in("Ana")
    ana.page.get_by_role("button", name="Another room").click()
    ana.page.get_by_label("Name of the room").fill("Engine room")
    ana.page.get_by_role("button", name="Go").first.click()
    expect(ana.page.locator("h1")).to_have_text("Engine-room")
    ana.page.reload()
    ana.be_in()
    expect(ana.page.locator("h1")).to_have_text("Engine-room")
    ana.say("/part")
    expect(ana.page.locator("h1")).to_have_text("Line 3")


def test_a_password_is_asked_for_and_a_wrong_one_told(
    start_host: Callable[..., HostProcess], open_tab: OpenTab
) -> None:
    host = start_host("--name", "Line 3", "--password", "sesame")
    ana = open_tab(host=host)
    ana.page.fill("input[name=name]", "Ana")
    ana.page.fill("input[name=password]", "wrong")
    ana.page.click(".card .primary")
    expect(ana.page.get_by_role("alert")).to_have_text("The password is wrong. Ask somebody who is in the room.")
    ana.come_in("Ana", "sesame")
    ana.page.reload()
    ana.be_in()


def test_a_name_is_proved_when_one_comes_back_and_nobody_else_gets_it(room: HostProcess, open_tab: OpenTab) -> None:
    ana = open_tab().come_in("Ana")
    ana.say("it is me")
    ana.see("it is me")
    ana.page.reload()
    ana.be_in()
    expect(ana.page.locator(".pane.right")).to_contain_text("Ana")
    other = open_tab().come_in("Ana")
    expect(other.page.get_by_text("Ana is somebody else's; you are Ana2 here.")).to_be_visible()


def test_what_a_command_asks_for_is_done_and_what_it_cannot_is_told(open_tab: OpenTab) -> None:
    ana = open_tab().come_in("Ana")
    ana.say("/nosuch thing")
    expect(ana.page.locator(".note.error")).to_contain_text("There is no command /nosuch.")
    expect(ana.page.locator(COMPOSER)).to_have_value("/nosuch thing")
    ana.say("/me waves")
    expect(ana.page.locator(".message.action")).to_contain_text("waves")
    ana.say("/nick Ana María")
    expect(ana.page.get_by_text("You are now Ana María")).to_be_visible()
    ana.page.reload()
    ana.be_in()
    expect(ana.page.locator(".pane.right")).to_have_text("1 hereAna María")
    ana.say("/whois Ana María")
    expect(ana.page.locator(".note.reply").last).to_contain_text("Ana María")
    ana.say("//slash")
    ana.see("/slash")
