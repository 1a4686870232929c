"""WHO and WHOX. Source: modern.ircdocs.horse, "WHO message"; ircv3.net/specs/extensions/whox."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import ip_address

from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.state.masks import Mask
from lanchat.chat.state.people import Channel, User
from lanchat.protocol import numerics
from lanchat.protocol.message import Message
from lanchat.protocol.names import CHANNEL_PREFIX, fold

_MAX_TOKEN_DIGITS = 3
_EVERYBODY = frozenset({"*", "0"})


@dataclass(frozen=True, slots=True)
class _Row:
    """Somebody as one line of the answer shows them; `channel` is the one that was asked for, if one was."""

    call: Call
    user: User
    channel: Channel | None
    token: str

    @property
    def channel_name(self) -> str:
        return self.channel.name if self.channel else "*"

    @property
    def flags(self) -> str:
        member = self.channel.members.get(self.user) if self.channel else None
        prefixes = member.prefixes if member else ""
        if not self.call.session.has("multi-prefix"):
            prefixes = prefixes[:1]
        here = "G" if self.user.away else "H"
        return f"{here}{'*' if self.user.is_operator else ''}{prefixes}{'B' if self.user.is_bot else ''}"

    @property
    def ip(self) -> str:
        try:
            return "0" + text if (text := str(ip_address(self.user.host))).startswith(":") else text
        except ValueError:
            return "255.255.255.255"  # what WHOX says where there is none


_FIELDS: dict[str, Callable[[_Row], str]] = {  # in the order of the answer, whatever the order asked for
    "t": lambda row: row.token,
    "c": lambda row: row.channel_name,
    "u": lambda row: row.user.username,
    "i": lambda row: row.ip,
    "h": lambda row: row.user.host,
    "s": lambda row: row.call.network.name,
    "n": lambda row: row.user.nick,
    "f": lambda row: row.flags,
    "d": lambda _: "0",
    "l": lambda row: str(max(0, int(row.call.now - row.user.last_spoke))),
    "a": lambda row: row.user.account or "0",
    "o": lambda _: "n/a",
    "r": lambda row: row.user.realname,
}


def who(call: Call, message: Message) -> None:
    """Show who is meant by a channel, a name or a mask."""
    mask = message.params[0] if message.params else "*"
    options = message.params[1] if len(message.params) > 1 else ""
    fields, _, token = options.partition("%")[2].partition(",")
    channel = call.network.channel(mask) if mask.startswith(CHANNEL_PREFIX) else None
    only_operators = options.partition("%")[0] == "o"
    for user in _meant(call, mask, channel):
        if user.is_operator or not only_operators:
            row = _Row(call, user, channel, token if token.isdecimal() and len(token) <= _MAX_TOKEN_DIGITS else "0")
            if "%" in options:
                _tell_fields(row, fields)
            else:
                _tell(row)
    call.numeric(numerics.RPL_ENDOFWHO, mask, "End of WHO")


def _tell(row: _Row) -> None:
    user = row.user
    shown = (row.channel_name, user.username, user.host, row.call.network.name, user.nick, row.flags)
    row.call.numeric(numerics.RPL_WHOREPLY, *shown, f"0 {user.realname}")


def _tell_fields(row: _Row, fields: str) -> None:
    values = [value(row) for field, value in _FIELDS.items() if field in fields]
    if values:
        row.call.numeric(numerics.RPL_WHOSPCRPL, *values)


def _meant(call: Call, mask: str, channel: Channel | None) -> Iterable[User]:
    if channel:
        is_inside = call.user in channel.members
        members = channel.members if channel.is_visible_to(call.user) else ()
        return [user for user in members if is_inside or _is_visible(call, user)]
    if mask in _EVERYBODY:
        return [user for user in call.network.users.values() if _is_visible(call, user)]
    exact = call.network.user(mask)
    if exact:
        return (exact,)
    read = Mask(mask)
    return [user for user in call.network.users.values() if _is_visible(call, user) and _is_meant(read, user)]


def _is_meant(mask: Mask, user: User) -> bool:
    return any(mask.means(fold(text)) for text in (user.nick, user.username, user.host, user.realname))


def _is_visible(call: Call, user: User) -> bool:
    if "i" not in user.modes or user is call.user or call.user.is_operator:
        return True
    return any(channel in call.user.channels for channel in user.channels)


COMMANDS = {
    "WHO": Command(who, "WHO <channel, name or mask> [o] [%<fields>[,<token>]]", "Who is meant.", cost=2.0),
}
