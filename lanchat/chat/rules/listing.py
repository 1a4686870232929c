"""Which channels a LIST asks for. Source: modern.ircdocs.horse, "ELIST"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lanchat.chat.state.masks import matches
from lanchat.chat.state.people import Channel
from lanchat.protocol.names import fold

_CONDITION = re.compile(r"([CT]?)([<>])(\d{1,9})", re.ASCII | re.IGNORECASE)
_MINUTE_S = 60.0

Condition = Callable[[Channel, float], bool]  # of a channel, at a time (UNIX seconds)


@dataclass(frozen=True, slots=True)
class Query:
    """What a LIST asks for: one of some channels, if any are named, for which all conditions hold."""

    names: frozenset[str]
    masks: tuple[str, ...]
    conditions: tuple[Condition, ...]
    sizes: tuple[Condition, ...]

    def wants(self, channel: Channel, now: float, *, is_hiding_empty: bool = False) -> bool:
        """Tell whether a channel is asked for.

        A room of the host is what people come for: it is shown however few are in it, as HexChat's dialog asks for
        channels with more than four. Where the empty are hidden, it is asked for by name, or as any other.
        """
        conditions = self.conditions if channel.is_hosted and not is_hiding_empty else self.conditions + self.sizes
        if channel.folded not in self.names:
            is_hidden = is_hiding_empty and not channel.members
            if is_hidden or not self._is_meant(channel):
                return False
        return all(holds(channel, now) for holds in conditions)

    def _is_meant(self, channel: Channel) -> bool:
        if self.names or self.masks:
            return any(matches(mask, channel.name) for mask in self.masks)
        return True


def parse(items: list[str]) -> Query:
    """Return what the items of a LIST ask for: names, masks (! for all others), numbers of users, ages in minutes.

    An item that is none of these is a name that no channel has.
    """
    names: set[str] = set()
    masks: list[str] = []
    conditions: list[Condition] = []
    sizes: list[Condition] = []
    for item in items:
        if item.startswith(">") and (size := _condition(item)):
            sizes.append(size)
        elif condition := _condition(item):
            conditions.append(condition)
        elif "*" in item or "?" in item:
            masks.append(item)
        else:
            names.add(fold(item))
    return Query(frozenset(names), tuple(masks), tuple(conditions), tuple(sizes))


def _condition(item: str) -> Condition | None:
    if found := _CONDITION.fullmatch(item):
        measure = _MEASURES[found[1].upper()]
        is_more, limit = found[2] == ">", int(found[3])
        return lambda channel, now: _compare(measure(channel, now), limit, is_more=is_more)
    if item.startswith("!") and len(item) > 1:
        return lambda channel, _: not matches(item[1:], channel.name)
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
