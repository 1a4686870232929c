"""What is told of rooms that were announced, or typed by hand, and did not answer: what it was, and what to do.

The advice goes by the reason: a firewall is looked for where packets are dropped, not where nothing listens.
"""

from collections.abc import Callable, Sequence

from lanchat.client.rooms.called import is_called
from lanchat.client.words.shell import join_command
from lanchat.discovery.addresses import with_port
from lanchat.discovery.events import Silent, Why
from lanchat.protocol.text import clean

MAX_TOLD = 5  # sentences; of any more only the number is told: a hundred lines of bad news hide the good ones


def _after_timeout(one: Silent) -> str:
    if not one.is_near:
        return "That is no address of a network of this machine: is there a way to it?"
    return f"Is a firewall on that machine closing TCP port {one.port}?"


def _after_no_way(one: Silent) -> str:
    if not one.is_near:
        return "That is no address of a network of this machine: is there a way to it?"
    return f"Is that machine still connected, and does its firewall let TCP port {one.port} in?"


_ADVICE: dict[Why, Callable[[Silent], str]] = {
    Why.TIMEOUT: _after_timeout,
    Why.UNREACHABLE: _after_no_way,
    Why.REFUSED: lambda _: "Has the host ended, or is it on another port? Its console shows the address.",
    Why.NO_ROOM: lambda _: "Another program has that port; the host's console shows the room's.",
    Why.ANOTHER_ROOM: lambda _: "The announcement is old; the room may come back under another address.",
    Why.NO_ADDRESS: lambda _: "The announcement is wrong or forged.",
    Why.NOT_TRIED: lambda one: (
        "It leads to another network, or to a port that rooms do not have. "
        f"If you trust it: {join_command(with_port(one.address, one.port))}"
    ),
    Why.UNKNOWN_NAME: lambda _: "An address always works: the host's console shows it.",
}


def silence(one: Silent) -> str:
    """Return what is told of one silence, with what to do."""
    place = with_port(one.address, one.port)
    name = clean(one.name)
    said = f"{name} is announced, but {place}" if name not in ("", one.address) else place
    return f"{said} {one.reason}. {_ADVICE[one.why](one)}"


def silences(all_of_them: Sequence[Silent], name: str = "") -> list[str]:
    """Return what is told of all silences, at most seven lines. Those of rooms called `name` come first."""
    tried = [one for one in all_of_them if one.why is not Why.NOT_TRIED]
    ranked = sorted(tried, key=lambda one: not is_called(one.name, name))
    told = [silence(one) for one in ranked[:MAX_TOLD]]
    more = len(ranked) - len(told)
    if more:
        told.append(f"{more} more announcements led to no room." if more > 1 else "One more led to no room.")
    passed_over = len(all_of_them) - len(tried)
    if passed_over:
        which = f"{passed_over} announcements lead" if passed_over > 1 else "One announcement leads"
        told.append(f"{which} to another network, or to a port that rooms do not have; not tried.")
    return told


def silence_of(all_of_them: Sequence[Silent], name: str) -> Silent | None:
    """Return the silence of the room of this name, or None."""
    return next((one for one in all_of_them if is_called(one.name, name)), None)
