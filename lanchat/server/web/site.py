"""What this host answers: its routes, what is behind them, and what lets a page of its own become a WebSocket."""

from __future__ import annotations

from collections.abc import Callable, Collection
from html import escape

from lanchat.chat.state.network import Network
from lanchat.errors import ProtocolError
from lanchat.protocol.web_wire import Request, Response
from lanchat.protocol.websocket_wire import Handshake, handshake
from lanchat.server.web import answers
from lanchat.server.web.guard import READING, is_from_elsewhere
from lanchat.server.web.pages import Pages
from lanchat.server.web.routes import Asked, Route, Routes

_READ = tuple(sorted(READING))
_ASSET_COST = 0.1  # sent from memory, and a page needs a dozen of them
_NO_PAGE = "This host serves no page for browsers. Join with “lanchat join”, or with any IRC client at this address."
_NO_FILE = "There is no such file, or it is of an older page. Load the page anew."


class Site:
    """Everything that the one port answers to HTTP. `own_names`: host names of this machine, in lower case."""

    def __init__(
        self, network: Network, pages: Pages, room_json: Callable[[str], bytes], own_names: Collection[str]
    ) -> None:
        self._network = network
        self._pages = pages
        self._room_json = room_json
        self.routes = Routes(self._rows(), own_names)

    def _rows(self) -> list[Route]:
        return [
            Route(_READ, "/", self._index),
            Route(_READ, "/web/([0-9a-f]+)/(.+)", self._file, cost=_ASSET_COST),
            Route(_READ, "/room\\.json", self._room),
        ]

    @property
    def _is_page(self) -> bool:
        return self._network.settings.has_page and self._pages.is_there

    def upgrade(self, request: Request) -> Handshake | Response:
        """Return what a request to become a WebSocket agrees on, or why it cannot."""
        if not self._network.settings.has_page:
            return answers.refused(request, 404, _NO_PAGE)
        if is_from_elsewhere(request):
            return answers.refused(request, 403, "The page of another site asks for this WebSocket; only ours may.")
        try:
            return handshake(request.headers)
        except ProtocolError as error:
            return answers.refused(request, 426, f"Not upgraded: {error}.", ("Sec-WebSocket-Version", "13"))

    def _index(self, asked: Asked) -> Response:
        name = self._network.settings.rooms[0].name
        text = _NO_PAGE if not self._is_page else "This page needs JavaScript to talk."
        fallback = f"<h1>{escape(name)}</h1><p>{text}</p>"
        pages = self._pages if self._is_page else Pages({})
        return pages.index(asked.request, name, fallback)

    def _file(self, asked: Asked) -> Response:
        file = self._pages.file(asked.request, *asked.groups) if self._is_page else None
        return file or answers.refused(asked.request, 404, _NO_FILE)

    def _room(self, _asked: Asked) -> Response:
        return Response(200, answers.JSON, self._room_json(self._pages.hash if self._is_page else ""))
