"""Which path answers what, for a GET or HEAD."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from lanchat.protocol.web_wire import Request, Response

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body{{font:1.1em/1.5 sans-serif;max-width:36em;margin:2em auto;padding:0 1em;color-scheme:light dark}}</style>
<h1>{title}</h1><p>{text}</p>
"""


def respond(request: Request, room_name: str, room_json: Callable[[], bytes]) -> Response:
    """Return the answer to a request."""
    path = request.target.partition("?")[0]
    if request.method not in {"GET", "HEAD"}:
        return _page(405, "Not here", "This address only answers GET and HEAD.")
    if path == "/room.json":
        return Response(200, "application/json", room_json())
    if path == "/":
        text = (
            "The page for browsers is not here yet. Join with “lanchat join”, or with any IRC client at this address."
        )
        return _page(200, room_name, text)
    return _page(404, "Not here yet", "There is nothing at this address.")


def _page(status: int, title: str, text: str) -> Response:
    page = _PAGE.format(title=escape(title), text=escape(text))
    return Response(status, "text/html; charset=utf-8", page.encode())
