"""What is done with one message: answering it, reacting to it, taking it back, saying it again otherwise."""

from lanchat.client.speaking.actions import Action, Say, Send, wrong
from lanchat.client.speaking.phrasing import Saying
from lanchat.client.state.entries import Entry, EntryKind
from lanchat.client.state.state import ClientState
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold

_REDACTION = "draft/message-redaction"


def answer(target: str, entry: Entry, text: str) -> list[Action]:
    """Return what says a text as the answer to a message."""
    return [Say(Saying(target, text, reply_to=entry.msgid))]


def react(state: ClientState, target: str, entry: Entry, sign: str) -> list[Action]:
    """Return what puts a sign on a message, or takes this person's own one away again."""
    if not state.offers("message-tags") or not entry.msgid:
        return wrong("This host passes no reactions on.")
    own = any(one.text == sign and fold(state.nick) in map(fold, one.nicks) for one in entry.reactions)
    key = "+draft/unreact" if own else "+draft/react"
    tags = {key: sign, "+reply": entry.msgid, "+draft/reply": entry.msgid}
    return [Send(Message("TAGMSG", (target,), tags=tags))]


def why_not_deleted(state: ClientState, entry: Entry) -> str:
    """Return why a message cannot be taken back; "" where the host may be asked."""
    if not state.offers(_REDACTION) or not entry.msgid:
        return "This host takes no message back."
    return ""


def delete(target: str, entry: Entry) -> list[Action]:
    """Return what takes a message back."""
    return [Send(Message("REDACT", (target, entry.msgid)))]


def why_not_edited(state: ClientState, entry: Entry) -> str:
    """Return why a message cannot be said otherwise; "" where it can."""
    if not entry.is_own or entry.kind not in (EntryKind.MESSAGE, EntryKind.ACTION, EntryKind.WHISPER):
        return "Only what you said yourself can be edited."
    return why_not_deleted(state, entry)


def say_anew(target: str, entry: Entry, text: str) -> list[Action]:
    """Return what says a message anew, in the same way, and takes the old one back."""
    return [Say(Saying(target, text, entry.kind, entry.reply_to)), *delete(target, entry)]
