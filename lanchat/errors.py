"""What can go wrong, as types. Each is caught where somebody can act on it."""


class ProtocolError(ValueError):
    """Bytes from a peer that the protocol does not allow. `target`: whom they were for, "" where that is unknown."""

    target = ""


class InvalidUtf8(ProtocolError):
    """A line that is not UTF-8. The peer is told; its connection stays.

    `command` and `label` are those of the line, as far as they could be read ("*" and "").
    """

    def __init__(self, command: str = "*", label: str = "") -> None:
        super().__init__(f"{command}: not UTF-8")
        self.command = command
        self.label = label


class LineTooLong(ProtocolError):
    """A line over its limit. The peer is told with numeric 417; its connection stays."""


class StrayEnd(ProtocolError):
    """A line with a CR, LF or NUL inside. The peer is told; its connection stays."""


class WireEnded(ProtocolError):
    """A peer that ended its wire in the way of its protocol, or broke that (`is_breach`). It is to be closed."""

    def __init__(self, reason: str, *, is_breach: bool) -> None:
        super().__init__(reason)
        self.is_breach = is_breach


class UserError(Exception):
    """Something a person can put right.

    The text is one sentence for that person: what was got, what was wanted, what to do next.
    It is printed without a traceback, and the program ends with `exit_status`.
    """

    exit_status = 1


class UsageError(UserError):
    """A command line that cannot be carried out as written."""

    exit_status = 2
