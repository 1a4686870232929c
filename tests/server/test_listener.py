import errno
import socket
from collections.abc import Iterator, Sequence

import pytest

from lanchat.errors import UserError
from lanchat.limits import PORTS_TRIED
from lanchat.server.net import listener
from lanchat.server.net.listener import ALL_ADDRESSES, Listener, bind
from lanchat.server.net.loop import Loop


@pytest.fixture
def opened() -> Iterator[list[socket.socket]]:
    sockets: list[socket.socket] = []
    yield sockets
    for sock in sockets:
        sock.close()


@pytest.fixture
def taken(opened: list[socket.socket]) -> int:
    """Return a port that another program has."""
    opened.append(socket.create_server(("127.0.0.1", 0)))
    port: int = opened[-1].getsockname()[1]
    return port


def bound(opened: list[socket.socket], addresses: Sequence[str], port: int, *, is_asked_for: bool = True) -> int:
    sockets, got = bind(addresses, port, is_asked_for=is_asked_for)
    opened += sockets
    return got


def refusal(addresses: Sequence[str], port: int = 0) -> str:
    with pytest.raises(UserError) as raised:
        bind(addresses, port, is_asked_for=True)
    return str(raised.value)


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def test_a_taken_port_gives_way_to_the_next_free_one(opened: list[socket.socket], taken: int) -> None:
    got = bound(opened, ("127.0.0.1",), taken, is_asked_for=False)
    assert taken < got < taken + PORTS_TRIED
    assert opened[-1].getsockname() == ("127.0.0.1", got)


def test_a_taken_port_that_was_asked_for_is_refused(taken: int) -> None:
    assert refusal(("127.0.0.1",), taken) == f"Port {taken} is taken by another program; choose another one."


def test_ports_are_not_tried_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_args: object) -> None:
        raise OSError(errno.EADDRINUSE, "in use")

    monkeypatch.setattr(listener, "_listening", deny)
    with pytest.raises(UserError, match=r"^Ports 8100 to 8109 are all taken by other programs"):
        bind(("127.0.0.1",), 8100, is_asked_for=False)


def test_none_of_several_addresses_stays_bound_where_one_is_taken(opened: list[socket.socket], taken: int) -> None:
    refusal(("127.0.0.2", "127.0.0.1"), taken)
    assert bound(opened, ("127.0.0.2",), taken) == taken


def test_an_address_of_another_machine_is_refused() -> None:
    text = refusal(("192.0.2.1",))  # RFC 5737: nobody has it
    assert text == "Cannot listen on 192.0.2.1 (Cannot assign requested address); " + (
        "--listen takes an address of this machine."
    )


@pytest.mark.parametrize("address", ["", "300.1.2.3", "no.such.host.invalid", "a..b", "x" * 64, "fe80::1%nowhere"])
def test_what_is_no_address_is_refused_in_one_sentence(address: str) -> None:
    text = refusal((address,))
    assert text.startswith("Cannot listen on ")
    assert text.endswith("; --listen takes an address of this machine.")
    assert "\n" not in text


def test_an_address_given_twice_is_listened_on_once(opened: list[socket.socket]) -> None:
    bound(opened, ("127.0.0.1", "127.0.0.1"), 0)
    assert len(opened) == 1


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_all_addresses_are_those_of_both_families_on_one_port(opened: list[socket.socket]) -> None:
    bound(opened, ALL_ADDRESSES, 0)
    port = opened[0].getsockname()[1]
    assert [sock.getsockname()[:2] for sock in opened] == [("0.0.0.0", port), ("::", port)]
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family, socket.SOCK_STREAM) as peer:
            peer.connect((address, port))


@pytest.mark.parametrize("lacking", [socket.AF_INET6, socket.AF_INET])
def test_a_machine_with_one_family_only_listens_on_that(
    opened: list[socket.socket], lacking: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Machine(socket.socket):
        def __init__(self, family: int, kind: int) -> None:
            if family == lacking:
                raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
            super().__init__(family, kind)

    monkeypatch.setattr(socket, "socket", Machine)
    bound(opened, ALL_ADDRESSES, 0)
    assert [sock.family for sock in opened] == [({socket.AF_INET, socket.AF_INET6} - {lacking}).pop()]


def test_a_machine_without_ipv6_is_told_so_where_ipv6_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_args: object) -> None:
        raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")

    monkeypatch.setattr(socket, "socket", deny)
    assert refusal(("::1",)).startswith("Cannot listen on ::1 (Address family not supported by protocol)")


def test_a_port_of_the_system_is_refused_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_args: object) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(listener, "_listening", deny)
    assert refusal(("127.0.0.1",), 194) == "Port 194 may not be used by you; choose one from 1024 on."
    assert "is taken" in refusal(("127.0.0.1",), 8100)  # as Windows says of a port that is kept by another program


def test_a_mapped_address_is_told_as_the_ipv4_address_it_is() -> None:
    class Listening(socket.socket):
        def accept(self) -> tuple[socket.socket, tuple[str, int]]:
            if waiting:
                return waiting.pop()
            raise BlockingIOError

    one, other = socket.socketpair()
    waiting = [(one, ("::ffff:10.0.0.9", 1)), (other, ("fe80::1%eth0", 1))]
    came: list[str] = []
    loop = Loop()
    with one, other, Listening() as sock:
        Listener(loop, sock, lambda _, address: came.append(address)).on_readable()
        loop.close()
    assert came == ["fe80::1", "10.0.0.9"]


def test_where_the_system_has_no_sockets_left_the_listener_waits_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    class Listening(socket.socket):
        def accept(self) -> tuple[socket.socket, tuple[str, int]]:
            raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(listener, "_PAUSE_S", 0.0)
    loop, came = Loop(), []
    with Listening() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        one = Listener(loop, sock, lambda peer, _: came.append(peer))
        with socket.create_connection(("127.0.0.1", one.port)):
            loop.turn()  # cannot accept, looks away, and is due to look again
            monkeypatch.setattr(Listening, "accept", lambda self: _accept_once(self, came))
            loop.turn()
        assert len(came) == 1
        came[0].close()
    loop.close()


def _accept_once(sock: socket.socket, came: list[socket.socket]) -> tuple[socket.socket, tuple[str, int]]:
    if came:
        raise BlockingIOError
    return socket.socket.accept(sock)
