import pytest

from tests.chat.rig import Client, Rig

CAPS = "message-tags echo-message batch labeled-response draft/message-redaction"


def in_channel(rig: Rig, **caps: str) -> list[Client]:
    """Return clients by their nicks, with these capabilities, all in #chan; the first is its operator."""
    clients = [rig.client(nick, caps=words) for nick, words in caps.items()]
    for client in clients:
        client.ask("JOIN #chan")
    for client in clients:
        client.lines()
    return clients


def said(client: Client, *others: Client, target: str = "#chan") -> str:
    """Let a client say something; return the msgid."""
    (echo,) = client.ask(f"PRIVMSG {target} :an example")
    for other in others:
        other.lines()
    return echo.tags["msgid"]


def untagged(client: Client) -> list[str]:
    """Return the lines that a client was sent, without their tags."""
    return [line.partition(" ")[2] if line.startswith("@") else line for line in client.lines()]


def test_one_s_own_message_can_be_taken_back() -> None:
    """IRCv3 message-redaction: "SHOULD forward this REDACT, with an appropriate prefix, to the target recipients"."""
    bob, alice = in_channel(Rig(), bob=CAPS, alice=CAPS)
    msgid = said(alice, bob)
    assert alice.numerics(f"REDACT #chan {msgid}") == [("REDACT", "#chan", msgid)]
    assert untagged(bob) == [f":alice!~username@10.0.0.9 REDACT #chan {msgid}"]


def test_an_operator_can_take_back_anybodys_for_a_reason() -> None:
    """IRCv3 message-redaction, "Server implementation considerations": "Allowing channel moderators […] to delete"."""
    op, alice = in_channel(Rig(), op=CAPS, alice=CAPS)
    msgid = said(alice, op)
    op.ask(f"REDACT #chan {msgid} :bad example")
    assert untagged(alice) == [f":op!~username@10.0.0.9 REDACT #chan {msgid} :bad example"]


def test_others_may_not_take_back_what_is_not_theirs() -> None:
    """IRCv3 message-redaction: "FAIL REDACT REDACT_FORBIDDEN <target> <target-msgid> :[…]"."""
    op, alice, bob = in_channel(Rig(), op=CAPS, alice=CAPS, bob=CAPS)
    msgid = said(alice, op, bob)
    (answer,) = bob.numerics(f"REDACT #chan {msgid}")
    assert answer[:5] == ("FAIL", "REDACT", "REDACT_FORBIDDEN", "#chan", msgid)
    assert len(answer) == 6
    assert op.lines() == alice.lines() == []


def test_an_unknown_message_is_told_so() -> None:
    """IRCv3 message-redaction: "FAIL REDACT UNKNOWN_MSGID <target> <target-msgid> :[…]"."""
    (alice,) = in_channel(Rig(), alice=CAPS)
    (answer,) = alice.numerics("REDACT #chan unknown")
    assert answer[:5] == ("FAIL", "REDACT", "UNKNOWN_MSGID", "#chan", "unknown")
    assert len(answer) == 6


@pytest.mark.parametrize("target", ["#fake", "nobody", "#other"])
def test_where_one_is_not_nothing_can_be_taken_back(target: str) -> None:
    """IRCv3 message-redaction: "FAIL REDACT INVALID_TARGET <target> :You cannot delete messages from <target>"."""
    rig = Rig()
    rig.client("other").ask("JOIN #other")
    (alice,) = in_channel(rig, alice=CAPS)
    (answer,) = alice.numerics(f"REDACT {target} x")
    assert answer[:4] == ("FAIL", "REDACT", "INVALID_TARGET", target)
    assert len(answer) == 5


def test_who_did_not_agree_on_it_never_sees_a_redaction() -> None:
    """IRCv3 message-redaction: "MUST not forward this REDACT to target recipients that have not negotiated"."""
    alice, bob, carol = in_channel(Rig(), alice=CAPS, bob="message-tags", carol="")
    msgid = said(alice, bob, carol)
    alice.ask(f"REDACT #chan {msgid}")
    assert bob.lines() == carol.lines() == []


def test_a_message_to_a_person_can_be_taken_back_from_them() -> None:
    rig = Rig()
    alice, bob = rig.client("alice", caps=CAPS), rig.client("bob", caps=CAPS)
    msgid = said(alice, bob, target="bob")
    assert alice.numerics(f"REDACT bob {msgid}") == [("REDACT", "bob", msgid)]
    assert untagged(bob) == [f":alice!~username@10.0.0.9 REDACT bob {msgid}"]


def test_but_not_by_them() -> None:
    rig = Rig()
    alice, bob = rig.client("alice", caps=CAPS), rig.client("bob", caps=CAPS)
    msgid = said(alice, bob, target="bob")
    assert bob.numerics(f"REDACT alice {msgid}")[0][2] == "REDACT_FORBIDDEN"


def test_a_message_is_looked_for_where_it_was_said() -> None:
    (alice,) = in_channel(Rig(), alice=CAPS)
    alice.ask("JOIN #alice")
    msgid = said(alice, target="#chan")
    assert alice.numerics(f"REDACT #alice {msgid}")[0][2:5] == ("UNKNOWN_MSGID", "#alice", msgid)


def test_what_was_taken_back_is_not_replayed_nor_taken_back_twice() -> None:
    """IRCv3 message-redaction, "Chat history": "exclude it entirely"."""
    rig = Rig()
    alice, _ = in_channel(rig, alice=CAPS, bob="")
    msgid = said(alice)
    said(alice)
    alice.ask(f"REDACT #chan {msgid}")
    late = rig.client("late", caps=CAPS)
    assert len([message for message in late.ask("JOIN #chan") if message.command == "PRIVMSG"]) == 1
    assert alice.numerics(f"REDACT #chan {msgid}")[0][2] == "UNKNOWN_MSGID"


def test_several_lines_are_taken_back_as_one() -> None:
    rig = Rig()
    alice, bob = in_channel(rig, alice=f"{CAPS} draft/multiline", bob=CAPS)
    start, *_ = alice.ask(
        "BATCH +1 draft/multiline #chan", "@batch=1 PRIVMSG #chan :a", "@batch=1 PRIVMSG #chan :b", "BATCH -1"
    )
    bob.lines()
    alice.ask(f"REDACT #chan {start.tags['msgid']}")
    assert untagged(bob) == [f":alice!~username@10.0.0.9 REDACT #chan {start.tags['msgid']}"]


def test_a_message_stays_ones_own_under_another_nick() -> None:
    op, alice = in_channel(Rig(), op=CAPS, alice=CAPS)
    msgid = said(alice, op)
    alice.ask("NICK alicia")
    assert alice.numerics(f"REDACT #chan {msgid}") == [("REDACT", "#chan", msgid)]


def test_who_takes_the_nick_next_does_not_take_the_messages() -> None:
    rig = Rig()
    op, alice = in_channel(rig, op=CAPS, alice=CAPS)
    msgid = said(alice, op)
    alice.send("QUIT")
    (other,) = in_channel(rig, alice=CAPS)
    assert other.numerics(f"REDACT #chan {msgid}")[0][2] == "REDACT_FORBIDDEN"


def test_with_an_account_a_message_is_ones_own_from_everywhere() -> None:
    rig = Rig()
    (op,) = in_channel(rig, op=CAPS)
    alice = rig.client("alice", caps=f"sasl {CAPS}", account="alice")
    alice.ask("JOIN #chan")
    msgid = said(alice, op)
    alice.send("QUIT")
    back = rig.client("alice", caps=f"sasl {CAPS}", account="alice", address="10.0.0.7")
    back.ask("JOIN #chan")
    assert back.numerics(f"REDACT #chan {msgid}") == [("REDACT", "#chan", msgid)]


def test_what_was_said_before_the_login_is_ones_own_still() -> None:
    op, alice = in_channel(Rig(), op=CAPS, alice=f"sasl {CAPS}")
    msgid = said(alice, op)
    alice.login("alice")
    assert alice.numerics(f"REDACT #chan {msgid}") == [("REDACT", "#chan", msgid)]


def test_the_hosts_operator_may_moderate_everywhere() -> None:
    rig = Rig(operators={"root": "toor"})
    op, alice = in_channel(rig, op=CAPS, alice=CAPS)
    msgid = said(alice, op)
    root = rig.client("root", caps=CAPS)
    root.ask("OPER root toor")
    assert root.numerics(f"REDACT #chan {msgid} :spam") == [("REDACT", "#chan", msgid, "spam")]
    assert untagged(alice) == [f":root!~username@10.0.0.9 REDACT #chan {msgid} spam"]


def test_a_reaction_cannot_be_taken_back() -> None:
    """The suite: a TAGMSG can be redacted, or is UNKNOWN_MSGID."""
    (alice,) = in_channel(Rig(), alice=CAPS)
    (echo,) = alice.ask("@+draft/react=x TAGMSG #chan")
    assert alice.numerics(f"REDACT #chan {echo.tags['msgid']}")[0][2] == "UNKNOWN_MSGID"


def test_redact_needs_to_know_what() -> None:
    (alice,) = in_channel(Rig(), alice=CAPS)
    assert alice.numerics("REDACT #chan") == [("461", "alice", "REDACT", "Not enough parameters")]


def test_the_answer_bears_the_label() -> None:
    (alice,) = in_channel(Rig(), alice=CAPS)
    msgid = said(alice)
    assert alice.ask(f"@label=1 REDACT #chan {msgid}")[0].tags["label"] == "1"
    assert alice.ask(f"@label=2 REDACT #chan {msgid}")[0].tags["label"] == "2"
