"""The modes of a channel, read from a MODE command and carried out one by one.

Source: modern.ircdocs.horse, "Channel Modes"; the types A to D are those of ISUPPORT CHANMODES.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lanchat.chat.call import Call
from lanchat.chat.state.masks import muted_mask, normal_mask
from lanchat.chat.state.network import Network
from lanchat.chat.state.people import LIST_MODES, PREFIXES, Channel, ListEntry
from lanchat.limits import MAX_KEY_BYTES, MAX_LINE_BYTES, MAX_LIST_ENTRIES, MAX_MODES
from lanchat.protocol import numerics
from lanchat.protocol.names import fold

FLAGS = frozenset("Cimnst")
_MAX_LIMIT = 1_000_000_000
_MAX_MASK_BYTES = 200
_MAX_MET = 5  # people whom one mask remembers


@dataclass(frozen=True, slots=True)
class Change:
    """One mode to be set (+) or taken (-). `param` is None where none was given."""

    sign: str
    letter: str
    param: str | None = None


def parse(letters: str, params: Sequence[str]) -> list[Change]:
    """Return the changes of a MODE command; parameters go to the letters that take one, in order."""
    changes: list[Change] = []
    left = list(params)
    sign = "+"
    for letter in letters:
        if letter in "+-":
            sign = letter
            continue
        takes = letter in PREFIXES or letter in LIST_MODES or letter == "k" or (letter == "l" and sign == "+")
        changes.append(Change(sign, letter, left.pop(0) if takes and left else None))
    return changes


def is_query(change: Change) -> bool:
    """Tell whether this asks for a list, which everybody may see."""
    return change.letter in LIST_MODES and change.param is None


def apply(call: Call, channel: Channel, changes: Sequence[Change]) -> list[Change]:
    """Carry out changes, at most MAX_MODES with a parameter. Return those that changed something, as they are told."""
    told: list[Change] = []
    with_param = 0
    for change in changes:
        with_param += change.param is not None
        carry_out = _CARRY_OUT.get(change.letter)
        if carry_out is None:
            words = f"is unknown mode char to me for {channel.name}"
            call.numeric(numerics.ERR_UNKNOWNMODE, change.letter, words)
        elif with_param <= MAX_MODES and (done := carry_out(call, channel, change)):
            told.append(done)
    return told


def _flag(_call: Call, channel: Channel, change: Change) -> Change | None:
    if (change.letter in channel.modes) == (change.sign == "+"):
        return None
    channel.modes ^= {change.letter}
    return change


def _invalid(call: Call, channel: Channel, letter: str, param: str | None, words: str) -> None:
    """Tell that a mode was passed over for its parameter."""
    call.numeric(numerics.ERR_INVALIDMODEPARAM, channel.name, letter, param or "*", words)


def _rank(call: Call, channel: Channel, change: Change) -> Change | None:
    if not change.param:
        _invalid(call, channel, change.letter, change.param, "Whose? A name is needed")
        return None
    user = call.network.user(change.param)
    if user is None:
        call.numeric(numerics.ERR_NOSUCHNICK, change.param, "No such name")
        return None
    member = channel.members.get(user)
    if member is None:
        call.numeric(numerics.ERR_USERNOTINCHANNEL, user.nick, channel.name, "They are not in that channel")
        return None
    if (change.letter in member.modes) == (change.sign == "+"):
        return None
    member.modes ^= {change.letter}
    return Change(change.sign, change.letter, user.nick)


def _key(call: Call, channel: Channel, change: Change) -> Change | None:
    if change.sign == "-":
        had_key, channel.key = bool(channel.key), ""
        return Change("-", "k", "*") if had_key else None
    if change.param is None or not _is_key(change.param):
        _invalid(call, channel, "k", None, f"Not a key: 1 to {MAX_KEY_BYTES} bytes, no spaces, no commas")
        return None
    if channel.key == change.param:
        return None
    channel.key = change.param
    return change


def _is_key(text: str) -> bool:
    is_short = len(text.encode()) <= MAX_KEY_BYTES
    return bool(text) and is_short and text[0] != ":" and not any(char in " ,\0\t" for char in text)


def _limit(call: Call, channel: Channel, change: Change) -> Change | None:
    if change.sign == "-":
        had_limit, channel.limit = bool(channel.limit), 0
        return Change("-", "l") if had_limit else None
    text = change.param or ""
    limit = int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0
    if not 0 < limit <= _MAX_LIMIT:
        _invalid(call, channel, "l", text, "Not a number of people")
        return None
    if channel.limit == limit:
        return None
    channel.limit = limit
    return Change("+", "l", str(limit))


def _list(call: Call, channel: Channel, change: Change) -> Change | None:
    entries = channel.lists[change.letter]
    if not change.param or " " in change.param or len(change.param.encode()) > _MAX_MASK_BYTES:
        _invalid(call, channel, change.letter, change.param, f"Not a mask: 1 to {_MAX_MASK_BYTES} bytes, no spaces")
        return None
    mask = normal_mask(change.param)
    if change.sign == "-":
        entry = entries.pop(fold(mask), None)
        if entry:
            call.network.lists.remove(entry.address, entry.size)
        return Change("-", change.letter, entry.mask) if entry else None
    if fold(mask) in entries:
        return None
    entry = ListEntry(mask, call.user.source, call.now, call.session.address)
    ledger = call.network.lists
    is_full = ledger.is_over(entry.address, entry.size) or ledger.is_all_over(entry.size)
    if len(entries) >= MAX_LIST_ENTRIES or is_full:
        call.numeric(numerics.ERR_BANLISTFULL, channel.name, change.letter, "The list is full")
        return None
    entry.met = _met(call.network, entry)
    ledger.add(entry.address, entry.size)
    entries[fold(mask)] = entry
    return Change("+", change.letter, mask)


def _met(network: Network, entry: ListEntry) -> frozenset[str]:
    """The `author`s of those whom a mask means by their name; none for one that means all of some address."""
    nick = (muted_mask(entry.mask) or entry.mask).partition("!")[0]
    if not nick.strip("*?"):
        return frozenset()
    users = [user for user in network.users.values() if entry.means(user, fold(user.source))]
    return frozenset(user.author for user in users[:_MAX_MET])


_CARRY_OUT: dict[str, Callable[[Call, Channel, Change], Change | None]] = {
    **dict.fromkeys(FLAGS, _flag),
    **dict.fromkeys(PREFIXES, _rank),
    **dict.fromkeys(LIST_MODES, _list),
    "k": _key,
    "l": _limit,
}


def written(changes: Sequence[Change]) -> tuple[str, ...]:
    """Return changes as the parameters of a MODE message: ("+o-v", "Zoé", "Ana")."""
    letters, sign = "", ""
    for change in changes:
        letters += (change.sign if change.sign != sign else "") + change.letter
        sign = change.sign
    return (letters, *[change.param for change in changes if change.param is not None])


def in_lines(changes: Sequence[Change]) -> list[Sequence[Change]]:
    """Return the changes in as many messages as they need."""
    lines: list[Sequence[Change]] = []
    line: list[Change] = []
    size = 0
    for change in changes:
        size += 3 + len((change.param or "").encode())
        if line and size > MAX_LINE_BYTES // 2:
            lines.append(line)
            line, size = [], 3 + len((change.param or "").encode())
        line.append(change)
    return [*lines, line] if line else lines


def in_force(channel: Channel, *, is_inside: bool) -> tuple[str, ...]:
    """Return the modes of a channel as 324 shows them; the key only to who is inside."""
    letters = "+" + "".join(sorted(channel.modes))
    params: list[str] = []
    if channel.key:
        letters += "k"
        params.append(channel.key if is_inside else "*")
    if channel.limit:
        letters += "l"
        params.append(str(channel.limit))
    return (letters, *params)
