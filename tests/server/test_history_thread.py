"""The thread beside the loop: what it does, and when."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from lanchat.chat.state.history import Answer, Kind, Query
from lanchat.server.net.loop import Loop
from lanchat.server.work import history_thread
from lanchat.server.work.history_thread import HistoryThread
from tests.server.peer import DEADLINE_S

QUERY = Query(Kind.LATEST, ("room 1",), 1)


class Work:
    """A look-up that notes what it is asked to do, and waits where it is told to."""

    def __init__(self) -> None:
        self.done: list[tuple[str, float]] = []
        self.backlog = 0
        self.is_held = threading.Event()
        self.is_held.set()
        self.is_failing = False

    def _note(self, name: str) -> None:
        self.done.append((name, time.monotonic()))

    def answer(self, query: Query) -> Answer:
        self._note("answer")
        return Answer()

    def index(self) -> bool:
        self._note("index")
        if self.is_failing:
            raise OSError("no room")
        self.backlog -= self.backlog > 0
        return self.backlog > 0

    def settle(self) -> None:
        self._note("settle")

    def finish(self) -> None:
        self._note("finish")

    def checkpoint(self) -> None:
        self._note("checkpoint")
        assert self.is_held.wait(DEADLINE_S)

    def purge(self) -> bool:
        self._note("purge")
        return len(self.times("purge")) < 3

    def truncate(self) -> None:
        self._note("truncate")
        if self.is_failing:
            raise OSError("somebody reads the log")

    def interrupt(self) -> None:
        self._note("interrupt")

    def close(self) -> None:
        self._note("close")

    def times(self, name: str) -> list[float]:
        return [at for done, at in list(self.done) if done == name]

    def wait_for(self, name: str, count: int = 1) -> list[float]:
        deadline = time.monotonic() + DEADLINE_S
        while len(self.times(name)) < count:
            assert time.monotonic() < deadline, f"no {name}: {self.done}"
            time.sleep(0.002)
        return self.times(name)


class Beside:
    """A thread beside a loop that runs. `touched`: how often something was committed for its sake."""

    def __init__(self) -> None:
        self.work = Work()
        self.loop = Loop()
        self.touched = 0
        self._runner = threading.Thread(target=self.loop.run, daemon=True)
        self._runner.start()
        self.thread = HistoryThread(self.loop, lambda: self.work, self._touch)

    def _touch(self) -> bool:
        self.touched += 1
        return True

    def commit(self) -> None:
        self.loop.call_from_thread(self.thread.committed)

    def close(self) -> None:
        self.thread.close()
        self.loop.call_from_thread(self.loop.stop)
        self._runner.join(DEADLINE_S)
        self.loop.close()


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Beside]:
    """Return a thread whose seconds are twentieths."""
    for name in ("_CHECKPOINT_AFTER_S", "_INDEX_AFTER_S", "_INDEX_WITHIN_S"):
        monkeypatch.setattr(history_thread, name, getattr(history_thread, name) / 20)
    one = Beside()
    yield one
    one.close()


def test_what_is_committed_while_a_checkpoint_runs_is_brought_to_the_disk_soon(beside: Beside) -> None:
    """Though nothing is said any more, and though no checkpoint may follow one with nothing new."""
    beside.work.is_held.clear()
    beside.commit()
    beside.work.wait_for("checkpoint")
    beside.commit()
    beside.loop.call_from_thread(beside.work.is_held.set)  # once the commit is counted
    first, second = beside.work.wait_for("checkpoint", 2)
    assert second - first < DEADLINE_S
    assert beside.touched == 1
    beside.work.wait_for("settle")
    time.sleep(0.3)
    assert len(beside.work.times("checkpoint")) == 2, "with nothing new there is none"


def test_after_one_commit_there_is_one_checkpoint(beside: Beside) -> None:
    begun = time.monotonic()
    beside.commit()
    (at,) = beside.work.wait_for("checkpoint")
    assert at - begun >= 0.09
    beside.work.wait_for("settle")
    time.sleep(0.3)
    assert len(beside.work.times("checkpoint")) == 1
    assert beside.touched == 0


def test_what_an_earlier_run_left_is_indexed_without_a_commit(beside: Beside) -> None:
    beside.work.wait_for("settle")


def test_while_much_is_said_it_is_indexed_within_a_minute(beside: Beside) -> None:
    beside.work.wait_for("settle")
    begun = last = time.monotonic()
    longest_pause_s = 0.0  # of this test's own talking, on a busy machine
    while len(beside.work.times("index")) < 2:
        beside.commit()
        time.sleep(0.01)
        last, before = time.monotonic(), last
        longest_pause_s = max(longest_pause_s, last - before)
        assert last - begun < DEADLINE_S
    assert beside.work.times("index")[1] - begun >= 2.9 or longest_pause_s >= history_thread._INDEX_AFTER_S


def test_when_it_is_quiet_it_is_indexed_soon_and_at_rest_nothing_is_done(beside: Beside) -> None:
    beside.work.wait_for("settle")
    beside.commit()
    beside.work.wait_for("settle", 2)
    beside.work.wait_for("checkpoint")
    time.sleep(0.3)
    count = len(beside.work.done)
    time.sleep(0.3)
    assert len(beside.work.done) == count


def test_a_question_is_answered_between_two_steps(beside: Beside) -> None:
    beside.work.backlog = 200
    beside.work.wait_for("index", 3)
    answered = threading.Event()
    beside.loop.call_from_thread(lambda: beside.thread.ask(QUERY, lambda _: answered.set()))
    assert answered.wait(DEADLINE_S)
    assert beside.work.backlog > 0
    beside.commit()
    beside.work.wait_for("checkpoint")
    assert beside.work.backlog > 0
    assert len(beside.work.times("settle")) == 0


def test_steps_have_pauses_between_them(beside: Beside) -> None:
    beside.work.backlog = 20
    times = beside.work.wait_for("index", 20)
    assert times[-1] - times[0] >= 19 * 0.005


def test_an_index_that_cannot_be_written_is_tried_again_in_a_minute(beside: Beside) -> None:
    beside.work.is_failing = True
    beside.commit()
    first, *_ = beside.work.wait_for("index")
    beside.commit()
    second = beside.work.wait_for("index", 2)[1]
    assert second - first >= 2.9
    beside.work.is_failing = False
    beside.work.wait_for("settle")


def test_what_is_to_be_gone_for_good_is_gone_from_the_log_before_that_is_told(beside: Beside) -> None:
    told = threading.Event()
    beside.work.wait_for("settle")
    beside.work.is_failing = True
    beside.loop.call_from_thread(lambda: beside.thread.purge(told.set))
    beside.work.wait_for("truncate", 2)
    assert not told.is_set()
    beside.work.is_failing = False
    assert told.wait(DEADLINE_S)
    names = [name for name, _ in beside.work.done]
    assert names.count("purge") == 3
    assert names.index("purge") < names.index("settle", names.index("purge")) < names.index("truncate")
    assert names[names.index("truncate") :].count("checkpoint") == 0
    beside.commit()
    beside.work.wait_for("checkpoint")
