"""What this person said, in the log: shown before it is confirmed, and become what the host made of it."""

from dataclasses import replace

from lanchat.client.state.changes import Change, DeliveryChanged
from lanchat.client.state.channels import Channel
from lanchat.client.state.entries import Delivery, Entry
from lanchat.client.state.state import ClientState
from lanchat.client.state.unconfirmed import Shown


def show_own(state: ClientState, number: int, channel: Channel, entry: Entry) -> list[Change]:
    """Show a part that is not confirmed. Where it is shown already, only what became of it changes."""
    if state.unconfirmed.has(number):
        return mark(state, number, entry.delivery)
    changes = state.add(channel, entry)
    state.unconfirmed.note(number, channel, channel.entries[-1].serial)
    return changes


def mark(state: ClientState, number: int, delivery: Delivery) -> list[Change]:
    """Show what became of a part, if it is shown at all."""
    shown = _shown(state, number)
    if shown is None or shown.entry.delivery is delivery:
        return []
    return _put(shown.channel, replace(shown.entry, delivery=delivery))


def confirm(state: ClientState, channel: Channel, echo: Entry, number: int | None) -> list[Change]:
    """Put an echo in the place of the entry that showed its part; nothing changes where none did.

    `number`: of the part, where the echo tells. One that is replayed tells none; it is known by its text, among those
    parts that were sent when the connection broke. The time stays the one at which it was said.
    """
    if number is None and echo.is_missed:
        number = state.unconfirmed.cut_off(channel, echo.text)
    if number is None:
        return []
    shown = _shown(state, number)
    state.unconfirmed.forget(number)
    if shown is None:
        return []
    return _put(shown.channel, replace(echo, serial=shown.entry.serial, at_s=shown.entry.at_s))


def _shown(state: ClientState, number: int) -> Shown | None:
    """Return the entry that shows a part, unless its log was emptied, or its channel left."""
    shown = state.unconfirmed.shown(number)
    return shown if shown is not None and state.channel(shown.channel.name) is shown.channel else None


def _put(channel: Channel, entry: Entry) -> list[Change]:
    channel.entries.put(entry)
    return [DeliveryChanged(channel.name, entry)]
