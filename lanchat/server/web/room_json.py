"""What a room tells whoever looks for it: GET /room.json, discovery's proof that a room is there."""

from __future__ import annotations

import json
from collections.abc import Mapping

from lanchat import __version__
from lanchat.chat.state.network import Network
from lanchat.chat.state.settings import Room
from lanchat.protocol.names import fold


def room_json(network: Network, host_id: str, run: str, announced_as: Mapping[str, str], web: str = "") -> bytes:
    """Return what the probe tells: the first room's facts, the id of the host, and all rooms under "rooms".

    `run`: new at each start, so that a copy of this host's data is told from it.
    `announced_as`: by room id, the names that others are found under. `web`: the hash of the page's files, "" where
    this host serves no page.
    """
    rooms = [_facts(network, room, announced_as.get(room.id, room.name)) for room in network.settings.rooms]
    facts = {**rooms[0], "host": host_id, "run": run, "web": web, "rooms": rooms}
    return json.dumps(facts, ensure_ascii=False).encode()


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
