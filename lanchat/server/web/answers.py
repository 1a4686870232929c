"""What every answer has in common: headers that keep browsers from guessing, and errors that say what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape

from lanchat.protocol.web_wire import Request, Response

HTML = "text/html; charset=utf-8"
JSON = "application/json"

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self'; "
    "connect-src 'self'{sockets}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# OWASP Secure Headers; that nothing of ours is for other sites' pages is said thrice, as browsers differ
_SAFE = (
    ("X-Content-Type-Options", "nosniff"),
    (
        "Referrer-Policy",
        "same-origin",
    ),  # with "no-referrer" our own form would come with "Origin: null"; Fetch, "append"
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
)
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<h1>{title}</h1><p>{text}</p>
"""
_TITLES = {
    400: "Not understood",
    403: "Not from there",
    404: "Nothing here",
    405: "Not in this way",
    409: "Not under this name",
    413: "Too much",
    421: "Not this host",
    426: "Not in this version",
    429: "Too fast",
    503: "Not now",
}


def dressed(response: Response, host: str) -> Response:
    """Return a response with the headers that all have; its own stand above them. `host`: as checked by the guard."""
    policy = _POLICY.format(sockets=f" ws://{host}" if host else "")
    common = {"Content-Security-Policy": policy, **dict(_SAFE), "Cache-Control": "no-store"}
    headers: Mapping[str, str] = {**common, **dict(response.headers)}
    return Response(response.status, response.content_type, response.body, tuple(headers.items()))


def page(status: int, title: str, text: str, *headers: tuple[str, str]) -> Response:
    """Return a page of one sentence."""
    body = _PAGE.format(title=escape(title), text=escape(text))
    return Response(status, HTML, body.encode(), headers)


def refused(request: Request | None, status: int, text: str, *headers: tuple[str, str], kind: int = 1) -> Response:
    """Return an error: to a person's browser as a page, to programs as JSON of ntfy's shape. `kind` ends its code."""
    if request and "text/html" in request.headers.get("accept", ""):
        return page(status, _TITLES[status], text, *headers)
    facts = {"code": status * 100 + kind, "http": status, "error": text}
    return Response(status, JSON, json.dumps(facts, ensure_ascii=False).encode() + b"\n", headers)
