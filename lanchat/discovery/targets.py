"""HOST or HOST:PORT, as people type it."""

import asyncio
import contextlib
import re
import threading

from lanchat.discovery.addresses import read_adapters, ways_to
from lanchat.discovery.ip import address_of, is_fe80, normal, parse_address
from lanchat.limits import DEFAULT_PORT

_MAX_HOST_CHARS = 253  # RFC 1035, section 2.3.4, without the root's dot
_HOST_NAME = re.compile(r"(?:[^\W_]|[^\W_][\w-]{0,61}[^\W_])(?:\.(?:[^\W_]|[^\W_][\w-]{0,61}[^\W_]))*\.?")
_BRACKETED = re.compile(r"\[(?P<host>[^\[\]]*)\](?::(?P<port>.*))?", re.DOTALL)


def parse_target(text: str) -> tuple[str, int]:
    """Return the host and the port of HOST, HOST:PORT, [IPV6] or [IPV6]:PORT; the port is 8100 where none is given.

    An IPv6 address without brackets has no port. Raises ValueError with a sentence for the person who typed it.
    """
    stripped = text.strip()
    if parse_address(stripped) is not None:
        return normal(stripped), DEFAULT_PORT
    if bracketed := _BRACKETED.fullmatch(stripped):
        return _ipv6(bracketed["host"], text), _port(bracketed["port"], text)
    host, colon, port = stripped.partition(":")
    return _host(host, text), _port(port if colon else None, text)


def _ipv6(host: str, text: str) -> str:
    address = parse_address(host)
    if address is None or address.version != 6:
        raise ValueError(f"{text!r} has no IPv6 address between its brackets; write it like [fd00::5]:8100.")
    return str(address)


def _host(host: str, text: str) -> str:
    all_digits = host.replace(".", "").isdecimal()  # 10.0.0.300 is a slip of the hand, not a name to look up
    if len(host) > _MAX_HOST_CHARS or not _HOST_NAME.fullmatch(host) or (all_digits and parse_address(host) is None):
        raise ValueError(f"{text!r} is no address or host name; write it like 192.168.1.20 or 192.168.1.20:8100.")
    return host


def _port(port: str | None, text: str) -> int:
    if port is None:
        return DEFAULT_PORT
    if not (port.isascii() and port.isdecimal()) or not 1 <= int(port[:6]) <= 65_535:
        raise ValueError(
            f"{port or 'nothing'} is no port in {text!r}; ports go from 1 to 65535, such as 192.168.1.20:8100."
        )
    return int(port)


async def resolve(host: str) -> list[str]:
    """Return the numeric addresses of a host name, at most 8; a numeric address comes back as it is. Raises OSError.

    An fe80 address without a scope of this machine comes back with the scope of each adapter that may lead there.

    The caller sets the time limit. The look-up runs in a daemon thread, as it may take 15 s without a name server, and
    the program must be able to end before that.
    """
    if (address := parse_address(host)) is not None:
        return ways_to(host, read_adapters()) if is_fe80(address) else [host]
    loop = asyncio.get_running_loop()
    future: asyncio.Future[list[str]] = loop.create_future()

    def settle(addresses: list[str], error: OSError | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(addresses)
        else:
            future.set_exception(error)

    def look_up() -> None:
        outcome = _look_up(host)
        with contextlib.suppress(RuntimeError):  # the loop ended while we were looking
            loop.call_soon_threadsafe(settle, *outcome)

    threading.Thread(target=look_up, name="name look-up", daemon=True).start()
    return await future


def _look_up(host: str) -> tuple[list[str], OSError | None]:
    import socket

    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return [], error if isinstance(error, OSError) else OSError(str(error))
    return list(dict.fromkeys(address_of(entry[4]) for entry in found))[:8], None
