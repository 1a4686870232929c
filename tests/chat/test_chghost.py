"""CHGHOST: somebody goes on from another address. Sentences are from ircv3.net/specs/extensions/chghost."""

from lanchat.protocol.plain_wire import PlainWire
from tests.chat.rig import SERVER, Client, Rig


def zoe_at(rig: Rig, address: str, caps: str = "") -> Client:
    """A session of zoe, logged in, at an address."""
    return rig.client("zoe", address=address, caps=caps, account="zoe")


def moved(rig: Rig) -> tuple[Client, Client]:
    """Two sessions of zoe: the one that her address is that of, and one elsewhere."""
    old = zoe_at(rig, "10.0.0.1")
    old.send("JOIN #chan,#dock")
    return old, zoe_at(rig, "10.0.0.2", "chghost")


def test_who_goes_on_at_another_address_is_seen_there() -> None:
    """“When a client username or host is changed, servers MUST send the CHGHOST message to other clients who share
    channels with the target client and who have enabled the chghost capability. Servers SHOULD also send the CHGHOST
    message to the client whose own username or host changed, if that client also supports the chghost capability.”
    """
    rig = Rig()
    old, new = moved(rig)
    ana, far = rig.client("ana", caps="chghost"), rig.client("far", caps="chghost")
    ana.send("JOIN #chan,#dock")
    ana.read()
    new.read()
    old.drop()
    assert ana.lines() == new.lines() == [":zoe!~username@10.0.0.1 CHGHOST ~username 10.0.0.2"]
    assert far.lines() == []
    assert ana.numerics("WHOIS zoe")[0][4] == "10.0.0.2"


def test_to_others_it_looks_like_leaving_and_coming_back() -> None:
    """“When the capability is not enabled for other clients who share channels with the changed client, servers SHOULD
    send fallback messages to simulate the client reconnecting. […] For shared channels, the simulated events SHOULD
    include appropriate QUIT, JOIN and MODE commands, to restore membership and user channel modes.”
    """
    rig = Rig()
    old, new = moved(rig)
    new.send("AWAY :on the way")
    ana = rig.client("ana", caps="extended-join away-notify")
    bob = rig.client("bob")
    ana.send("JOIN #chan")
    bob.send("JOIN #dock")
    ana.read()
    bob.read()
    old.drop()
    assert ana.lines() == [
        ":zoe!~username@10.0.0.1 QUIT :Changing host",
        ":zoe!~username@10.0.0.2 JOIN #chan zoe :Real Name",
        f":{SERVER} MODE #chan +o zoe",
        ":zoe!~username@10.0.0.2 AWAY :on the way",
    ]
    assert bob.lines() == [
        ":zoe!~username@10.0.0.1 QUIT :Changing host",
        ":zoe!~username@10.0.0.2 JOIN #dock",
        f":{SERVER} MODE #dock +o zoe",
    ]


def test_peers_without_a_protocol_are_not_bothered() -> None:
    """They see no hosts; that somebody left and came back would not be true."""
    rig = Rig()
    old, _ = moved(rig)
    plain = rig.client(wire=PlainWire("Chan", "#chan"))
    plain.send("hello", "nc")
    assert plain.raw.endswith(b"* In the room: zoe, nc\r\n")
    plain.raw = b""
    old.drop()
    assert plain.raw == b""


def test_who_watches_hears_of_it() -> None:
    """“If chghost is also enabled, the client will get CHGHOST notifications for monitored nicks.”"""
    rig = Rig()
    old, _ = moved(rig)
    eager = rig.client("eager", caps="chghost extended-monitor")
    other = rig.client("other", caps="extended-monitor")
    for client in (eager, other):
        client.send("MONITOR + zoe")
        client.read()
    old.drop()
    assert eager.lines() == [":zoe!~username@10.0.0.1 CHGHOST ~username 10.0.0.2"]
    assert other.lines() == []


def test_nothing_changes_while_a_session_is_left_there() -> None:
    """“when clients change their username or host”: they do not."""
    rig = Rig()
    old, new = moved(rig)
    third = zoe_at(rig, "10.0.0.1")
    old.drop()
    assert new.lines() == []
    third.drop()
    assert len(new.lines()) == 1
    new.drop()
    assert rig.network.user("zoe") is None


def test_bans_mean_where_somebody_is_now() -> None:
    """“their nickmask (the combination of nick!user@host) is compared with each banned client mask” —
    modern.ircdocs.horse, "Ban Channel Mode".
    """
    rig = Rig()
    old, new = moved(rig)
    op = rig.client("op")
    op.send("JOIN #guarded", "MODE #guarded +b *!*@10.0.0.2")
    old.drop()
    new.read()
    assert new.numerics("JOIN #guarded")[0][0] == "474"
