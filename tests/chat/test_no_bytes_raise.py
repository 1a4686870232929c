"""Whatever is sent, in whatever state, the network answers: it never raises, and nobody gets what they cannot read."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lanchat.chat.commands.table import COMMANDS
from lanchat.chat.state.settings import Room
from lanchat.limits import MAX_TAG_BYTES
from lanchat.protocol.capabilities import CAPABILITIES, is_tag_for
from lanchat.protocol.irc_wire import IrcWire
from lanchat.protocol.message import format_tags, parse_message
from lanchat.protocol.plain_wire import PlainWire
from lanchat.protocol.text import clean
from tests.chat.rig import Client, Rig

# Words that mean something somewhere, so that commands find what they look for.
_WORDS = """
    alice bob carol guest #Line-3 #a #b @#a +#a @+#a #c,#a alice,bob * 0 - + +o -o +b +e-I +k +l +v +m +t +s +n +i +C
    +bbb +kl-kl -k +B -B +i-i LS LIST REQ END ACK 302 PLAIN = sasl batch message-tags draft/multiline +1 -1 +x -x 1 x
    draft/multiline id7 id9 timestamp=2023-11-14T22:13:20.000Z timestamp= L S C %tcuihsnfdlaor,123 %n,99 o *!*@*
    m:bob!*@* ~m:* a?c <9 >0 !*a* C<5 T>1 root toor wrong AHpvZQBzZXNhbWU= ALICE amlsbGVzAGppbGxlcwBzZXNhbWU=
    :-) \x01VERSION\x01 \x01ACTION x\x01 é 😊 田中 My.Little.Server
"""
WORDS = st.sampled_from(_WORDS.split())
FREE = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=40)
LONG = st.sampled_from(
    ["x" * 600, "x" * 490, "é" * 200, "😊" * 115, "word " * 90, "#" + "x" * 63, "#" + "y" * 64, "n" * 41]
)
PARAMS = st.lists(WORDS | FREE | LONG, max_size=5)
TAG_NAMES = st.sampled_from(
    ["label", "batch", "+typing", "+draft/reply", "msgid", "draft/multiline-concat", "time", "+", ""]
)
TAGS = st.dictionaries(TAG_NAMES, st.sampled_from(["", "1", "x", "é", r"a\sb\:", "y" * 70, "z" * 4100]), max_size=3)
ALL = " ".join(CAPABILITIES)


@st.composite
def built(draw: st.DrawFn) -> bytes:
    """Return a line that looks like a command: one of the table, with tags and parameters that may fit it."""
    command = draw(st.sampled_from([*COMMANDS, "NONSENSE", "privmsg"]))
    params = draw(PARAMS)
    is_trailing: bool = draw(st.booleans())
    if params and is_trailing:
        params[-1] = f":{params[-1]}"
    tags = draw(TAGS)
    head = "@" + ";".join(f"{tag}={value}" for tag, value in tags.items()) + " " if tags else ""
    source = draw(st.sampled_from(["", "", "", ":alice "]))
    return f"{head}{source}{' '.join([command, *params])}".encode()


LINES = built() | built() | st.binary(max_size=80).map(lambda data: data.replace(b"\n", b""))
SCRIPT = st.lists(st.tuples(st.integers(0, 6), LINES), max_size=25)


def people(rig: Rig) -> list[Client]:
    """Return sessions in all kinds of states: unregistered, negotiating, old, new, one person twice, somebody at nc."""
    negotiating = rig.client()
    negotiating.ask("CAP LS 302", f"CAP REQ :{ALL}", "NICK late")
    alice = rig.client("alice", caps=ALL, account="alice")
    alice.ask("JOIN #a,#b", "MODE #a +b carol", "PRIVMSG #a :said", "BATCH +1 draft/multiline #a")
    again = rig.client("alice", caps="sasl server-time", account="alice")
    bob = rig.client("bob", caps="message-tags echo-message labeled-response")
    bob.ask("JOIN #Line-3,#a", "MONITOR + alice,carol", "AWAY :lunch")
    carol = rig.client("carol")
    carol.ask("JOIN #b", "OPER root toor")
    at_nc = rig.client(wire=PlainWire("Line 3", "#Line-3"))
    at_nc.send("hello", "Dora")
    at_nc.raw = b""
    return [rig.client(), negotiating, alice, again, bob, carol, at_nc]


def check(client: Client) -> None:
    """Every line that a session was sent can be read, fits, and bears only tags that it asked for."""
    *lines, rest = client.raw.split(b"\r\n")
    client.raw = b""
    assert rest == b""
    if not isinstance(client.session.wire, IrcWire):
        assert all(clean(line.decode()) == line.decode() for line in lines)  # nothing that steers a terminal
        return
    for line in lines:
        message = parse_message(line, MAX_TAG_BYTES)  # raises for what is over a limit
        assert message.command
        tags = format_tags(message.tags)
        assert len(line) - len(tags.encode()) <= 510


def check_tags(client: Client, had: frozenset[str]) -> None:
    """As `check`; a change of capabilities takes effect in the middle, so both sets may show."""
    allowed = had | client.session.capabilities
    for line in client.raw.split(b"\r\n"):
        if line.startswith(b"@"):
            names = parse_message(line, MAX_TAG_BYTES).tags
            assert all(is_tag_for(name, allowed) for name in names), line
    check(client)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(SCRIPT)
@example([(2, b"@batch=1 PRIVMSG #a :one"), (2, b"@label=x BATCH -1"), (4, b"@label=y JOIN #b")])
@example([(5, b"MODE #b +k :"), (5, b"MODE #b +l :"), (5, b"KICK #b carol"), (5, b"PART #b"), (0, b"QUIT")])
def test_no_lines_make_the_network_raise(script: list[tuple[int, bytes]]) -> None:
    rig = Rig(operators={"root": "toor"}, rooms=(Room("Line 3", "#Line-3", "0"), Room("Line 4", "#Line-4", "1")))
    clients = people(rig)
    for who, line in script:
        had = [client.session.capabilities for client in clients]
        clients[who].send(line)
        rig.tick(7)
        for client, capabilities in zip(clients, had, strict=True):
            check_tags(client, capabilities)
    check_state(rig)
    for client in clients:
        client.drop()
    assert not rig.network.users
    assert not rig.network.sessions
    assert rig.network.unknown_count == 0
    assert set(rig.network.channels) == {"#line-3", "#line-4"}


def check_state(rig: Rig) -> None:
    """What the network knows of people, sessions and channels is of one mind."""
    network = rig.network
    for folded, user in network.users.items():
        assert user.folded == folded
        assert user.sessions
        assert all(session.user is user and session in network.sessions for session in user.sessions)
        assert all(
            user in channel.members and network.channels[name] is channel for name, channel in user.channels.items()
        )
    for channel in network.channels.values():
        assert channel.members or channel.is_hosted
        assert all(channel.folded in user.channels for user in channel.members)
        assert channel.audience() == [session for user in channel.members for session in user.sessions]
    assert network.unknown_count == sum(session.user is None for session in network.sessions)
    assert not any(session.is_closed for session in network.sessions)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=12))
def test_no_lines_raise_before_registration(lines: list[bytes]) -> None:
    rig = Rig(password="open", max_clients=2)
    client = rig.client()
    for line in lines:
        had = client.session.capabilities
        client.send(line)
        check_tags(client, had)
    check_state(rig)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_stream_of_bytes_raises(data: bytes) -> None:
    client = Rig().client("foo", caps=ALL)
    client.send(data)
    check(client)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), LINES), max_size=12), st.integers(1, 200))
def test_limits_of_floods_and_hashing_change_nothing_of_that(script: list[tuple[int, bytes]], tick: int) -> None:
    rig = Rig(operators={"root": "toor"}, is_flood_limited=True)
    clients = people(rig)
    for who, line in script:
        clients[who].send(line)
        rig.tick(tick)
    check_state(rig)
    for client in clients:
        check(client)
