"""What a search found, and the view of a conversation at another time, beside what is said now."""

from dataclasses import dataclass

from lanchat.client.state.channels import Channel
from lanchat.client.state.entries import Entry

MOST_FOUND = 50  # asked for at one time: two screens full; who wants others says more of what they look for
VIEW = "\x00view"  # as the name of a channel: none that a host could name


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found. `target`: the channel, or the nick of who it was spoken with; `room`: as people say."""

    target: str
    room: str
    entry: Entry


@dataclass(slots=True)
class View:
    """A part of a conversation at another time. `channel` is not joined, and bears the name `VIEW`.

    It is shown from the message below its log's rule on, that one in the middle; else from its beginning.
    `is_complete`: nothing newer is to be had.
    """

    target: str
    channel: Channel
    is_complete: bool = False
