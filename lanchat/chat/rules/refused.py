"""What was refused is told where the person looks: in the channel, for clients that show a FAIL elsewhere."""

from lanchat.chat.call import Call
from lanchat.chat.state.people import PREFIXES
from lanchat.protocol.message import Message, fitted

_PREFIXES = "".join(PREFIXES.values())  # of "@#x", its operators
_KNOWING = frozenset({"standard-replies", "draft/multiline"})  # whoever asks for these reads a FAIL


def tell_in_channel(call: Call, target: str, words: str) -> None:
    """Say in a channel that something for it was not sent.

    Only to who is in it, and has no standard-replies: the others know by the FAIL or the numeric what it was about,
    while irssi, HexChat and WeeChat print those in the server's window, where nobody looks while talking.
    """
    channel = call.network.channel(target.partition(",")[0].lstrip(_PREFIXES))
    if channel and not _KNOWING & call.session.capabilities and call.session.user in channel.members:
        call.reply(fitted(Message("NOTICE", (channel.name, words), call.network.name)))
