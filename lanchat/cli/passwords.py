"""Passwords that need not stand on the command line, which everybody on the machine can read in its list of programs.

A password comes from --password, else from --password-file, else it is asked for (--ask-password), else from the
variable LANCHAT_PASSWORD. An operator's comes from --oper NAME:PASSWORD, from a line of --oper-file, from LANCHAT_OPER,
or it is asked for where --oper is only a name.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from lanchat.errors import UsageError, UserError
from lanchat.protocol.text import clean

PASSWORD_VARIABLE = "LANCHAT_PASSWORD"  # noqa: S105 - the name of a variable
OPERATOR_VARIABLE = "LANCHAT_OPER"
_MAX_FILE_BYTES = 65_536

Ask = Callable[[str], str]


def add_password_options(parser: argparse.ArgumentParser) -> None:
    """Let a command take the room's password in ways that nobody else sees."""
    add = parser.add_argument
    add("--password-file", metavar="FILE", help="a file whose first line is the password")
    add("--ask-password", action="store_true", help=f"be asked for it (or set {PASSWORD_VARIABLE})")


def room_password(args: argparse.Namespace, ask: Ask | None = None) -> str:
    """Return the room's password, "" for none. Raises UserError for one that cannot be had."""
    if args.password is not None:
        return _checked(args.password)
    if args.password_file is not None:
        return _checked(_lines(args.password_file)[0])
    if args.ask_password:
        return _checked((ask or _asked)("The room's password: "))
    return _checked(os.environ.get(PASSWORD_VARIABLE, ""))


def operators(args: argparse.Namespace, ask: Ask | None = None) -> dict[str, str]:
    """Return the operators' names with their passwords. Raises UserError for what is none."""
    texts = [*(args.oper or ()), *(_lines(args.oper_file) if args.oper_file is not None else ())]
    if named := os.environ.get(OPERATOR_VARIABLE):
        texts.append(named)
    return dict(_operator(text, ask) for text in texts if text)


def _operator(text: str, ask: Ask | None) -> tuple[str, str]:
    name, colon, password = text.partition(":")
    if name and not colon and (ask or _is_person_here()):
        password = (ask or _asked)(f"Password of the operator {clean(name)}: ")
    if not name or not password:
        raise UsageError("--oper takes a name and a password with a colon between them: --oper chief:secret.")
    return name, _checked(password)


def _lines(path: str) -> list[str]:
    """Return the lines of a small file of text, one at least."""
    try:
        with Path(path).expanduser().open("rb") as file:
            lines = file.read(_MAX_FILE_BYTES).decode().splitlines()
    except (OSError, ValueError, RuntimeError) as error:  # not UTF-8, a NUL in the path, no such home
        reason = (isinstance(error, OSError) and error.strerror) or "not a file of UTF-8 text"
        raise UserError(f"Cannot read the password in {clean(path)}: {reason}. Its first line is to hold it.") from None
    if not lines or not lines[0]:
        raise UserError(f"The first line of {clean(path)} is empty; it is to hold the password.")
    return lines


def _asked(question: str) -> str:
    import getpass

    if not _is_person_here():
        raise UsageError(f"Nobody can be asked for a password here; use --password-file or {PASSWORD_VARIABLE}.")
    try:
        return getpass.getpass(question)
    except EOFError:
        raise UsageError("No password was given.") from None


def _is_person_here() -> bool:
    return sys.stdin.isatty()


def _checked(password: str) -> str:
    if any(char in password for char in "\r\n\0"):
        raise UsageError("A password has no line ends in it.")
    try:
        password.encode()
    except UnicodeEncodeError:
        raise UsageError(f"“{clean(password)}” is not UTF-8 text; check the encoding of your terminal.") from None
    return password
