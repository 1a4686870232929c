"""What goes out for a peer counts, too: receivers and bytes, in commands (chat/state/flood.py)."""

from __future__ import annotations

from collections.abc import Sequence

from lanchat.chat.state.effects import Deliver, Effect
from lanchat.limits import FLOOD_SEND_BYTES, FLOOD_SENT_BYTES


def price_of(effects: Sequence[Effect]) -> float:
    """Return what it costs to carry out effects. Looks once at each, whatever the number of its receivers."""
    sent = 0
    for effect in effects:
        if type(effect) is Deliver:
            params = effect.message.params
            size = FLOOD_SEND_BYTES + (len(params[-1]) if params else 0)
            sent += size * len(effect.sessions)
    return sent / FLOOD_SENT_BYTES
