"""Clients of three kinds in one channel: each sees exactly what its capabilities allow (issue 3)."""

from lanchat.protocol.capabilities import CAPABILITIES
from tests.chat.rig import START, Client, Rig

NONE = ""  # what an old client asks for
TIMED = "server-time"  # as many a client in use
ALL = " ".join(CAPABILITIES)
NOW = "2023-11-14T22:13:20.000Z"
OLD, SOME, NEW = "old", "some", "new"


def in_channel() -> tuple[Rig, Client, dict[str, Client]]:
    """Return a speaker that can do everything, logged in and a program, and one client of each kind, all in #a."""
    rig = Rig()
    rig.own("other")
    speaker = rig.client("zoe", caps=ALL, account="zoe")
    speaker.ask("MODE zoe +B", "JOIN #a")
    hearers = {nick: rig.client(nick, caps=caps) for nick, caps in ((OLD, NONE), (SOME, TIMED), (NEW, ALL))}
    for client in hearers.values():
        client.ask("JOIN #a")
    for client in hearers.values():
        client.lines()
    assert rig.now == START
    return rig, speaker, hearers


def seen(hearers: dict[str, Client]) -> dict[str, list[str]]:
    return {nick: client.lines() for nick, client in hearers.items()}


def test_a_message() -> None:
    _, speaker, hearers = in_channel()
    (echo,) = speaker.ask("@+draft/reply=x PRIVMSG #a :hi")
    msgid = echo.tags["msgid"]
    body = ":zoe!~username@10.0.0.9 PRIVMSG #a :hi"
    assert seen(hearers) == {
        OLD: [body],
        SOME: [f"@time={NOW} {body}"],
        NEW: [f"@time={NOW};account=zoe;bot;msgid={msgid};+draft/reply=x {body}"],
    }


def test_typing_and_reactions() -> None:
    _, speaker, hearers = in_channel()
    (echo,) = speaker.ask("@+typing=active TAGMSG #a")
    msgid = echo.tags["msgid"]
    assert seen(hearers) == {
        OLD: [],
        SOME: [],
        NEW: [f"@time={NOW};account=zoe;bot;msgid={msgid};+typing=active :zoe!~username@10.0.0.9 TAGMSG #a"],
    }


def test_several_lines() -> None:
    _, speaker, hearers = in_channel()
    start, *_ = speaker.ask(
        "BATCH +1 draft/multiline #a",
        "@batch=1 PRIVMSG #a :one",
        "@batch=1 PRIVMSG #a :",
        "@batch=1;draft/multiline-concat PRIVMSG #a :two",
        "BATCH -1",
    )
    msgid = start.tags["msgid"]
    source = ":zoe!~username@10.0.0.9"
    found = seen(hearers)
    reference = found[NEW][-1].partition("BATCH -")[2]
    assert found == {
        OLD: [f"{source} PRIVMSG #a :one", f"{source} PRIVMSG #a :two"],
        SOME: [f"@time={NOW} {source} PRIVMSG #a :one", f"@time={NOW} {source} PRIVMSG #a :two"],
        NEW: [
            f"@time={NOW};account=zoe;bot;msgid={msgid} {source} BATCH +{reference} draft/multiline #a",
            f"@batch={reference} {source} PRIVMSG #a :one",
            f"@batch={reference} {source} PRIVMSG #a :",
            f"@batch={reference};draft/multiline-concat {source} PRIVMSG #a :two",
            f"{source} BATCH -{reference}",
        ],
    }


def test_a_message_that_is_taken_back() -> None:
    rig, speaker, hearers = in_channel()
    (echo,) = speaker.ask("PRIVMSG #a :hi")
    seen(hearers)
    msgid = echo.tags["msgid"]
    speaker.send(f"REDACT #a {msgid} :typo")
    assert seen(hearers) == {
        OLD: [],
        SOME: [],
        NEW: [f"@time={NOW};account=zoe;bot;msgid={rig.last_msgid} :zoe!~username@10.0.0.9 REDACT #a {msgid} typo"],
    }


def test_what_is_only_for_those_who_asked() -> None:
    _, speaker, hearers = in_channel()
    tags = f"@time={NOW};account=zoe;bot :zoe!~username@10.0.0.9"
    speaker.send("AWAY :lunch", "SETNAME :Zoé", "AWAY")
    assert seen(hearers) == {OLD: [], SOME: [], NEW: [f"{tags} AWAY :lunch", f"{tags} SETNAME Zoé", f"{tags} AWAY"]}
    speaker.login("other")
    assert seen(hearers) == {OLD: [], SOME: [], NEW: [f"{tags} ACCOUNT other"]}


def test_somebody_who_comes_in() -> None:
    rig, _, hearers = in_channel()
    late = rig.client("late", caps=ALL, account="late")
    late.send("AWAY :soon", "JOIN #a")
    source = ":late!~username@10.0.0.9"
    tags = f"@time={NOW};account=late {source}"
    assert seen(hearers) == {
        OLD: [f"{source} JOIN #a"],
        SOME: [f"@time={NOW} {source} JOIN #a"],
        NEW: [
            f"@time={NOW};account=late;msgid={rig.last_msgid} {source} JOIN #a late :Real Name",
            f"{tags} AWAY :soon",
        ],
    }


def test_coming_into_a_channel() -> None:
    """What one gets oneself: names, what was said, how far one has read; each in one's own way.

    Who can ask for what was said (draft/chathistory) is not told it unasked.
    """
    rig, speaker, hearers = in_channel()
    speaker.send("PRIVMSG #a :hi")
    for client in hearers.values():
        client.send("PART #a")
    speaker.send("TOPIC #a :tea")
    rig.now += 3_600  # who is back at once is shown no more than they have missed
    later = "2023-11-14T23:13:20.000Z"
    for client in hearers.values():
        client.lines()
    found: dict[str, list[str]] = {}
    for nick, client in hearers.items():
        client.send("JOIN #a")
        joined = rig.last_msgid
        found[nick] = client.lines()
        client.send("PART #a")
    server = ":My.Little.Server"
    said = ":zoe!~username@10.0.0.9 PRIVMSG #a :"
    assert found == {
        OLD: [
            ":old!~username@10.0.0.9 JOIN #a",
            f"{server} 332 old #a :tea",
            f"{server} 333 old #a zoe 1700000000",
            f"{server} 353 old = #a :@zoe old",
            f"{server} 366 old #a :End of names",
            f"{server} NOTICE #a :earlier here, 22:13 to 22:13 UTC:",
            f"{said}[22:13 UTC] hi",
            f"{server} NOTICE #a :now:",
        ],
        SOME: [
            f"@time={later} :some!~username@10.0.0.9 JOIN #a",
            f"@time={later} {server} 332 some #a :tea",
            f"@time={later} {server} 333 some #a zoe 1700000000",
            f"@time={later} {server} 353 some = #a :@zoe some",
            f"@time={later} {server} 366 some #a :End of names",
            f"@time={later} {server} NOTICE #a :earlier here, 22:13 to 22:13 UTC:",
            f"@time={NOW} {said}[22:13 UTC] hi",
            f"@time={later} {server} NOTICE #a :now:",
        ],
        NEW: [
            f"@time={later};msgid={joined} :new!~username@10.0.0.9 JOIN #a * :Real Name",
            f"@time={later} {server} 332 new #a :tea",
            f"@time={later} {server} 333 new #a zoe 1700000000",
            f"@time={later} {server} MARKREAD #a *",
        ],
    }


def test_everything_else_is_for_everybody() -> None:
    _, speaker, hearers = in_channel()
    speaker.send("MODE #a +m", "TOPIC #a :tea", "KICK #a old :out", "NICK zoé", "PART #a :bye")
    commands = {nick: [message.command for message in client.read()] for nick, client in hearers.items()}
    assert commands == {
        OLD: ["MODE", "TOPIC", "KICK"],
        SOME: ["MODE", "TOPIC", "KICK", "NICK", "PART"],
        NEW: ["MODE", "TOPIC", "KICK", "NICK", "PART"],
    }
