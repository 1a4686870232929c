"""The log of a channel: serials that stay, whatever is loaded above or in a gap, and bounds."""

from hypothesis import given
from hypothesis import strategies as st

from lanchat.client.state.entries import Entry, EntryKind
from lanchat.client.state.log import EntryLog
from tests.client.lines import NOW_S


def entry(text: str, msgid: str = "", kind: EntryKind = EntryKind.MESSAGE) -> Entry:
    return Entry(kind, NOW_S, text=text, msgid=msgid)


def texts(log: EntryLog) -> str:
    return "".join(one.text for one in log)


def test_what_is_loaded_above_leaves_all_serials_as_they_are() -> None:
    log = EntryLog()
    kept = [log.add(entry("d")), log.add(entry("e"))]
    log.insert_before(log.first_serial, [entry("b", "m1"), entry("c")])
    log.insert_before(log.first_serial, [entry("a")])
    assert texts(log) == "abcde"
    assert [log.by_serial(one.serial) for one in kept] == kept
    assert log.by_msgid("m1") == log[1]
    assert log.before(kept[0].serial) == log[2]
    assert log.before(log.first_serial) is None
    assert log.add(entry("f")).serial == kept[1].serial + 1


def test_a_gap_has_room_and_goes() -> None:
    log = EntryLog()
    log.add(entry("a"))
    gap = log.add(entry("…", kind=EntryKind.GAP)).serial
    below = log.add(entry("d")).serial
    log.insert_before(below, [entry("c")])
    log.insert_before(below - 1, [entry("b")])
    assert texts(log) == "a…bcd"
    log.remove(gap)
    log.remove(gap)  # gone already
    assert texts(log) == "abcd"
    assert texts_of(log, below - 1) == "cd"


def texts_of(log: EntryLog, serial: int) -> str:
    return "".join(one.text for one in log.since(serial))


def test_an_emptied_log_is_whole_and_one_that_dropped_its_oldest_is_not() -> None:
    log = EntryLog(limit=10)
    log.add(entry("a"))
    log.clear()
    assert (len(log), log.is_whole) == (0, True)
    for _ in range(11):
        log.add(entry("x"))
    assert (len(log), log.is_whole) == (10, False)


def test_while_somebody_reads_back_more_is_kept_but_not_without_bound() -> None:
    log = EntryLog(limit=10, most=30)
    log.read_back(is_so=True)
    for number in range(25):
        log.add(entry(str(number)))
    assert (len(log), log.has_space) == (25, True)
    for number in range(25, 60):
        log.add(entry(str(number)))
    assert len(log) <= 30
    log.read_back(is_so=False)
    assert (len(log), log[-1].text) == (10, "59")


@given(st.lists(st.sampled_from(["add", "above", "gap", "fill", "drop", "remove"]), max_size=30))
def test_the_order_of_serials_is_the_order_of_entries(steps: list[str]) -> None:
    log, gaps = EntryLog(limit=12, most=12), []
    for number, step in enumerate(steps):
        if step == "add":
            log.add(entry("x", f"m{number}"))
        elif step == "above":
            log.insert_before(log.first_serial, [entry("y", f"m{number}"), entry("y")])
        elif step == "gap":
            gaps.append(log.add(entry("…", kind=EntryKind.GAP)).serial)
        elif step == "fill" and gaps:
            below = next((one.serial for one in log.since(gaps[-1] + 1)), None)
            if below is not None:
                log.insert_before(below, [entry("z", f"m{number}")])
        elif step == "remove" and gaps:
            log.remove(gaps.pop())
        serials = [one.serial for one in log]
        assert serials == sorted(set(serials))
        assert all(log.by_serial(one.serial) is one for one in log)
        assert all(log.by_msgid(one.msgid) is one for one in log if one.msgid)
