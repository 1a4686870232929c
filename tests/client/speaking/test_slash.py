import pytest

from lanchat.client.speaking.actions import Action, Do, LocalAction, Open, Say, Send, Show
from lanchat.client.speaking.phrasing import Saying
from lanchat.client.speaking.slash import COMMANDS, SlashCommand, command_names, interpret, names_shown
from lanchat.client.state.entries import EntryKind
from lanchat.client.state.state import ClientState
from lanchat.protocol.message import Message, fits
from tests.client.lines import heard, in_room

ROOM = "#Line-3"


def room(*members: str) -> ClientState:
    """Line 3 with Maria López and Ben, on a host that offers everything."""
    state = in_room("Maria_López", "@Ben", *members)
    state.capabilities = {"message-tags": "", "draft/message-redaction": ""}
    return state


def shown(actions: list[Action]) -> str:
    [action] = actions
    assert isinstance(action, Show)
    return action.text


def sends(command: str, *params: str) -> list[Action]:
    return [Send(Message(command, params))]


@pytest.mark.parametrize(
    ("typed", "saying"),
    [
        ("hello", Saying(ROOM, "hello")),
        ("//etc is full", Saying(ROOM, "/etc is full")),
        ("/not a command\nof two lines", Saying(ROOM, "/not a command\nof two lines")),
        ("/me waves", Saying(ROOM, "waves", EntryKind.ACTION)),
        ("/ME waves", Saying(ROOM, "waves", EntryKind.ACTION)),
        ("/msg Ben  see you", Saying("Ben", "see you")),
        ("/msg maria lópez hello there", Saying("Maria_López", "hello there")),
        ("/msg Maria_López hello", Saying("Maria_López", "hello")),
        ("/msg @Ben: hello", Saying("Ben", "hello")),
        ("/msg Zoé hello", Saying("Zoé", "hello")),
        ("/w Ben hi", Saying("Ben", "hi")),
    ],
)
def test_what_is_said(typed: str, saying: Saying) -> None:
    assert interpret(room(), typed) == [Say(saying)]


@pytest.mark.parametrize(
    ("typed", "actions"),
    [
        ("/nick Maria José", sends("NICK", "Maria_José")),
        ("/topic Shift B", sends("TOPIC", ROOM, "Shift B")),
        ("/topic -", sends("TOPIC", ROOM, "")),
        ("/whois maria lópez", sends("WHOIS", "Maria_López")),
        ("/away lunch", sends("AWAY", "lunch")),
        ("/away", sends("AWAY", "away")),
        ("/back", sends("AWAY")),
        ("/join Line 4", sends("JOIN", "#Line-4")),
        ("/join #Line-4", sends("JOIN", "#Line-4")),
        ("/join Line 4 key=sesame", sends("JOIN", "#Line-4", "sesame")),
        ("/join line 3", [Open(ROOM)]),
        ("/part", sends("PART", ROOM)),
        ("/part line 3", sends("PART", ROOM)),
        ("/rooms", [*sends("LIST"), Do(LocalAction.ROOMS)]),
        ("/invite Maria López", sends("INVITE", "Maria_López", ROOM)),
        ("/kick Ben no flooding please", sends("KICK", ROOM, "Ben", "no flooding please")),
        ("/kick Ben", sends("KICK", ROOM, "Ben")),
        ("/oper chief open sesame", sends("OPER", "chief", "open sesame")),
        ("/clear", [Do(LocalAction.CLEAR)]),
        ("/bell", [Do(LocalAction.BELL)]),
        ("/qr", [Do(LocalAction.QR)]),
        ("/quit", [Do(LocalAction.QUIT)]),
        ("/quit good night", [Do(LocalAction.QUIT, "good night")]),
        (r"\q", [Do(LocalAction.QUIT)]),
        (" \\q \n", [Do(LocalAction.QUIT)]),
        ("   ", []),
    ],
)
def test_what_commands_do(typed: str, actions: list[Action]) -> None:
    assert interpret(room(), typed) == actions


@pytest.mark.parametrize("name", ["me", "msg", "reply", "react", "nick", "whois", "join", "invite", "kick", "oper"])
def test_a_command_without_what_it_needs_tells_how_it_is_written(name: str) -> None:
    command = next(one for one in COMMANDS if one.name == name)
    assert shown(interpret(room(), f"/{name}")) == f"{command.usage()}: {command.help}."


def test_an_unknown_command_is_answered_with_the_nearest_one() -> None:
    text = shown(interpret(room(), "/nmes"))
    assert text == "There is no command /nmes. Did you mean /names? To say it all the same, type //nmes."
    assert "/help" in shown(interpret(room(), "/xyzzy"))


def test_help_has_every_command_that_works_here() -> None:
    text = shown(interpret(room(), "/help"))
    assert all(f"/{name} " in text for name in command_names(room()))
    assert "/delete" in text
    assert "/delete" not in shown(interpret(in_room(), "/help"))


def test_help_tells_of_one_command() -> None:
    assert shown(interpret(room(), "/help msg")) == "/msg NAME TEXT: say something to one person only."


def test_what_the_host_does_not_offer_is_refused() -> None:
    assert shown(interpret(in_room(), "/delete")) == "This host does not do /delete."


def test_names_and_topic_are_known_without_asking() -> None:
    state = room()
    assert shown(interpret(state, "/names")) == "In Line 3 (3): Ben (operator), Ana, Maria López"
    assert shown(interpret(state, "/topic")) == "There is no topic."
    heard(state, ":Ben!b@h TOPIC #Line-3 :Shift B")
    assert shown(interpret(state, "/topic")) == "Topic of Line 3: Shift B"


@pytest.mark.parametrize("typed", ["hello", "/me waves", "/topic x", "/names", "/part", "/invite Ben", "/kick Ben"])
def test_outside_of_any_room_it_is_said_what_to_do(typed: str) -> None:
    assert "You are in no room" in shown(interpret(ClientState(nick="Ana"), typed))


# ---- about messages ----------------------------------------------------------------------------------------------


def talked() -> ClientState:
    state = room()
    heard(
        state,
        "@msgid=b1 :Ben!b@h PRIVMSG #Line-3 :first of Ben",
        "@msgid=m1 :Maria_López!m@h PRIVMSG #Line-3 :of Maria",
        "@msgid=a1 :Ana!a@h PRIVMSG #Line-3 :mine",
        "@msgid=w1 :Ben!b@h PRIVMSG Ana :psst",
    )
    return state


def test_a_reply_is_to_the_last_message_of_somebody_else() -> None:
    assert interpret(talked(), "/reply yes") == [Say(Saying(ROOM, "yes", reply_to="m1"))]


def test_a_reply_may_name_whose_message_it_answers() -> None:
    assert interpret(talked(), "/reply Ben yes") == [Say(Saying(ROOM, "yes", reply_to="b1"))]


def test_a_reply_of_one_word_that_is_a_name_is_text() -> None:
    assert interpret(talked(), "/reply Ben") == [Say(Saying(ROOM, "Ben", reply_to="m1"))]


def test_a_reaction_names_its_message() -> None:
    tags = {"+draft/react": "👍", "+reply": "m1", "+draft/reply": "m1"}
    assert interpret(talked(), "/react 👍") == [Send(Message("TAGMSG", (ROOM,), tags=tags))]


def test_the_last_own_message_is_deleted() -> None:
    state = talked()
    assert interpret(state, "/delete") == sends("REDACT", ROOM, "a1")
    assert interpret(state, "/delete Maria López") == sends("REDACT", ROOM, "m1")
    heard(state, ":Ana!a@h REDACT #Line-3 a1")
    assert shown(interpret(state, "/delete")) == "There is no message here to delete."


def test_without_messages_there_is_nothing_to_answer() -> None:
    assert shown(interpret(room(), "/reply yes")) == "There is no message here to reply to."
    assert shown(interpret(room(), "/react 👍")) == "There is no message here to react to."


def test_who_spoke_last_is_offered_first() -> None:
    assert names_shown(room("Zoe")) == ["Ben", "Maria López", "Zoe"]
    state = talked()
    assert names_shown(state) == ["Ben", "Maria López"]
    heard(state, "@msgid=m2 :Maria_López!m@h PRIVMSG #Line-3 :again")
    assert names_shown(state) == ["Maria López", "Ben"]


@pytest.mark.parametrize("line", ["/topic ", "/away ", "/kick Ben ", "/quit "])
def test_a_text_that_would_be_cut_is_refused(line: str) -> None:
    [answer] = interpret(in_room("Ben"), line + "é" * 151)
    assert isinstance(answer, Show)
    assert "is too long: 302 bytes" in answer.text


_LONG = "x" * 600


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
@pytest.mark.parametrize(
    "rest",
    [_LONG, f"{_LONG} y", f"#{_LONG}", f"#a {_LONG}", f"Ben {_LONG}", "a," * 300 + " hi", ":a b", "\0 a", "a\rb c"],
)
def test_no_command_sends_what_a_line_of_the_protocol_cannot_carry(command: SlashCommand, rest: str) -> None:
    """The host would refuse it without saying what it was about; what has a CR inside cannot even be sent."""
    for action in interpret(room(), f"/{command.name} {rest}"):
        assert not isinstance(action, Send) or fits(action.message)


def test_a_command_that_is_too_long_is_refused_in_a_sentence() -> None:
    long = shown(interpret(room(), f"/oper chief {_LONG}"))
    assert long == "That is too long for /oper: a command has 512 bytes at most."
    assert shown(interpret(room(), "/oper :chief secret")).startswith("/oper NAME PASSWORD: ")
    assert shown(interpret(room(), "/topic a\rb")).startswith("/topic [TEXT]: ")
