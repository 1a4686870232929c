"""Which path and method is answered by what. A table, and the rules that hold for all its rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from lanchat.protocol.web_wire import Refused, Request, Response
from lanchat.server.web.answers import refused
from lanchat.server.web.guard import READING, is_from_elsewhere, is_own_host


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that passed the guards: who asks, the groups of its path, and what it costs them."""

    request: Request
    address: str
    groups: Sequence[str] = ()
    spend: Callable[[float], None] = lambda _: None  # what an answer costs beside its row's cost, in commands


@dataclass(frozen=True, slots=True)
class Route:
    """A row of the table. `cost`: in commands. A route of `methods` that change something may not be asked by GET."""

    methods: Sequence[str]
    path: str  # a pattern, for all of it
    answer: Callable[[Asked], Response]
    body_bytes: int = 0
    cost: float = 1.0


_NOT_OWN = (
    "This host answers only under its IP address or its own name. Open the address that it prints, or start it with "
    "--allow-host and this name."
)
_ELSEWHERE = "The page of another site has asked this in your name; only a page of this host may."
_NO_PATH = "There is nothing at this address. The room is at “/”."
_NO_METHOD = "This address answers only {}."
_TOO_LARGE = "That is too much: {} bytes at most fit here."


class Routes:
    """The table. `own_names`: host names of this machine, in lower case."""

    def __init__(self, rows: Sequence[Route], own_names: Collection[str]) -> None:
        self.rows = rows
        self._own_names = own_names
        self._patterns = [re.compile(row.path) for row in rows]

    def own_host(self, request: Request) -> str:
        """Return under which of our names we are asked, as it stands in addresses; "" where it is none of them."""
        host = request.headers.get("host", "").strip()
        return host if is_own_host(host, self._own_names) else ""

    def refusal(self, request: Request) -> Response | None:
        """Return why a request is not answered, whatever it asks for."""
        if not self.own_host(request):
            return refused(request, 421, _NOT_OWN)
        if request.method not in READING and is_from_elsewhere(request):
            return refused(request, 403, _ELSEWHERE)
        return None

    def find(self, request: Request) -> tuple[Route, Sequence[str]]:
        """Return the row that answers a request, and the groups of its path. Raises Refused if there is none."""
        found = [(row, match.groups()) for row, match in self._matching(request.path)]
        for row, groups in found:
            if request.method in row.methods:
                return row, groups
        rows = [row for row, _ in found] or self.rows
        allowed = ", ".join(dict.fromkeys(method for row in rows for method in row.methods))
        if not found and request.method in allowed.split(", "):
            raise Refused(refused(request, 404, _NO_PATH))
        raise Refused(refused(request, 405, _NO_METHOD.format(allowed), ("Allow", allowed)))

    def _matching(self, path: str) -> list[tuple[Route, re.Match[str]]]:
        tried = ((row, pattern.fullmatch(path)) for row, pattern in zip(self.rows, self._patterns, strict=True))
        return [(row, match) for row, match in tried if match]


def too_large(request: Request | None, bound: int) -> Response:
    """Return the answer to a body over its bound."""
    return refused(request, 413, _TOO_LARGE.format(bound))
