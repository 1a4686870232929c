"""Agreeing with a server on capabilities. No socket: messages in, messages out.

Source: ircv3.net/specs/extensions/capability-negotiation (version 302).
"""

from dataclasses import dataclass, field

from lanchat.protocol.message import Message

WANTED = frozenset(
    {
        "account-notify",
        "account-tag",
        "away-notify",
        "batch",
        "cap-notify",
        "chghost",
        "draft/chathistory",
        "draft/event-playback",
        "draft/message-redaction",
        "draft/multiline",
        "draft/read-marker",
        "echo-message",
        "extended-join",
        "invite-notify",
        "labeled-response",
        "message-tags",
        "multi-prefix",
        "sasl",
        "server-time",
        "setname",
        "soju.im/search",
        "standard-replies",
    }
)
# What was said before is asked for by us, under labels. A host that has none of these replays by itself instead.
_HISTORY = frozenset({"draft/chathistory", "draft/event-playback"})
_HISTORY_NEEDS = frozenset({"batch", "labeled-response", "message-tags", "server-time"})
MAX_OFFERED = 200  # capabilities remembered of one server
_REQUEST_BYTES = 400  # of names in one CAP REQ: well within a line


@dataclass(slots=True)
class Negotiation:
    """What the server offers, and what is switched on: names with their values ("max-bytes=…")."""

    offered: dict[str, str] = field(default_factory=dict)
    enabled: dict[str, str] = field(default_factory=dict)
    has_list: bool = False
    _unanswered: int = 0

    @property
    def is_settled(self) -> bool:
        """Whether everything asked for has been answered."""
        return self.has_list and self._unanswered == 0

    def begin(self) -> Message:
        """Return the question which capabilities the server has."""
        return Message("CAP", ("LS", "302"))

    def hear(self, message: Message) -> list[Message]:
        """Handle a CAP of the server; return what to ask for next."""
        subcommand = message.params[1].upper() if len(message.params) > 1 else ""
        names = message.params[-1].split() if len(message.params) > 2 else []
        if subcommand in ("LS", "NEW"):
            is_more = subcommand == "LS" and message.params[2:3] == ("*",)
            return self._offered(names, is_more=is_more, is_list=subcommand == "LS")
        if subcommand == "ACK":
            self._answered()
            self._switch(names)
        elif subcommand == "NAK":
            self._answered()
        elif subcommand == "DEL":
            self._withdrawn(names)
        return []

    def _answered(self) -> None:
        self._unanswered = max(0, self._unanswered - 1)

    def _offered(self, names: list[str], *, is_more: bool, is_list: bool) -> list[Message]:
        for name in names:
            key, _, value = name.partition("=")
            if key and len(self.offered) < MAX_OFFERED:
                self.offered[key] = value
        if is_more:
            return []
        self.has_list = self.has_list or is_list
        wanted = WANTED if self.offered.keys() >= _HISTORY_NEEDS else WANTED - _HISTORY
        asked = _requests(sorted((wanted & self.offered.keys()) - self.enabled.keys()))
        self._unanswered += len(asked)
        return asked

    def _switch(self, names: list[str]) -> None:
        for name in names:
            key = name.lstrip("-~=")
            if name.startswith("-"):
                self.enabled.pop(key, None)
            elif key in WANTED:
                self.enabled[key] = self.offered.get(key, "")

    def _withdrawn(self, names: list[str]) -> None:
        for name in names:
            self.offered.pop(name, None)
            self.enabled.pop(name, None)


def _requests(names: list[str]) -> list[Message]:
    lines: list[str] = []
    for name in names:
        if lines and len(lines[-1]) + len(name) < _REQUEST_BYTES:
            lines[-1] += f" {name}"
        else:
            lines.append(name)
    return [Message("CAP", ("REQ", line)) for line in lines]
