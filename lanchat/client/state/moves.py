"""Going from one open room or talk to another: by number, to the neighbours, to where something was said."""

from collections.abc import Sequence

from lanchat.client.state.channels import Channel


def numbered(channels: Sequence[Channel], number: int) -> Channel | None:
    """Return the channel of this number in the tabs, counted from 1."""
    return channels[number - 1] if 1 <= number <= len(channels) else None


def neighbour(channels: Sequence[Channel], current: Channel, step: int) -> Channel | None:
    """Return the channel so many places further on; behind the last comes the first."""
    place = _place(channels, current)
    return channels[(place + step) % len(channels)] if place is not None and len(channels) > 1 else None


def next_unread(channels: Sequence[Channel], current: Channel) -> Channel | None:
    """Return where something was said: first where this person was called, then the others in order."""
    place = _place(channels, current) or 0
    others = [*channels[place + 1 :], *channels[:place]]
    unread = [channel for channel in others if channel.unread_mentions] or [one for one in others if one.unread]
    return unread[0] if unread else None


def _place(channels: Sequence[Channel], current: Channel) -> int | None:
    return next((index for index, channel in enumerate(channels) if channel is current), None)
