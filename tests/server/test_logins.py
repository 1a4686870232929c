"""Accounts by trust on first use, over real sockets and with real hashing."""

import base64
import hashlib
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from lanchat.chat.state.accounts import Account
from lanchat.limits import ACCOUNT_UNUSED_S, MAX_HASHING_PER_ADDRESS
from lanchat.server import server
from lanchat.server.net.loop import Loop
from lanchat.server.work import hasher as hasher_module
from lanchat.server.work.hasher import Hasher, Job
from lanchat.store.accounts import Store, StoreError
from tests.server.peer import Peer
from tests.server.serving import Serving, serving


def plain(name: str, secret: str) -> str:
    """Return a SASL PLAIN response."""
    return base64.b64encode(f"\0{name}\0{secret}".encode()).decode()


def begin_login(room: Serving, name: str, secret: str) -> Peer:
    """Return a peer that has sent its secret and has not read the answer."""
    peer = room.peer()
    peer.send("CAP REQ :sasl", f"NICK {name}", "USER user 0 * :Real Name", "AUTHENTICATE PLAIN")
    peer.expect("AUTHENTICATE", "+")
    peer.send(f"AUTHENTICATE {plain(name, secret)}", "CAP END")
    return peer


def log_in(room: Serving, name: str, secret: str) -> str:
    """Log in, leave, and return the numeric that answered."""
    peer = begin_login(room, name, secret)
    for message in peer.messages():
        if message.command == "903":
            peer.expect("001")
        if message.command in {"903", "904"}:
            peer.sock.close()
            return message.command
    raise AssertionError


def written(folder: Path) -> list[str]:
    """Return the names of the accounts that another program finds."""
    with closing(Store(folder)) as store:
        return [account.name for account in store.accounts()]


def test_who_first_uses_a_name_with_a_secret_owns_it(room: Serving) -> None:
    assert log_in(room, "Zoé", "secret") == "903"
    assert log_in(room, "Zoé", "guess") == "904"
    assert log_in(room, "zoé", "secret") == "903"


def test_a_name_of_somebody_is_refused_to_others(room: Serving) -> None:
    log_in(room, "zoe", "secret")
    other = room.peer()
    other.send("NICK zoe", "USER other 0 * :Other")
    other.expect("433")


def test_accounts_are_there_after_a_restart(tmp_path: Path) -> None:
    with serving(tmp_path) as room:
        assert log_in(room, "Zoé", "secret") == "903"
    with serving(tmp_path) as room:
        assert log_in(room, "Zoé", "guess") == "904"
        assert log_in(room, "Zoé", "secret") == "903"


def test_nobody_is_told_that_a_name_is_theirs_before_that_is_written_down(tmp_path: Path) -> None:
    with serving(tmp_path) as room:
        log_in(room, "zoe", "secret")
        assert written(tmp_path) == ["zoe"]


def test_secrets_are_kept_as_digests_only(tmp_path: Path) -> None:
    with serving(tmp_path) as room:
        log_in(room, "zoe", "a secret worth keeping")
    assert b"a secret worth keeping" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_an_account_forgotten_by_another_program_is_free_at_the_next_tick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "TICK_S", 0.01)
    with serving(tmp_path) as room:
        log_in(room, "zoe", "secret")
        with closing(Store(tmp_path)) as other_program:
            assert other_program.forget_account("Zoe")
        room.wait_until(lambda: room.server.chat.network.accounts.find("zoe") is None)
        assert log_in(room, "ada", "secret") == "903"
        assert written(tmp_path) == ["ada"]


def test_a_disk_that_cannot_be_written_to_ends_nothing_and_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise StoreError("Cannot keep data here.")

    monkeypatch.setattr(server, "TICK_S", 0.01)
    with serving(tmp_path) as room:
        with monkeypatch.context() as full:
            full.setattr(Store, "keep_accounts", fail)
            assert log_in(room, "zoe", "secret") == "903"
            assert log_in(room, "ada", "secret") == "903"
            assert room.warnings == ["Cannot keep data here."]
        room.wait_until(lambda: not room.server.keeping.are_accounts_unwritten)
        assert written(tmp_path) == ["zoe", "ada"]


# ---- Hashing takes long, and holds up nobody ------------------------------------------------------------------------


class Hashing:
    """Hashes only when it is let."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_let = threading.Event()
        self.hashed: list[str] = []
        real = hashlib.pbkdf2_hmac

        def wait(name: str, secret: bytes, salt: bytes, iterations: int) -> bytes:
            self.hashed.append(secret.decode())
            self.is_let.wait()
            return real(name, secret, salt, iterations)

        monkeypatch.setattr(hashlib, "pbkdf2_hmac", wait)


def test_others_are_served_while_a_secret_is_hashed(room: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, hashing = room.member("ada"), Hashing(monkeypatch)
    waiting = begin_login(room, "zoe", "secret")
    ada.fence()
    room.member("bob").fence()
    hashing.is_let.set()
    waiting.expect("903")
    waiting.expect("001")


def test_what_is_sent_during_the_hashing_is_carried_out_behind_it_in_order(
    room: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashing = Hashing(monkeypatch)
    zoe = begin_login(room, "zoe", "secret")
    zoe.send("PING one", "PING two")
    hashing.is_let.set()
    commands = [next(zoe.messages()).command for _ in range(3)]
    assert commands == ["900", "903", "001"]
    zoe.expect("PONG", "room.test", "one")
    zoe.expect("PONG", "room.test", "two")


def test_who_leaves_during_the_hashing_is_forgotten(room: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, hashing = room.member("ada"), Hashing(monkeypatch)
    begin_login(room, "zoe", "secret").reset()
    ada.fence()
    hashing.is_let.set()
    room.wait_until(lambda: room.server.chat.network.unknown_count == 0)
    ada.fence()


def test_a_site_that_logs_in_at_once_holds_up_nobody(serve: Callable[..., Serving]) -> None:
    room = serve(is_flood_limited=False)
    ada = room.member("ada")
    waiting = [begin_login(room, f"name{number}", "secret") for number in range(12)]
    waits_s: list[float] = []
    while room.call(lambda: room.server._hasher.waiting):
        started = time.monotonic()
        ada.fence()
        waits_s.append(time.monotonic() - started)
    assert max(waits_s) < 0.5, "one fence took as long as ten logins"
    for peer in waiting:
        peer.expect("903")


# ---- One address, and the others ------------------------------------------------------------------------------------


def site(hasher: Hasher, done: list[str], source: str, count: int, owner: str = "") -> None:
    for number in range(count):
        name = f"{source}{number}"
        job = Job(owner or name, name.encode(), b"salt", 1, lambda _, name=name: done.append(name))  # type: ignore[misc]
        assert hasher.derive(source, job)


def run(loop: Loop, hasher: Hasher) -> None:
    while hasher.waiting:
        loop.turn()


def test_addresses_take_turns_and_each_has_one_secret_hashed_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    hashing = Hashing(monkeypatch)
    with closing(Loop()) as loop, closing(Hasher(loop)) as hasher:
        done: list[str] = []
        site(hasher, done, "a", 90)
        site(hasher, done, "b", 1)
        site(hasher, done, "c", 2)
        hashing.is_let.set()
        run(loop, hasher)
    assert sorted(hashing.hashed[:2]) == ["a0", "b0"], "not two of one address"
    assert {"b0", "c0", "c1"} <= set(done[:30]), "long before the ninety"  # a busy machine may let one wait in a thread
    assert [name for name in done if name[0] == "a"] == [f"a{number}" for number in range(90)]


def test_a_secret_whose_connection_has_ended_is_hashed_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    hashing = Hashing(monkeypatch)
    with closing(Loop()) as loop, closing(Hasher(loop)) as hasher:
        done: list[str] = []
        site(hasher, done, "a", 50, "gone")
        site(hasher, done, "a", 1, "here")
        hasher.drop("a", "gone")
        assert hasher.waiting == 2, "the one being hashed, and that of the other"
        hashing.is_let.set()
        run(loop, hasher)
    assert len(hashing.hashed) == 2
    assert done == ["a0"]


def test_there_is_an_end_to_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    hashing = Hashing(monkeypatch)
    with closing(Loop()) as loop, closing(Hasher(loop)) as hasher:
        site(hasher, [], "a", MAX_HASHING_PER_ADDRESS + 1)  # one of them is being hashed
        assert not hasher.derive("a", Job("x", b"", b"", 1, lambda _: None))
        site(hasher, [], "b", 1)
        hashing.is_let.set()


def test_who_leaves_with_a_hundred_logins_waiting_holds_up_nobody(
    serve: Callable[..., Serving], monkeypatch: pytest.MonkeyPatch
) -> None:
    room, hashing = serve(is_flood_limited=False), Hashing(monkeypatch)
    gone = [begin_login(room, f"name{number}", "secret") for number in range(40)]
    room.wait_until(lambda: room.server._hasher.waiting == 40)
    for peer in gone:
        peer.reset()
    room.wait_until(lambda: room.server._hasher.waiting <= 1)
    hashing.is_let.set()


def test_too_many_logins_are_told_and_come_in_without(
    serve: Callable[..., Serving], monkeypatch: pytest.MonkeyPatch
) -> None:
    room = serve()
    monkeypatch.setattr(hasher_module, "MAX_HASHING", 0)
    zoe = begin_login(room, "zoe", "secret")
    zoe.expect("906", "zoe", "Too many logins at once; try again in a minute")
    zoe.expect("001")


# ---- The disk --------------------------------------------------------------------------------------------------------


def test_a_locked_database_holds_up_only_whose_account_is_to_be_written(tmp_path: Path) -> None:
    with serving(tmp_path) as room, closing(sqlite3.connect(tmp_path / "lanchat.db", isolation_level=None)) as other:
        ada = room.member("ada")
        other.execute("BEGIN IMMEDIATE")
        zoe = begin_login(room, "zoe", "secret")
        zoe.expect("903")
        started = time.monotonic()
        for _ in range(20):
            ada.fence()
        assert time.monotonic() - started < 1.0
        assert not room.call(lambda: room.server.chat.network.user("zoe")), "not before it is written"
        other.execute("COMMIT")
        zoe.expect("001")
        assert written(tmp_path) == ["zoe"]


def test_a_name_that_nobody_has_used_for_a_year_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "TICK_S", 0.01)
    long_ago = time.time() - ACCOUNT_UNUSED_S - 60
    with closing(Store(tmp_path)) as store:
        old = [
            Account("gone", b"salt", b"digest", long_ago),
            Account("here", b"s", b"d", long_ago, 4096, b"k", time.time()),
        ]
        store.keep_accounts(old)
    with serving(tmp_path) as room:
        room.wait_until(lambda: room.server.chat.network.accounts.find("gone") is None)
        assert room.call(lambda: room.server.chat.network.accounts.find("here")) is not None
        assert written(tmp_path) == ["here"]
