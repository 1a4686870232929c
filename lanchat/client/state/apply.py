"""How a message of the host changes the state: the table of all handlers. What each command means is in `meaning/`."""

from collections.abc import Callable, Mapping

from lanchat.client.state.changes import Change
from lanchat.client.state.heard import Heard, hear, time_of
from lanchat.client.state.meaning import answers, markers, membership, talk, topic
from lanchat.client.state.state import ClientState
from lanchat.protocol.message import Message

Handler = Callable[[ClientState, Heard], list[Change]]
HANDLERS: Mapping[str, Handler] = {
    **talk.HANDLERS,
    **membership.HANDLERS,
    **topic.HANDLERS,
    **answers.HANDLERS,
    **markers.HANDLERS,
}


def apply(state: ClientState, message: Message, now_s: float, *, replayed_in: str = "") -> list[Change]:
    """Apply one message of the host to the state; return what changed.

    `now_s`: UNIX time by the local clock, for messages that carry no time. `replayed_in`: the channel of whose history
    it is, where it was asked for. Never raises.
    """
    whole, is_replayed = state.batches.assemble(message)
    is_replayed = is_replayed or bool(replayed_in)
    if whole is None:
        return []
    if "time" in whole.tags and not is_replayed:
        state.compare_clocks(time_of(whole.tags["time"], state.host_time(now_s)), now_s)
    if "time" in whole.tags:
        state.heard_s = max(state.heard_s, time_of(whole.tags["time"], 0.0))
    heard = hear(whole, now_s, state.host_time(now_s), is_replayed=is_replayed, of_channel=replayed_in)
    handler = HANDLERS.get(whole.command) or answers.handler_of_unknown(whole.command)
    return handler(state, heard) if handler else []
