"""Which channels a LIST asks for. Source: modern.ircdocs.horse, "ELIST"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lanchat.chat.state.masks import Mask
from lanchat.chat.state.people import Channel
from lanchat.limits import MAX_LIST_CONDITIONS
from lanchat.protocol.names import fold

_CONDITION = re.compile(r"([CT]?)([<>])(\d{1,9})", re.ASCII | re.IGNORECASE)
_MINUTE_S = 60.0

Condition = Callable[[Channel, float], bool]  # of a channel, at a time (UNIX seconds)


@dataclass(frozen=True, slots=True)
class Query:
    """What a LIST asks for: one of some channels, if any are named, for which all conditions hold.

    `sizes` are the conditions on how many people there are.
    """

    names: frozenset[str]
    masks: tuple[Mask, ...]
    conditions: tuple[Condition, ...]
    sizes: tuple[Condition, ...] = ()

    def wants(self, channel: Channel, now: float, *, hides_empty: bool) -> bool:
        """Tell whether a channel is asked for.

        The host's rooms are listed however few are in them: who comes first has to find them, and HexChat's dialog asks
        for ">4" by itself. With `hides_empty` they are treated like others, and listed empty only if asked for by name.
        """
        is_always_listed = channel.is_hosted and not hides_empty
        if channel.folded in self.names:
            is_meant = True
        elif self.names or self.masks:
            is_meant = any(mask.means(channel.folded) for mask in self.masks)
        else:
            is_meant = True
        is_meant = is_meant and (bool(channel.members) or is_always_listed or channel.folded in self.names)
        conditions = self.conditions if is_always_listed else (*self.conditions, *self.sizes)
        return is_meant and all(holds(channel, now) for holds in conditions)


def parse(items: list[str]) -> Query:
    """Return what the items of a LIST ask for: names, masks (! for all others), numbers of users, ages in minutes.

    An item that is none of these is a name that no channel has. Every channel is held against all masks and
    conditions, so those over MAX_LIST_CONDITIONS are passed over; a name costs nothing.
    """
    names: set[str] = set()
    masks: list[Mask] = []
    conditions: list[Condition] = []
    sizes: list[Condition] = []
    for item in items:
        if condition := _condition(item):
            (sizes if item[0] in "<>" else conditions).append(condition)
        elif "*" in item or "?" in item:
            masks.append(Mask(item))
        else:
            names.add(fold(item))
    del masks[MAX_LIST_CONDITIONS:], conditions[MAX_LIST_CONDITIONS:], sizes[MAX_LIST_CONDITIONS:]
    return Query(frozenset(names), tuple(masks), tuple(conditions), tuple(sizes))


def _condition(item: str) -> Condition | None:
    if found := _CONDITION.fullmatch(item):
        measure = _MEASURES[found[1].upper()]
        is_more, limit = found[2] == ">", int(found[3])
        return lambda channel, now: _compare(measure(channel, now), limit, is_more=is_more)
    if item.startswith("!") and len(item) > 1:
        mask = Mask(item[1:])
        return lambda channel, _: not mask.means(channel.folded)
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
