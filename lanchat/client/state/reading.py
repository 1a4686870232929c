"""What is new to this person: the rule "new since 14:05" in a channel.

It stands above the first message that was said after they had last read, and is moved by nothing until they speak
there, go to another room, or leave the terminal having read all: then it begins anew.
"""

from collections.abc import Iterable

from lanchat.client.state.changes import Change, NewSince
from lanchat.client.state.channels import Channel
from lanchat.client.state.clock import moment
from lanchat.client.state.entries import Entry


def place_rule(channel: Channel, entry: Entry, *, is_being_read: bool, has_left: bool) -> list[Change]:
    """Note an entry that was just added; return whether the rule came or went by it.

    `is_being_read`: this person sees it as it comes. `has_left`: they are not at this terminal.
    """
    if not entry.is_spoken:
        return []
    if entry.is_own:
        channel.read_s = max(channel.read_s, entry.at_s)
        return remove_rule(channel)
    if is_being_read and not entry.is_replayed:
        channel.read_s = max(channel.read_s, entry.at_s)
        return []
    gone = remove_rule(channel) if has_left and channel.read_s >= channel.last_spoken_s else []
    return [*gone, *_begin(channel, entry)]


def _begin(channel: Channel, entry: Entry) -> list[Change]:
    log = channel.entries
    is_read = entry.at_s <= channel.read_s or not channel.read_s
    if log.rule_at is not None or (entry.is_old and is_read):
        return []
    log.rule_at, log.new_after_s = entry.serial, channel.read_s or entry.at_s
    log.rule_text = f"new since {since_words(log.new_after_s, entry.at_s)}"
    return [NewSince(channel.name, entry.serial, log.rule_text)]


def since_words(read_s: float, at_s: float) -> str:
    """Return since when something is new: "14:05"; with its day where that is another one."""
    read, said = moment(read_s), moment(at_s)
    return read.hour if read.day == said.day else f"{read.day}, {read.hour}"


def raise_rule(channel: Channel, loaded: Iterable[Entry], first: int) -> list[Change]:
    """Move the rule up where it stood above the oldest entry (`first`) and older ones that are new were loaded."""
    log = channel.entries
    oldest = next((entry for entry in log.since(first) if entry.is_spoken), None)
    new = [entry for entry in loaded if entry.is_spoken and not entry.is_own and entry.at_s > log.new_after_s]
    if not new or log.rule_at is None or oldest is None or oldest.serial != log.rule_at:
        return []
    before, log.rule_at = log.rule_at, new[0].serial
    return [NewSince(channel.name, before, ""), NewSince(channel.name, log.rule_at, log.rule_text)]


def remove_rule(channel: Channel) -> list[Change]:
    """Take the rule away, if there is one."""
    log = channel.entries
    serial, log.rule_at = log.rule_at, None
    return [] if serial is None else [NewSince(channel.name, serial, "")]
