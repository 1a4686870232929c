"""What a room tells whoever looks for it: GET /room.json, discovery's proof that a room is there."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from lanchat import __version__
from lanchat.chat.state.network import Network
from lanchat.chat.state.settings import Room
from lanchat.protocol.names import fold


def room_json(
    network: Network,
    host_id: str,
    run: str,
    up_s: Callable[[], float],
    announced_as: Mapping[str, str],
    addresses: Sequence[str] = (),
    web: str = "",
) -> bytes:
    """Return what the probe tells: the first room's facts, the id of the host, and all rooms under "rooms".

    `run`: new at each start, so that a copy of this host's data is told from it. `up_s`: seconds since then, on no
    clock that can be wrong: of two hosts with one id the one that came later takes another.
    `announced_as`: by room id, the names that others are found under. `addresses`: where others reach this
    host, each with its port. `web`: the hash of the page's files, "" where it serves no page.
    """
    rooms = [_facts(network, room, announced_as.get(room.id, room.name)) for room in network.settings.rooms]
    host = {"host": host_id, "run": run, "up": round(up_s(), 1), "web": web, "addresses": list(addresses)}
    return json.dumps({**rooms[0], **host, "rooms": rooms}, ensure_ascii=False).encode()


def _facts(network: Network, room: Room, name: str) -> dict[str, str | int]:
    channel = network.channels[fold(room.channel)]
    return {
        "id": room.id,
        "name": name,
        "channel": channel.name,
        "topic": channel.topic.text if channel.topic else "",
        "members": len(channel.members),
        "auth": "pw" if network.settings.password else "none",
        "version": __version__,
    }
