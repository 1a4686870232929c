"""PRIVMSG NOTICE TAGMSG REDACT BATCH: what is said.

Source: modern.ircdocs.horse, "Sending Messages"; IRCv3 message-tags, multiline, message-redaction.
"""

import re
from collections.abc import Mapping

from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.rules import multiline, redaction, speech
from lanchat.chat.state.pending import OpenBatch
from lanchat.limits import MAX_TARGETS
from lanchat.protocol import numerics
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold

_REFERENCE = re.compile(r"\+[A-Za-z0-9-]{1,64}")  # IRCv3 batch, "The reference tag"


def privmsg(call: Call, message: Message) -> None:
    """Say something to channels or people."""
    if not message.params or not message.params[0]:
        call.numeric(numerics.ERR_NORECIPIENT, f"No recipient given ({message.command})")
    elif len(message.params) < 2 or not message.params[1]:
        call.numeric(numerics.ERR_NOTEXTTOSEND, "No text to send")
    else:
        _say_to_all(call, message, message.params[1])


def notice(call: Call, message: Message) -> None:
    """Say something that must never be answered, not even with an error."""
    if len(message.params) >= 2 and message.params[1]:
        _say_to_all(call, message, message.params[1])


def tagmsg(call: Call, message: Message) -> None:
    """Send only tags: typing, reactions."""
    if not message.params or not message.params[0]:
        call.numeric(numerics.ERR_NORECIPIENT, "No recipient given (TAGMSG)")
    elif call.session.has("message-tags"):
        _say_to_all(call, message, "")


def _say_to_all(call: Call, message: Message, text: str) -> None:
    by_folded: dict[str, str] = {}
    for name in message.params[0].split(","):
        by_folded.setdefault(fold(name), name)
    names = list(by_folded.values())
    is_silent = message.command == "NOTICE"
    if len(names) > MAX_TARGETS:
        if not is_silent:
            call.numeric(numerics.ERR_TOOMANYTARGETS, names[MAX_TARGETS], f"At most {MAX_TARGETS} at once")
        return
    told = set()
    for name in names:
        target = speech.find_target(call, name, is_silent=is_silent)
        if target and target.name not in told:  # "@+#x" and "+#x" are one
            told.add(target.name)
            speech.say(call, message.command, target, text, _own_tags(call, message))


def _own_tags(call: Call, message: Message) -> Mapping[str, str]:
    """The tags that others are to get: client-only ones, of clients that agreed on tags."""
    return speech.client_tags(message.tags) if message.tags and call.session.has("message-tags") else {}


def batch(call: Call, message: Message) -> None:
    """Begin or end a message of several lines."""
    reference, kind, target = (*message.params[:3], "", "")[:3]
    if reference.startswith("-"):
        _end_batch(call, reference[1:])
    elif not _REFERENCE.fullmatch(reference):
        call.fail(
            "BATCH",
            "INVALID_REFTAG",
            reference.removeprefix("+"),
            "A batch begins with + and letters, digits or hyphens",
        )
    elif kind != multiline.TYPE or not call.session.has(multiline.TYPE):
        call.fail("BATCH", "UNKNOWN_TYPE", reference[1:], kind, "Not a batch that was agreed on")
    elif not target:
        call.fail("BATCH", "MULTILINE_INVALID", "Nobody is named whom it is for")
    else:
        _open_batch(call, OpenBatch(reference[1:], target, call.label, _own_tags(call, message)))


def _open_batch(call: Call, batch: OpenBatch) -> None:
    call.postpone()
    multiline.refuse(call, "MULTILINE_INVALID", "Another was begun before it ended")
    call.session.batch = batch


def _end_batch(call: Call, reference: str) -> None:
    batch = call.session.batch
    if batch is None or batch.reference != reference:
        call.fail("BATCH", "INVALID_REFTAG", reference, "No such batch is open")
        return
    if not any(line for line, _ in batch.lines):
        multiline.refuse(call, "MULTILINE_INVALID", "There is nothing in it")
    call.session.batch = None
    if batch.is_refused:
        return
    call.relabel(batch.label or call.label)
    call.spend(multiline.COST_A_LINE_HEARD * len(batch.lines))
    target = speech.find_target(call, batch.target, is_silent=batch.command == "NOTICE")
    if target:
        speech.say(call, batch.command, target, batch.text(), batch.tags, tuple(batch.lines))


COMMANDS = {
    "PRIVMSG": Command(privmsg, "PRIVMSG <channel or name>{,…} :<text>", "Say something.", targets_at=0),
    "NOTICE": Command(
        notice, "NOTICE <channel or name>{,…} :<text>", "Say something that is not answered.", targets_at=0
    ),
    "TAGMSG": Command(tagmsg, "@<tags> TAGMSG <channel or name>{,…}", "Send tags only.", cost=0.5, targets_at=0),
    "BATCH": Command(batch, "BATCH +<id> draft/multiline <target> | -<id>", "Say several lines at once.", 1),
    "REDACT": Command(redaction.begin, "REDACT <target> <msgid> [:<reason>]", "Take back a message.", 2),
}
