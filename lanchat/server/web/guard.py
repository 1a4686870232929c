"""Who may ask: what a browser says of the page that makes it ask, and under which name it knows us.

Any page may have a browser of this network send us requests. It cannot forge two headers: Host names the address that
the browser was led to, Origin the page that asks (not on a GET or HEAD, which therefore change nothing).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import ip_address

from lanchat.protocol.web_wire import Request

READING = frozenset({"GET", "HEAD"})
# RFC 3986, section 3.2.2. The scope of a link-local address, which some programs leave in (RFC 6874), tells us nothing.
_HOST = re.compile(r"(?:\[([0-9a-fA-F:.]+)(?:%[A-Za-z0-9._~-]{1,40})?\]|([A-Za-z0-9.-]+))(?::\d{1,5})?")


def host_name(header: str) -> str:
    """Return the name or address of a Host header, in lower case; "" where it is none that we could have."""
    found = _HOST.fullmatch(header.strip())
    return (found[1] or found[2]).lower() if found else ""


def is_own_host(header: str, own_names: Collection[str]) -> bool:
    """Tell whether a Host header names us in a way that nobody else can make lead to us.

    A page of evil.example whose name suddenly leads to our address ("DNS rebinding") could read what we answer; its
    requests name evil.example. `own_names`: host names of this machine, in lower case.
    """
    name = host_name(header)
    return _is_address(name) or name == "localhost" or name.endswith(".local") or name in own_names


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_from_elsewhere(request: Request, allowed: Collection[str] = ()) -> bool:
    """Tell whether the page of another site makes a browser ask this. Without an Origin it is no browser's page.

    `allowed`: origins of others whose pages may all the same, in lower case.
    """
    origin = request.headers.get("origin")
    own = f"http://{request.headers.get('host', '').strip().lower()}"
    return origin is not None and origin.lower() != own and origin.lower() not in allowed


def is_origin(text: str) -> bool:
    """Tell whether a text is an origin as browsers write it: "http://kiosk.lan:8000"."""
    scheme, _, host = text.partition("://")
    return scheme in ("http", "https") and host_name(host) != ""
