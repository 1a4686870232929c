"""What this host answers: its routes, what is behind them, and what lets a page of its own become a WebSocket."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qsl

from lanchat.chat.rules.guests import Saying
from lanchat.chat.state.network import Network
from lanchat.chat.state.people import Channel
from lanchat.chat.state.settings import Room
from lanchat.errors import ProtocolError
from lanchat.protocol.names import fold
from lanchat.protocol.text import clean
from lanchat.protocol.web_wire import Request, Response
from lanchat.protocol.websocket_wire import Handshake, handshake
from lanchat.server.web import answers
from lanchat.server.web.guard import READING, is_from_elsewhere
from lanchat.server.web.named_rooms import WORD, room_named
from lanchat.server.web.pages import Pages
from lanchat.server.web.routes import Asked, Route, Routes
from lanchat.server.web.without_script import MAX_FORM_BYTES, MAX_TEXT_BYTES, View, back_to, html

_READ = tuple(sorted(READING))
_ASSET_COST = 0.1  # sent from memory, and a page needs a dozen of them
_FACTS_COST = 0.2  # asked of every room by everybody who looks for one
_MAX_FIELDS = 10
_FORM = "application/x-www-form-urlencoded"
_NO_PAGE = "This host serves no page for browsers. Join with “lanchat join”, or with any IRC client at this address."
_NO_FILE = "There is no such file, or it is of an older page. Load the page anew."
_NO_ROOM = "There is no room of this name here; “/” shows those that there are."
_OTHERS_SOCKET = "The page of another site asks for this WebSocket; only ours may, and those of --allow-origin."
_NO_FORM = "Only the form of the page “/” is taken here."
_BAD_FORM = "That form cannot be read: it is to be UTF-8 of a name and a text."
_TOO_LONG = f"That is too long: {MAX_TEXT_BYTES} bytes at most fit into a message from here."
_ASKS_PASSWORD = "This room has a password. Once it is given, you can read and write here."  # noqa: S105 - a sentence


class Guests(Protocol):
    """Those who read and speak without being connected to the chat (chat/rules/guests.py)."""

    def say(self, saying: Saying, spend: Callable[[float], None]) -> str:
        """Let a room hear a guest; return why it was not heard, or ""."""

    def password_refusal(self, address: str, password: str) -> str:
        """Return why a password is not enough, or ""."""

    def reading_refusal(self, address: str, channel: Channel) -> str:
        """Return why a channel is not for a guest to read, or ""."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind the routes. `pass_token` is what a browser keeps that has given the password."""

    network: Network
    pages: Pages
    room_json: Callable[[str], bytes]
    guests: Guests
    around: Callable[[], Mapping[str, object]]
    pass_token: str


class Site:
    """Everything that the one port answers to HTTP. `own_names`: host names of this machine, in lower case."""

    def __init__(self, behind: Behind, own_names: Collection[str]) -> None:
        self._behind = behind
        self._network = behind.network
        self._pages = behind.pages
        self.routes = Routes(self._rows(), own_names)

    def _rows(self) -> list[Route]:
        return [
            Route(_READ, "/", self._index),
            Route(_READ, "/web/([0-9a-f]+)/(.+)", self._file, cost=_ASSET_COST),
            Route(_READ, "/room\\.json", self._room, cost=_FACTS_COST),
            Route(_READ, "/rooms\\.json", self._rooms),
            Route(_READ, f"/(?:rooms/)?({WORD})", self._lead_to_room),
            Route(("POST",), f"/(?:rooms/)?({WORD})", self._form, body_bytes=MAX_FORM_BYTES),
        ]

    @property
    def _rooms_here(self) -> Sequence[Room]:
        return self._network.settings.rooms

    @property
    def _is_page(self) -> bool:
        return self._network.settings.has_page and self._pages.is_there

    def upgrade(self, request: Request) -> Handshake | Response:
        """Return what a request to become a WebSocket agrees on, or why it cannot."""
        if not self._network.settings.has_page:
            return answers.refused(request, 404, _NO_PAGE)
        if is_from_elsewhere(request, self._network.settings.origins):
            return answers.refused(request, 403, _OTHERS_SOCKET)
        try:
            return handshake(request.headers)
        except ProtocolError as error:
            return answers.refused(request, 426, f"Not upgraded: {error}.", ("Sec-WebSocket-Version", "13"))

    # ---- Reading ---------------------------------------------------------------------------------------------------

    def _index(self, asked: Asked) -> Response:
        if not self._is_page:
            return answers.page(200, self._rooms_here[0].name, _NO_PAGE)
        fields = _fields(asked.request.query)
        room = room_named(self._rooms_here, fields.get("room", "")) or self._rooms_here[0]
        return self._page(asked, self._view(asked, room, fields.get("name", "")))

    def _page(self, asked: Asked, view: View) -> Response:
        return self._pages.index(asked.request, view.room.name, html(self._network, view))

    def _view(self, asked: Asked, room: Room, name: str, told: str = "") -> View:
        if not self._has_password(asked.request):
            return View(room, clean(name), _ASKS_PASSWORD, asks_password=True, told=told)
        hidden = self._behind.guests.reading_refusal(asked.address, self._channel(room))
        return View(room, clean(name), hidden, told=told)

    def _lead_to_room(self, asked: Asked) -> Response:
        """Lead a browser from a room's own address to the page that shows it."""
        room = room_named(self._rooms_here, asked.groups[0])
        if room is None:
            return answers.refused(asked.request, 404, _NO_ROOM)
        return Response(303, "", b"", (("Location", back_to(room, "")),))

    def _file(self, asked: Asked) -> Response:
        file = self._pages.file(asked.request, *asked.groups) if self._is_page else None
        return file or answers.refused(asked.request, 404, _NO_FILE)

    def _room(self, _asked: Asked) -> Response:
        return Response(200, answers.JSON, self._behind.room_json(self._pages.hash if self._is_page else ""))

    def _rooms(self, _asked: Asked) -> Response:
        return Response(200, answers.JSON, json.dumps(self._behind.around(), ensure_ascii=False).encode())

    def _channel(self, room: Room) -> Channel:
        return self._network.channels[fold(room.channel)]

    # ---- The form --------------------------------------------------------------------------------------------------

    def _form(self, asked: Asked) -> Response:
        """Take what the plain form was sent with: the password, or a name and a text."""
        room = room_named(self._rooms_here, asked.groups[0])
        if room is None:
            return answers.refused(asked.request, 404, _NO_ROOM)
        if not self._is_page or not _is_form(asked.request):
            return answers.refused(asked.request, 400, _NO_FORM if self._is_page else _NO_PAGE)
        fields = _fields(asked.request.body.decode(errors="replace"))
        if not fields:
            return answers.refused(asked.request, 400, _BAD_FORM)
        if self._has_password(asked.request):
            return self._say(asked, room, fields)
        return self._let_in(asked, room, fields)

    def _say(self, asked: Asked, room: Room, fields: Mapping[str, str]) -> Response:
        name, text = fields.get("name", ""), fields.get("text", "")
        if len(text.encode()) > MAX_TEXT_BYTES:
            return answers.refused(asked.request, 413, _TOO_LONG)
        saying = Saying(self._channel(room), asked.address, name, text)
        refusal = self._behind.guests.say(saying, asked.spend)
        if refusal:
            page = self._page(asked, self._view(asked, room, name, f"{refusal}."))
            return Response(409, page.content_type, page.body, page.headers)
        return Response(303, "", b"", (("Location", back_to(room, name)),))

    def _let_in(self, asked: Asked, room: Room, fields: Mapping[str, str]) -> Response:
        refusal = self._behind.guests.password_refusal(asked.address, fields.get("password", ""))
        if refusal:
            page = self._page(asked, self._view(asked, room, "", f"{refusal}."))
            return Response(403, page.content_type, page.body, page.headers)
        cookie = f"{self._cookie}={self._behind.pass_token}; Path=/; HttpOnly; SameSite=Strict"
        return Response(303, "", b"", (("Location", back_to(room, "")), ("Set-Cookie", cookie)))

    @property
    def _cookie(self) -> str:
        return f"lanchat-{self._rooms_here[0].id}"  # hosts on other ports of one machine share a browser's cookies

    def _has_password(self, request: Request) -> bool:
        """Whether none is needed, or this browser has given it."""
        if not self._network.settings.password:
            return True
        cookies = dict(_pair(one) for one in request.headers.get("cookie", "").split(";"))
        return hmac.compare_digest(cookies.get(self._cookie, "").encode(), self._behind.pass_token.encode())


def _pair(cookie: str) -> tuple[str, str]:
    name, _, value = cookie.strip().partition("=")
    return name, value


def _is_form(request: Request) -> bool:
    is_kind = request.headers.get("content-type", "").partition(";")[0].strip().lower() == _FORM
    return is_kind and "form" in _fields(request.query)


def _fields(text: str) -> Mapping[str, str]:
    """Return the fields of a form or a query; nothing of one that cannot be read. The first of a name counts."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except ValueError:
        return {}
    return dict(reversed(pairs))
