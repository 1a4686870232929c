"""HELP: which commands there are, told from the table itself. Source: modern.ircdocs.horse, "HELP message"."""

from collections.abc import Mapping
from functools import partial

from lanchat.chat.call import Call
from lanchat.chat.commands.command import Command
from lanchat.protocol import numerics
from lanchat.protocol.message import Message

_COMMANDS_A_LINE = 8


def with_help(table: Mapping[str, Command]) -> dict[str, Command]:
    """Return the table with HELP and HELPOP, which tell of all in it, themselves included."""
    whole = dict(table)
    run = partial(_help, whole)
    whole["HELP"] = Command(run, "HELP [<command>]", "The commands, or one of them.")
    whole["HELPOP"] = Command(run, "HELPOP [<command>]", "As HELP.")
    return whole


def _help(table: Mapping[str, Command], call: Call, message: Message) -> None:
    subject = message.params[0].upper() if message.params else "*"
    command = table.get(subject)
    if subject == "*":
        names = sorted(table)
        lines = [" ".join(names[at : at + _COMMANDS_A_LINE]) for at in range(0, len(names), _COMMANDS_A_LINE)]
        _tell_help(call, subject, "HELP <command> tells more. The commands:", lines)
    elif command is None:
        call.numeric(numerics.ERR_HELPNOTFOUND, message.params[0], "There is no help on that")
    else:
        _tell_help(call, subject, command.summary, [command.usage])


def _tell_help(call: Call, subject: str, title: str, lines: list[str]) -> None:
    call.numeric(numerics.RPL_HELPSTART, subject, title)
    for line in lines:
        call.numeric(numerics.RPL_HELPTXT, subject, line)
    call.numeric(numerics.RPL_ENDOFHELP, subject, "End of help")
