"""What a host decided when it opened its rooms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lanchat.limits import DEFAULT_MAX_CLIENTS, RETENTION_S


@dataclass(frozen=True, slots=True)
class Room:
    """A room as people name it, its channel, its id (16 hex digits), and what it is about ("" for its name).

    `kept_as`: the id under which its history is kept, "" for its own.
    """

    name: str
    channel: str
    id: str
    topic: str = ""
    kept_as: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """The host's choices, fixed while it runs. `network` is what ISUPPORT calls the whole."""

    rooms: Sequence[Room]
    server_name: str = "lanchat.local"
    network: str = "lanchat"
    password: str = ""
    operators: Mapping[str, str] = field(default_factory=dict)  # name → password
    motd: Sequence[str] = ()
    max_clients: int = DEFAULT_MAX_CLIENTS
    is_replaying: bool = True
    retention_s: float = RETENTION_S  # that what was said is kept
    is_flood_limited: bool = True
    hides_empty_rooms: bool = False  # from LIST
    has_page: bool = True  # for browsers, and WebSockets with it
    host_names: Sequence[str] = ()  # further ones that a browser may know this host by
    origins: Sequence[str] = ()  # of IRC clients on other sites that may open a WebSocket here, in lower case
    is_topic_locked: bool = False  # in hosted rooms only operators may set the topic
