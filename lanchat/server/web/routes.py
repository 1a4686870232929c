"""Which path answers what, for a GET or HEAD."""

from __future__ import annotations

from collections.abc import Callable, Collection
from html import escape
from ipaddress import ip_address

from lanchat.protocol.web_wire import Request, Response

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body{{font:1.1em/1.5 sans-serif;max-width:36em;margin:2em auto;padding:0 1em;color-scheme:light dark}}</style>
<h1>{title}</h1><p>{text}</p>
"""


def respond(
    request: Request, room_name: str, room_json: Callable[[], bytes], own_names: Collection[str] = ()
) -> Response:
    """Return the answer to a request. `own_names`: host names of this machine, in lower case."""
    path = request.target.partition("?")[0]
    if request.method not in {"GET", "HEAD"}:
        return _page(405, "Not here", "This address only answers GET and HEAD.")
    if path == "/room.json" and not is_own_host(request.headers.get("host", ""), own_names):
        return _page(421, "Not this host", "This address only answers under an IP address or a name of its own.")
    if path == "/room.json":
        return Response(200, "application/json", room_json())
    if path == "/":
        text = (
            "The page for browsers is not here yet. Join with “lanchat join”, or with any IRC client at this address."
        )
        return _page(200, room_name, text)
    return _page(404, "Not here yet", "There is nothing at this address.")


def is_own_host(header: str, own_names: Collection[str]) -> bool:
    """Tell whether a Host header names us in a way that nobody else can make lead to us.

    A page of evil.example whose name suddenly leads to our address ("DNS rebinding") could read what we answer; its
    requests name evil.example. Without a header it is no browser that asks.
    """
    host = header.strip().lower()
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return not name or _is_address(name) or name == "localhost" or name.endswith(".local") or name in own_names


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _page(status: int, title: str, text: str) -> Response:
    page = _PAGE.format(title=escape(title), text=escape(text))
    return Response(status, "text/html; charset=utf-8", page.encode())
