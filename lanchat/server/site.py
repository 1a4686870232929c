"""What the port answers to HTTP: the probe of discovery, and for browsers, for now, how to join."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape

from lanchat import __version__
from lanchat.chat.network import Network
from lanchat.chat.settings import Room
from lanchat.protocol.names import fold
from lanchat.protocol.web_wire import Request, Response

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body{{font:1.1em/1.5 sans-serif;max-width:36em;margin:2em auto;padding:0 1em;color-scheme:light dark}}</style>
<h1>{title}</h1><p>{text}</p>
"""


def respond(request: Request, network: Network, host_id: str, announced_as: Mapping[str, str]) -> Response:
    """Return the answer to a request. `announced_as`: by room id, the names that others are found under."""
    path = request.target.partition("?")[0]
    if request.method not in {"GET", "HEAD"}:
        return _page(405, "Not here", "This address only answers GET and HEAD.")
    if path == "/room.json":
        return Response(200, "application/json", room_json(network, host_id, announced_as))
    if path == "/":
        room = network.settings.rooms[0].name
        text = (
            "The page for browsers is not here yet. Join with “lanchat join”, or with any IRC client at this address."
        )
        return _page(200, room, text)
    return _page(404, "Not here yet", "There is nothing at this address.")


def _page(status: int, title: str, text: str) -> Response:
    page = _PAGE.format(title=escape(title), text=escape(text))
    return Response(status, "text/html; charset=utf-8", page.encode())


def room_json(network: Network, host_id: str, announced_as: Mapping[str, str]) -> bytes:
    """Return what the probe tells: the first room's facts, the id of the host, and all rooms under "rooms"."""
    rooms = [_facts(network, room, announced_as.get(room.id, room.name)) for room in network.settings.rooms]
    return json.dumps({**rooms[0], "host": host_id, "rooms": rooms}, ensure_ascii=False).encode()


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
