"""The command that joins a room, written so that the shell at hand passes the room's name on as it is.

One quoting for all that the program prints. Most names look alike everywhere:

    Line 3        lanchat join "Line 3"
    it's $HOME    lanchat join 'it'"'"'s $HOME'     POSIX shells
                  lanchat join 'it''s $HOME'        PowerShell
    50 % off      lanchat join "50 "^%" off"        cmd, where %NAME% is a variable inside quotes, too
    -x            lanchat join -- "-x"              else it would be taken for an option
"""

import os
import re
import shlex
from enum import Enum, auto

_QUOTES_OF_POWERSHELL = re.compile("(['\u2018\u2019\u201a\u201b])")  # it takes each of these for an apostrophe
_MEANS_SOMETHING = frozenset("\"$`\\!%'^&|<>\u2018\u2019\u201a\u201b\u201c\u201d\u201e")


class Shell(Enum):
    """Whose rules the quotes follow."""

    POSIX = auto()
    POWERSHELL = auto()
    CMD = auto()


def shell_here() -> Shell:
    """Return the shell that commands are typed into here, as far as that can be known."""
    if os.name != "nt" or "MSYSTEM" in os.environ:  # set by Git Bash and MSYS2
        return Shell.POSIX
    return Shell.CMD if "PROMPT" in os.environ else Shell.POWERSHELL  # cmd sets it, PowerShell does not


def quoted(text: str, shell: Shell) -> str:
    """Return a text as one argument. In double quotes where these mean the same to every shell."""
    if not _MEANS_SOMETHING.intersection(text):
        return f'"{text}"'
    if shell is Shell.POSIX:
        return shlex.quote(text)
    if shell is Shell.POWERSHELL:
        return "'" + _QUOTES_OF_POWERSHELL.sub(r"\1\1", text) + "'"
    return '"' + text.replace('"', '\\"').replace("%", '"^%"') + '"'


def join_command(name: str, shell: Shell | None = None) -> str:
    """Return the command that joins the room of this name."""
    ahead = "-- " if name.startswith("-") else ""
    return f"lanchat join {ahead}{quoted(name, shell or shell_here())}"
