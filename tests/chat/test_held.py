"""What one address can have the host hold is bounded in bytes, and so is what all can."""

import tracemalloc

from lanchat.chat.state.history import Event
from lanchat.chat.state.ledger import Ledger
from lanchat.chat.state.memory_history import MemoryHistory
from lanchat.chat.state.people import User
from lanchat.chat.state.read_markers import ReadMarkers
from lanchat.limits import (
    HELD_FOR_ADDRESS_BYTES,
    MAX_CHANNELS_OF_ADDRESS,
    MAX_HELD_FOR_ADDRESS_BYTES,
    MAX_HISTORY_BYTES,
    MAX_HISTORY_BYTES_OF_ADDRESS,
    MAX_INVITED,
    MAX_LISTS_BYTES_OF_ADDRESS,
    MAX_MARKERS_BYTES,
    MAX_MARKERS_BYTES_OF_ADDRESS,
    REPLAY_BYTES,
)
from lanchat.protocol.message import Message
from tests.chat.rig import START, Rig


def said(history: MemoryHistory, key: str, address: str, text: str = "x" * 400, command: str = "PRIVMSG") -> str:
    """Keep something that came from an address, and return its msgid."""
    stamp = history.stamp(START)
    message = Message(command, ("bob", text), "zoe!z@h", {"msgid": stamp.msgid})
    history.record([key], Event(*stamp, "visit 1", message, address=address))
    return stamp.msgid


def test_the_sum_of_what_one_address_can_have_held_is_32_mib() -> None:
    assert sum(HELD_FOR_ADDRESS_BYTES.values()) <= MAX_HELD_FOR_ADDRESS_BYTES == 32 * 2**20


def test_the_oldest_of_an_address_goes_and_nothing_of_another() -> None:
    history = MemoryHistory("run")
    first = said(history, "bob zoe", "10.0.0.1")
    oldest, *_, last = [said(history, f"zoe {number % 500}", "10.0.0.2") for number in range(20_000)]
    assert history.ledger.held("10.0.0.2") <= MAX_HISTORY_BYTES_OF_ADDRESS
    assert history.find(["bob zoe"], first)
    assert history.find([f"zoe {19_999 % 500}"], last), "the latest is kept"
    assert not history.find(["zoe 0"], oldest)


def test_what_is_kept_is_counted_at_the_address_it_came_from() -> None:
    rig = Rig()
    assert isinstance(rig.network.history, MemoryHistory)
    ledger = rig.network.history.ledger
    zoe, _ada = rig.client("zoe", address="10.0.0.2"), rig.client("ada", address="10.0.0.3")
    held_bytes = [ledger.held("10.0.0.2")]
    for line in ("JOIN #x", "PRIVMSG #x :hi", "PRIVMSG ada :hi", "TOPIC #x :new"):
        zoe.send(line)
        held_bytes.append(ledger.held("10.0.0.2"))
    assert held_bytes == sorted(set(held_bytes)), "each adds some"
    assert ledger.held("") == 0


def test_who_comes_and_goes_without_end_is_counted_too() -> None:
    history = MemoryHistory("run")
    for number in range(20_000):
        said(history, f"#c{number % 500}", "10.0.0.2", command="JOIN")
    assert history.ledger.held("10.0.0.2") <= MAX_HISTORY_BYTES_OF_ADDRESS


def test_of_all_the_conversation_that_was_silent_longest_goes() -> None:
    history = MemoryHistory("run")
    for number in range(3_000):
        said(history, f"zoe {number}", f"10.0.0.{number % 200}", "x" * 60_000)
    assert history.ledger.total <= MAX_HISTORY_BYTES
    assert not history.recent("zoe 0", 1)
    assert history.recent("zoe 2999", 1)


def test_what_was_read_from_a_file_is_bounded_with_all_and_belongs_to_no_address() -> None:
    history = MemoryHistory("run")
    rooms = [f"room {number}" for number in range(1_500)]
    for room in rooms:
        said(history, room, "", "x" * 20_000)
    assert history.ledger.held("") > MAX_HISTORY_BYTES_OF_ADDRESS
    assert all(history.recent(room, 1) for room in rooms)
    for room in rooms:
        said(history, room, "", "x" * 40_000)
    assert history.ledger.total <= MAX_HISTORY_BYTES


def test_what_is_forgotten_is_counted_out() -> None:
    history = MemoryHistory("run", 2)
    last = [said(history, "#a", "10.0.0.1") for _ in range(5)][-1]
    both_bytes = history.ledger.total
    history.redact(["#a"], last)
    assert history.ledger.total < both_bytes - 400, "its text is gone, its place is kept"
    said(history, "#b", "10.0.0.1")
    history.forget("#a")
    assert history.ledger.held("10.0.0.1") == both_bytes / 2
    history.drop_before(round(START * 1000) + 1_000)
    assert (history.ledger.total, history.ledger.held("10.0.0.1")) == (0, 0)


def test_what_is_counted_is_about_what_it_takes() -> None:
    history = MemoryHistory("run")
    tracemalloc.start()
    for number in range(4_000):
        said(history, f"zoe {number % 400}", "10.0.0.1", f"{number} \U0001f600" + "y" * 400)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken <= 1.1 * MAX_HISTORY_BYTES_OF_ADDRESS


def test_bans_of_one_address_end_at_their_bytes_and_are_given_back() -> None:
    rig = Rig()
    zoe = rig.client("zoe", address="10.0.0.2")
    for channel in range(40):
        zoe.send(f"JOIN #c{channel}")
        for number in range(0, 96, 6):
            masks = " ".join(f"{'x' * 40}{number + at}!*@*" for at in range(6))
            zoe.send(f"MODE #c{channel} +bbbbbb {masks}")
    assert "478" in [code for code, *_ in zoe.numerics("MODE #c39 +b one!*@*")]
    assert MAX_LISTS_BYTES_OF_ADDRESS * 0.95 < rig.network.lists.total <= MAX_LISTS_BYTES_OF_ADDRESS
    ada = rig.client("ada", address="10.0.0.3")
    ada.send("JOIN #ada")
    assert ("MODE", "#ada", "+b", "one!*@*") in ada.numerics("MODE #ada +b one!*@*"), "others have their own part"
    ada.send("MODE #ada -b one!*@*")
    zoe.send("JOIN 0")
    assert rig.network.lists.total == 0


def test_channels_of_one_address_have_a_bound_and_leave_others_theirs() -> None:
    rig = Rig(rooms=())
    for number in range(0, MAX_CHANNELS_OF_ADDRESS + 50, 25):
        rig.client(f"z{number}").send("JOIN " + ",".join(f"#{at}" for at in range(number, number + 25)))
    assert len(rig.network.channels) == MAX_CHANNELS_OF_ADDRESS
    rig.client("ada", address="10.0.0.3").send("JOIN #ada")
    assert "#ada" in rig.network.channels


def test_who_was_invited_longest_ago_is_forgotten_over_the_bound() -> None:
    rig = Rig()
    (zoe,) = rig.channel("#x", "zoe")
    for number in range(MAX_INVITED + 5):
        rig.client(f"n{number}")
        zoe.send(f"INVITE n{number} #x")
    invited = [user.nick for user in rig.network.channels["#x"].invited]
    assert (len(invited), invited[0]) == (MAX_INVITED, "n5")


def test_read_markers_of_one_address_have_a_bound() -> None:
    markers = ReadMarkers()
    ada = User("ada", "a", "Ada", "10.0.0.1", START)
    markers.advance(ada, "#x", "timestamp=1")
    for number in range(50):
        zoe = User(f"z{number}", "z", "Zoe", "10.0.0.2", START)
        for target in range(200):
            markers.advance(zoe, f"#{target}", "timestamp=1")
    assert markers.ledger.held("10.0.0.2") <= MAX_MARKERS_BYTES_OF_ADDRESS
    assert markers.get(zoe, "#199") == markers.get(ada, "#x") == "timestamp=1"
    markers.forget(ada)
    assert markers.ledger.held("10.0.0.1") == 0


def test_read_markers_that_were_kept_are_bounded_with_all_and_belong_to_no_address() -> None:
    markers = ReadMarkers()
    kept = [(f"account z{number}", f"#{at}", "timestamp=1") for number in range(50) for at in range(210)]
    markers.restore(kept)
    zoe = User("zoe", "z", "Zoe", "10.0.0.2", START)
    for number in range(50):
        zoe.account = f"z{number}"
        assert markers.get(zoe, "#209") == "timestamp=1"
        assert len(markers.all(zoe)) == 200
    assert markers.ledger.held("10.0.0.2") == 0
    markers.advance(zoe, "#209", "timestamp=2")
    assert markers.ledger.held("10.0.0.2") > 0
    markers.restore((f"account y{number}", f"#{at}", "timestamp=1") for number in range(200) for at in range(200))
    assert markers.ledger.total <= MAX_MARKERS_BYTES


def test_what_one_command_replays_has_a_bound_and_the_latest_are_shown() -> None:
    rig = Rig()
    caps = "batch draft/multiline server-time"
    zoe = rig.client("zoe", caps=caps)
    zoe.send("JOIN #x")
    for number in range(40):
        lines = [f"@batch=1 PRIVMSG #x :{number} {'y' * 400}"] * 35
        zoe.send("BATCH +1 draft/multiline #x", *lines, "BATCH -1")
    ada = rig.client("ada", caps=caps)
    ada.raw = b""
    ada.send("JOIN #x")
    assert len(ada.raw) < 1.3 * REPLAY_BYTES
    assert b" :39 y" in ada.raw
    assert b" :1 y" not in ada.raw


def test_a_ledger_forgets_who_holds_nothing() -> None:
    ledger = Ledger(10, 15)
    ledger.add("a", 10)
    assert not ledger.is_over("a")
    assert ledger.is_over("a", 1)
    assert ledger.is_all_over(6)
    ledger.remove("a", 10)
    assert ledger.held("a") == ledger.total == 0
