"""nc, telnet, PuTTY and SockChat: lines in, lines out."""

import socket
from collections.abc import Callable

import pytest

from tests.server.peer import Peer
from tests.server.serving import Serving

_ASKED = b"This is the room Line 3. What is your name?\r\n"


def nc(room: Serving, name: str) -> Peer:
    """Return somebody who typed a greeting, was asked for a name, and gave it."""
    peer = room.peer()
    peer.send("hello?")
    assert peer.read_until(b"\n") == _ASKED
    peer.send(name)
    peer.read_until(b"* In the room: ")
    peer.read_until(b"\n")
    return peer


@pytest.mark.parametrize("knock", [b"\n", b"\r\n"])
def test_enter_is_all_it_takes_to_be_asked(knock: bytes, room: Serving) -> None:
    peer = room.peer()
    peer.sock.sendall(knock)
    assert peer.read_until(b"\n") == _ASKED


def test_the_name_is_asked_for_and_then_every_line_is_a_message(room: Serving) -> None:
    ada, zoe = room.member("ada"), nc(room, "Zoé")
    assert ada.expect("JOIN").nick == "Zoé"
    zoe.send("Press 4 is back")
    message = ada.expect("PRIVMSG")
    assert (message.nick, message.params) == ("Zoé", ("#Line-3", "Press 4 is back"))


def test_what_others_do_reads_as_a_person_would_say_it(room: Serving) -> None:
    zoe, maria = nc(room, "zoe"), room.member("Maria_López")
    maria.send(
        "PRIVMSG #Line-3 :hello [bold]all[/bold]",
        "PRIVMSG #Line-3 :\x01ACTION waves\x01",
        "PRIVMSG zoe :only you",
        "NICK Maria",
        "TOPIC #Line-3 :Shift B",
        "QUIT",
    )
    assert zoe.read_until(b"has left\r\n").decode().split("\r\n")[:-1] == [
        "* Maria López has joined",
        "Maria López: hello [bold]all[/bold]",
        "* Maria López waves",
        "*** to you alone *** Maria López: only you",
        "* Maria López is now Maria",
        "* The topic is now: Shift B",
        "* Maria has left",
    ]


def test_escape_sequences_of_others_do_not_reach_the_terminal(room: Serving) -> None:
    zoe, evil = nc(room, "zoe"), room.member("evil")
    evil.send("PRIVMSG #Line-3 :\x1b]52;c;aGk=\x07\x1b[2J\u202etxt")
    assert b"evil: ]52;c;aGk=[2Jtxt\r\n" in zoe.read_until(b"txt\r\n")


def test_a_taken_name_is_asked_for_again(room: Serving) -> None:
    room.member("Zoé")
    peer = room.peer()
    peer.send("hi", "zoé")
    assert peer.read_until(b"else may we call you?\r\n").endswith(
        "The name zoé is taken. What else may we call you?\r\n".encode()
    )
    peer.send("Ada")
    assert peer.read_until(b"* In the room: ")


def test_a_name_that_cannot_be_one_is_asked_for_again(room: Serving) -> None:
    peer = room.peer()
    peer.send("hi", "@@@")
    peer.read_until(b"That cannot be a name here. What else may we call you?\r\n")
    peer.send("Ada")
    peer.read_until(b"* In the room: Ada\r\n")


def test_the_password_is_asked_for(serve: Callable[..., Serving]) -> None:
    room = serve(password="open sesame")
    peer = room.peer()
    peer.send("hi", "Ada")
    peer.read_until(b"This room has a password. What is it?\r\n")
    peer.send("open sesame")
    peer.read_until(b"* In the room: Ada\r\n")


def test_a_wrong_password_ends_it_in_words(serve: Callable[..., Serving]) -> None:
    peer = serve(password="open sesame").peer()
    peer.send("hi", "Ada", "guess")
    assert peer.read_to_end().decode().splitlines()[-1].endswith("The room's password is missing or wrong")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\n\r\n"], ids=repr)
def test_all_line_ends_end_lines(end: str, room: Serving) -> None:
    ada, peer = room.member("ada"), room.peer()
    peer.send(f"hi{end}Zoe{end}first{end}second{end}".encode())
    assert [ada.expect("PRIVMSG").params[1] for _ in range(2)] == ["first", "second"]


def test_it_can_all_come_byte_by_byte(room: Serving) -> None:
    ada, peer = room.member("ada"), room.peer()
    peer.send_slowly("hi\r\nZoé\r\nfür alle\r\n".encode())
    assert ada.expect("PRIVMSG").params[1] == "für alle"


def test_telnets_negotiation_is_no_text(room: Serving) -> None:
    ada, telnet = room.member("ada"), room.peer()
    telnet.send(b"\xff\xfd\x03\xff\xfb\x18\xff\xfb\x1fhi\r\n\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0Zoe\r\nhello\r\n")
    message = ada.expect("PRIVMSG")
    assert (message.nick, message.params[1]) == ("Zoe", "hello")


def test_text_in_the_old_encoding_of_windows_is_understood(room: Serving) -> None:
    ada, peer = room.member("ada"), room.peer()
    peer.send("hi\r\nZoé\r\nfür 5 €\r\n".encode("cp1252"))
    message = ada.expect("PRIVMSG")
    assert (message.nick, message.params[1]) == ("Zoé", "für 5 €")


def test_me_nick_names_and_help_do_what_they_say(room: Serving) -> None:
    ada, zoe = room.member("ada"), nc(room, "zoe")
    zoe.send("/me waves", "/nick Zoé", "/names", "//me is no command")
    assert ada.expect("PRIVMSG").params[1] == "\x01ACTION waves\x01"
    assert ada.expect("NICK").params == ("Zoé",)
    assert ada.expect("PRIVMSG").params[1] == "/me is no command"
    zoe.read_until("* In the room: ada, Zoé\r\n".encode())
    zoe.send("/help")
    zoe.read_until(b"Every line you type is a message.")


@pytest.mark.parametrize("leave", ["\\q", "/quit"])
def test_who_leaves_is_told_and_has_left(leave: str, room: Serving) -> None:
    ada, zoe = room.member("ada"), nc(room, "zoe")
    zoe.send(leave)
    assert zoe.read_to_end() == b"* You have left.\r\n"
    assert ada.expect("QUIT").nick == "zoe"


def test_who_ends_its_input_has_said_what_it_said(room: Serving) -> None:
    ada, peer = room.member("ada"), room.peer()
    peer.send("hi", "Zoe", "that is all")
    peer.sock.shutdown(socket.SHUT_WR)
    assert ada.expect("PRIVMSG").params[1] == "that is all"
    ada.expect("QUIT")


# ---- The port that speaks first -------------------------------------------------------------------------------------


def test_the_plain_port_asks_before_anything_is_said(room: Serving) -> None:
    peer = room.greeted_peer()
    assert peer.read_until(b"\n") == _ASKED
    peer.send("Zoe")
    peer.read_until(b"* In the room: Zoe\r\n")


def test_on_the_plain_port_a_pause_ends_a_message(room: Serving) -> None:
    ada, sockchat = room.member("ada"), room.greeted_peer()
    sockchat.read_until(b"What is your name?\r\n")
    sockchat.send(b"Zoe")  # SockChat sends no line ends
    sockchat.read_until(b"* In the room: ada, Zoe\r\n")
    sockchat.send(b"hello")
    assert ada.expect("PRIVMSG").params[1] == "hello"
    sockchat.send(b"and more")
    assert ada.expect("PRIVMSG").params[1] == "and more"
    sockchat.send(b"\\q")
    ada.expect("QUIT")
    assert sockchat.read_to_end().endswith(b"* You have left.\r\n")


def test_on_the_plain_port_irc_commands_are_text(room: Serving) -> None:
    ada, peer = room.member("ada"), room.greeted_peer()
    peer.send("Zoe", "JOIN us for lunch")
    assert ada.expect("PRIVMSG").params[1] == "JOIN us for lunch"
