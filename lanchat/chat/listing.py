"""Which channels a LIST asks for. Source: modern.ircdocs.horse, "ELIST"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lanchat.chat.channel import Channel
from lanchat.chat.masks import matches
from lanchat.protocol.names import CHANNEL_PREFIX, fold

_CONDITION = re.compile(r"([CT]?)([<>])(\d{1,9})", re.ASCII | re.IGNORECASE)
_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Query:
    """Channels asked for by name, and conditions that all have to hold for any other."""

    names: frozenset[str]
    conditions: tuple[Callable[[Channel, float], bool], ...]

    def wants(self, channel: Channel, now: float) -> bool:
        """Tell whether a channel is asked for. A room of the host in which nobody is has to be asked for by name."""
        if self.names:
            return channel.folded in self.names
        return bool(channel.members) and all(holds(channel, now) for holds in self.conditions)


def parse(items: list[str]) -> Query:
    """Return what the items of a LIST ask for: names, masks (! for all others), numbers of users, ages in minutes."""
    names = {fold(item) for item in items if item.startswith(CHANNEL_PREFIX) and not _is_mask(item)}
    conditions = [condition for item in items if (condition := _condition(item))]
    return Query(frozenset(names), tuple(conditions))


def _is_mask(item: str) -> bool:
    return "*" in item or "?" in item


def _condition(item: str) -> Callable[[Channel, float], bool] | None:
    found = _CONDITION.fullmatch(item)
    if found:
        measure = _MEASURES[found[1].upper()]
        is_more, limit = found[2] == ">", int(found[3])
        return lambda channel, now: _compare(measure(channel, now), limit, is_more=is_more)
    if item.startswith("!") and len(item) > 1:
        return lambda channel, _: not matches(item[1:], channel.name)
    if _is_mask(item):
        return lambda channel, _: matches(item, channel.name)
    return None


def _compare(value: float | None, limit: int, *, is_more: bool) -> bool:
    if value is None:
        return False
    return value > limit if is_more else value < limit


_MEASURES: dict[str, Callable[[Channel, float], float | None]] = {
    "": lambda channel, _: len(channel.members),
    "C": lambda channel, now: (now - channel.created_at) / _MINUTE_S,
    "T": lambda channel, now: (now - channel.topic.at) / _MINUTE_S if channel.topic else None,
}
