"""Getting the wanted name back from whoever has it. No socket, no clock: messages and times come in.

For example, Ana's old connection still holds "Ana", so she is registered as "Ana2". Her NICK Ana is tried again when
"Ana" leaves or takes another name, and otherwise after 30 s, 60 s, 120 s … The host's refusals of these attempts are
swallowed: she did not ask for anything.
"""

from dataclasses import dataclass

from lanchat.protocol import numerics
from lanchat.protocol.message import Message
from lanchat.protocol.names import fold

FIRST_PAUSE_S = 30.0
MAX_PAUSE_S = 300.0  # pauses double up to this
MAX_TRIES = 50  # by the clock; when its holder leaves, the name is tried all the same


@dataclass(slots=True)
class Naming:
    """The name this person wants, and the one the host gave."""

    wanted: str
    nick: str = ""
    _due_s: float = 0.0
    _pause_s: float = FIRST_PAUSE_S
    _tries: int = 0
    _open_tries: int = 0  # attempts of our own that have no answer yet

    @property
    def has_wanted(self) -> bool:
        """Whether the name is the wanted one."""
        return fold(self.nick) == fold(self.wanted)

    def welcome(self, nick: str, now_s: float) -> None:
        """Start with the name that the server gave."""
        self.nick = nick
        self._open_tries, self._tries, self._pause_s = 0, 0, FIRST_PAUSE_S
        self._due_s = now_s + self._pause_s

    def choose(self, nick: str) -> None:
        """Want another name from now on."""
        self.wanted = nick

    def hear(self, message: Message) -> list[Message]:
        """Look at a message of the host; return an attempt where it frees the wanted name."""
        if message.command in ("NICK", "QUIT") and fold(message.nick) == fold(self.nick):
            self._renamed(message)
            return []
        is_freed = message.command in ("NICK", "QUIT") and fold(message.nick) == fold(self.wanted)
        return self._try() if is_freed and not self.has_wanted else []

    def _renamed(self, message: Message) -> None:
        if message.command == "NICK" and message.params:
            self.nick = message.params[0]
            self._open_tries = 0

    def tick(self, now_s: float) -> list[Message]:
        """Return an attempt if one is due."""
        if self.has_wanted or now_s < self._due_s or self._tries >= MAX_TRIES:
            return []
        self._tries += 1
        self._pause_s = min(self._pause_s * 2, MAX_PAUSE_S)
        self._due_s = now_s + self._pause_s
        return self._try()

    def _try(self) -> list[Message]:
        self._open_tries += 1
        return [Message("NICK", (self.wanted,))]

    def swallow(self, message: Message) -> bool:
        """Take a refusal of an attempt of our own, which nobody needs to read about; tell whether it was one."""
        is_refusal = (
            message.command
            in (
                numerics.ERR_NICKNAMEINUSE,
                numerics.ERR_NICKCOLLISION,
                numerics.ERR_UNAVAILRESOURCE,
                numerics.ERR_ERRONEUSNICKNAME,
                "FAIL",
            )
            and self._open_tries > 0
        )
        if not is_refusal or all(fold(param) != fold(self.wanted) for param in message.params[:-1]):
            return False
        self._open_tries -= 1
        return True
