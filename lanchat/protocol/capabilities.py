"""The IRCv3 capabilities this server offers, and which tag needs which of them.

Source: ircv3.net/specs; docs/irc.md, "Capabilities".
"""

from collections.abc import Set

from lanchat.limits import MULTILINE_MAX_BYTES, MULTILINE_MAX_LINES
from lanchat.protocol.sasl import MECHANISMS

SEARCH = "soju.im/search"  # offered only where what was said can be searched
# name → value shown to clients that speak CAP 302 ("" for none)
CAPABILITIES: dict[str, str] = {
    "account-notify": "",
    "account-tag": "",
    "away-notify": "",
    "batch": "",
    "cap-notify": "",
    "chghost": "",
    "draft/account-registration": "before-connect",
    "draft/chathistory": "",
    "draft/event-playback": "",
    "draft/message-redaction": "",
    "draft/multiline": f"max-bytes={MULTILINE_MAX_BYTES},max-lines={MULTILINE_MAX_LINES}",
    "draft/read-marker": "",
    "echo-message": "",
    "extended-join": "",
    "extended-monitor": "",
    "invite-notify": "",
    "labeled-response": "",
    "message-tags": "",
    "multi-prefix": "",
    "no-implicit-names": "",
    "sasl": ",".join(MECHANISMS),
    "server-time": "",
    "setname": "",
    SEARCH: "",
    "standard-replies": "",
    "userhost-in-names": "",
}

CLIENT_TAG_PREFIX = "+"
_TAG_NEEDS = {
    "account": "account-tag",
    "batch": "batch",
    "draft/multiline-concat": "draft/multiline",
    "label": "labeled-response",
    "time": "server-time",
}
_TAG_CAPABILITIES = frozenset(_TAG_NEEDS.values()) | {"message-tags"}


_SHAPES: dict[frozenset[str], frozenset[str]] = {}  # at most one for each set of _TAG_CAPABILITIES


def shape_of(capabilities: Set[str]) -> frozenset[str]:
    """Return the part of a session's capabilities that decides which tags it gets.

    Equal shapes are the same object: the server compares them once for every receiver of every message.
    """
    shape = _TAG_CAPABILITIES.intersection(capabilities)
    return _SHAPES.setdefault(shape, shape)


def is_tag_for(tag: str, capabilities: Set[str]) -> bool:
    """Tell whether a session with these capabilities gets this tag: by default, message-tags."""
    return _TAG_NEEDS.get(tag, "message-tags") in capabilities
