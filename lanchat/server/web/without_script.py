"""What a browser without JavaScript is shown: the last messages, who is here, a plain form, and how else to join."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import quote, urlencode

from lanchat.chat.state.history import Event
from lanchat.chat.state.network import Network
from lanchat.chat.state.people import Channel
from lanchat.chat.state.settings import Room
from lanchat.protocol.names import fold, shown
from lanchat.protocol.text import clean
from lanchat.server.web.named_rooms import slug

SHOWN_MESSAGES = 20
MAX_FORM_BYTES = 16_384  # a text of MAX_TEXT_BYTES in a form takes three times as many
MAX_TEXT_BYTES = 4_096
_MAX_NAMES = 100
_CTCP, _ACTION = "\x01", "ACTION"
_TIME = "%d %b %H:%M"


@dataclass(frozen=True, slots=True)
class View:
    """What is seen of one room, by whom: `name` as last typed, `hidden` why nothing may be read ("" if it may)."""

    room: Room
    name: str = ""
    hidden: str = ""
    asks_password: bool = False
    told: str = ""  # what came of what was just sent, if it did not go well


def path_of(room: Room) -> str:
    """Return the path that a room's form is posted to."""
    return f"/{quote(slug(room))}?form=1"


def back_to(room: Room, name: str) -> str:
    """Return where a browser goes once a form is taken: the same room, with the name still there."""
    return "/?" + urlencode({"room": slug(room), "name": name})


def html(network: Network, view: View) -> str:
    """Return the inside of the page, everything foreign in it escaped."""
    channel = network.channels[fold(view.room.channel)]
    parts = ['<main class="plain">', f"<h1>{escape(view.room.name)}</h1>", *_others(network, view)]
    if view.told:
        parts.append(f"<p><strong>{escape(view.told)}</strong></p>")
    if view.hidden:
        parts.append(f"<p>{escape(view.hidden)}</p>")
    else:
        parts += [_topic(channel), *_said(network, channel), _members(channel)]
    if view.asks_password or not view.hidden:
        parts.append(_form(view))
    return "\n".join([*parts, _how_else(view.room), "</main>"])


def _others(network: Network, view: View) -> Iterator[str]:
    rooms = network.settings.rooms
    if len(rooms) > 1:
        links = (f'<a href="{escape(back_to(room, view.name))}">{escape(room.name)}</a>' for room in rooms)
        yield f"<p>{' · '.join(links)}</p>"


def _topic(channel: Channel) -> str:
    return f"<p>{escape(clean(channel.topic.text))}</p>" if channel.topic else ""


def _said(network: Network, channel: Channel) -> Iterator[str]:
    events = network.history.recent(channel.kept_as, SHOWN_MESSAGES)
    yield "<ol>" if events else "<p>Nothing was said here yet.</p>"
    for event in events:
        yield f"<li>{_line(event)}</li>"
    yield "</ol>" if events else ""


def _line(event: Event) -> str:
    """A message with its time, its lines in rows."""
    at = datetime.fromtimestamp(event.at / 1000)  # the host's zone: that of the site, as this browser tells none
    text, name = event.message.params[-1], escape(clean(shown(event.message.nick)))
    word, _, rest = text.strip(_CTCP).partition(" ")
    is_action = text.startswith(_CTCP) and word == _ACTION
    body = "<br>".join(escape(clean(line)) for line in (rest if is_action else text).split("\n"))
    when = f'<time datetime="{at.isoformat(timespec="seconds")}">{at.strftime(_TIME)}</time>'
    return f"{when} <b>{name}</b>{' ' if is_action else ': '}{body}"


def _members(channel: Channel) -> str:
    names = sorted(escape(clean(shown(user.nick))) for user in channel.members)
    more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
    return f"<p>{len(names)} here: {', '.join(names[:_MAX_NAMES])}{more}</p>" if names else "<p>Nobody is here.</p>"


def _form(view: View) -> str:
    asked = '<p><label>Password <input type="password" name="password" required></label></p>'
    fields = f"""<p><label>Your name <input name="name" value="{escape(view.name)}" maxlength="40" required></label></p>
<p><label>Message <textarea name="text" rows="2" required></textarea></label></p>
"""
    return f"""<form method="post" action="{escape(path_of(view.room))}" accept-charset="utf-8">
{asked if view.asks_password else fields}
<p><button>{"Come in" if view.asks_password else "Send"}</button> <a href="{escape(back_to(view.room, view.name))}">Look
for news</a></p>
</form>"""


def _how_else(room: Room) -> str:
    return (
        f"<p>Without JavaScript this page shows the last {SHOWN_MESSAGES} messages. For all of it switch it on, "
        f"type <code>lanchat join</code> in a terminal, or use any IRC client at this address, and "
        f"<code>/join {escape(room.channel)}</code>.</p>"
    )
