"""The room as a whole, over real sockets."""

from collections.abc import Callable

from tests.server.serving import Serving


def test_what_one_says_the_others_hear_once(room: Serving) -> None:
    zoe, ada, bob = room.member("Zoé"), room.member("ada"), room.member("bob")
    zoe.send("PRIVMSG #Line-3 :Press 4 is back")
    assert ada.expect("PRIVMSG").source == "Zoé!~username@127.0.0.1"
    assert bob.expect("PRIVMSG").params == ("#Line-3", "Press 4 is back")
    for peer in (zoe, ada, bob):
        assert [message for message in peer.fence() if message.command == "PRIVMSG"] == []


def test_order_is_kept(room: Serving) -> None:
    zoe, ada = room.member("zoe"), room.member("ada")
    zoe.send("".join(f"PRIVMSG #Line-3 :{number}\r\n" for number in range(30)).encode())
    said = [ada.expect("PRIVMSG").params[1] for _ in range(30)]
    assert said == [str(number) for number in range(30)]


def test_lines_that_come_byte_by_byte_are_whole_lines(room: Serving) -> None:
    ada = room.member("ada")
    slow = room.peer()
    slow.send_slowly("NICK Zoé\r\nUSER zoe 0 * :Zoé\r\nJOIN #Line-3\nPRIVMSG #Line-3 :für 田中\r\n".encode())
    assert ada.expect("PRIVMSG").params == ("#Line-3", "für 田中")


def test_lines_that_come_in_one_piece_are_all_carried_out(room: Serving) -> None:
    ada = room.member("ada")
    room.peer().send(
        b"NICK zoe\nUSER zoe 0 * :Zoe\nJOIN #Line-3\nPRIVMSG #Line-3 :one\nPRIVMSG #Line-3 :two\nQUIT :bye\n"
    )
    assert ada.expect("PRIVMSG").params[1] == "one"
    assert ada.expect("PRIVMSG").params[1] == "two"
    assert ada.expect("QUIT").params == ("Quit: bye",)


def test_who_asked_for_tags_gets_them_and_who_did_not_does_not(room: Serving) -> None:
    plain, tagged = room.member("plain"), room.member("tagged", caps="server-time message-tags")
    room.member("zoe").send("PRIVMSG #Line-3 :hello")
    assert tagged.expect("PRIVMSG").tags.keys() == {"time", "msgid"}
    assert plain.expect("PRIVMSG").tags == {}


def test_who_comes_later_is_shown_what_was_said(room: Serving) -> None:
    zoe = room.member("zoe")
    zoe.send("PRIVMSG #Line-3 :before you came")
    zoe.fence()
    late = room.peer().register("ada")
    late.send("JOIN #Line-3")
    late.expect("366")
    assert late.expect("PRIVMSG").params[1].endswith("UTC] before you came")


def test_the_console_is_told_who_comes_speaks_and_goes(room: Serving) -> None:
    zoe = room.member("zoe")
    zoe.send("PRIVMSG #Line-3 :hello", "QUIT")
    zoe.read_to_end()
    told = [(event.kind, event.nick, event.channel) for event in room.call(lambda: list(room.happened))]
    assert told == [(kind, "zoe", "#Line-3") for kind in ("join", "message", "leave")]


def test_everybody_is_told_when_the_host_ends(serve: Callable[..., Serving]) -> None:
    room = serve()
    zoe, plain = room.member("zoe"), room.peer()
    plain.send("hello", "Ada")
    zoe.expect("JOIN")
    room.server.loop.call_from_thread(lambda: room.server.stop("The host has closed the room"))
    assert zoe.read_to_end().endswith(b"ERROR :The host has closed the room\r\n")
    assert plain.read_to_end().endswith(b"* The host has closed the room\r\n")
