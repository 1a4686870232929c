"""Accounts by trust on first use, over real sockets and with real scrypt."""

import base64
import hashlib
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from lanchat.server import server
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


class Scrypt:
    """Hashes only when it is let."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_let = threading.Event()
        real = hashlib.scrypt

        def wait(secret: bytes, *, salt: bytes, **cost: int) -> bytes:
            self.is_let.wait()
            return real(secret, salt=salt, n=cost["n"], r=cost["r"], p=cost["p"], maxmem=cost["maxmem"])

        monkeypatch.setattr(hashlib, "scrypt", wait)


def test_others_are_served_while_a_secret_is_hashed(room: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, scrypt = room.member("ada"), Scrypt(monkeypatch)
    waiting = begin_login(room, "zoe", "secret")
    ada.fence()
    room.member("bob").fence()
    scrypt.is_let.set()
    waiting.expect("903")
    waiting.expect("001")


def test_what_is_sent_during_the_hashing_is_carried_out_behind_it_in_order(
    room: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    scrypt = Scrypt(monkeypatch)
    zoe = begin_login(room, "zoe", "secret")
    zoe.send("PING one", "PING two")
    scrypt.is_let.set()
    commands = [next(zoe.messages()).command for _ in range(3)]
    assert commands == ["900", "903", "001"]
    zoe.expect("PONG", "room.test", "one")
    zoe.expect("PONG", "room.test", "two")


def test_who_leaves_during_the_hashing_is_forgotten(room: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, scrypt = room.member("ada"), Scrypt(monkeypatch)
    begin_login(room, "zoe", "secret").reset()
    ada.fence()
    scrypt.is_let.set()
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
