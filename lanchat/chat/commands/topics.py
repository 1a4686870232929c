"""TOPIC. Source: modern.ircdocs.horse, "TOPIC message"."""

from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.chat.rules import replies
from lanchat.chat.rules.access import find_channel
from lanchat.chat.state.people import Channel, Topic
from lanchat.limits import MAX_TOPIC_BYTES
from lanchat.protocol import numerics
from lanchat.protocol.message import Message
from lanchat.protocol.text import cut_to_bytes


def topic(call: Call, message: Message) -> None:
    """Tell what a channel is about, or set it."""
    channel = find_channel(call, message.params[0])
    if channel is None:
        return
    if call.user not in channel.members:
        call.numeric(numerics.ERR_NOTONCHANNEL, channel.name, "You are not in that channel")
    elif len(message.params) == 1:
        for reply in replies.topic(call.network, call.user.nick, channel):
            call.reply(reply)
    elif "t" in channel.modes and not channel.is_operator(call.user):
        call.numeric(numerics.ERR_CHANOPRIVSNEEDED, channel.name, _how_to_set(call, channel))
    else:
        _set(call, channel, cut_to_bytes(message.params[1], MAX_TOPIC_BYTES))


def _how_to_set(call: Call, channel: Channel) -> str:
    """Return who may set a locked topic, and what to do."""
    words = "Only operators may set the topic here (+t)"
    chief = next((member.user.nick for member in channel.members.values() if channel.is_operator(member.user)), "")
    if chief:
        return f"{words}: ask {chief}"
    if call.network.settings.operators:
        return f"{words}, and none is in: /oper NAME PASSWORD makes you one"
    return f"{words}, and there are none: ask who opened the room, whose --oper names some"


def _set(call: Call, channel: Channel, text: str) -> None:
    known = channel.topic.text if channel.topic else ""
    if text == known:
        return
    channel.topic = Topic(text, call.user.nick, call.now) if text else None
    call.send(channel.audience(), call.happening(call.user, [channel], "TOPIC", channel.name, text))
    call.happened("topic", call.user.nick, channel.name, text)


COMMANDS = {
    "TOPIC": Command(topic, "TOPIC <channel> [:<topic>]", "See or set what a channel is about.", 1),
}
