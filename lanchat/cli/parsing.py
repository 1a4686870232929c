"""The command line as typed, read; what cannot be read is told in sentences of our own, never argparse's."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from lanchat.errors import UsageError
from lanchat.protocol.text import clean

_LAST_PORT = 65_535
_MAX_SHOWN = 60  # characters of what was typed


class Parser(argparse.ArgumentParser):
    """A parser that raises UsageError. Options are written out, as a shortened one may mean another tomorrow."""

    def __init__(self, **choices: Any) -> None:
        super().__init__(**choices, allow_abbrev=False, exit_on_error=False)

    def error(self, message: str) -> NoReturn:  # noqa: ARG002 - argparse's own words, which nobody is to read
        """Say where to read what can be typed: what else argparse finds wrong has no sentence of its own."""
        raise UsageError(f"This is not how the command is typed; {self.prog} --help shows how.")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Return what could be read and what could not. Raises UsageError."""
        try:
            read, unread = super().parse_known_args(args, namespace)
        except argparse.ArgumentError as error:
            raise UsageError(self._misused(error.argument_name or "")) from None
        if unread:
            raise UsageError(self._unread(unread[0]))
        return read, unread

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print help or the version; where that fails, let it be heard (argparse would not)."""
        (file or sys.stderr).write(message)

    def _misused(self, name: str) -> str:
        option = self._option_string_actions.get(name.split("/")[0])
        if option is None:
            return f"This is not how the command is typed; {self.prog} --help shows how."
        if option.nargs == 0:
            return f"{name} stands alone, without a value."
        example = f"{option.option_strings[-1]} {option.metavar or option.dest.upper()}"
        return f"{name} needs a value: {example}. One that begins with “-” is written {option.option_strings[-1]}=-…"

    def _unread(self, word: str) -> str:
        if word.startswith("-"):
            name = word.partition("=")[0]
            guess = nearest(name, self._option_string_actions)
            ask = f"did you mean {guess}?" if guess else f"{self.prog} --help shows which there are."
            return f"{_quoted(name)} is no option of {self.prog}; {ask}"
        return f"{_quoted(word)} is one word too many for {self.prog}; a name with spaces is typed in quotes."


class Words(argparse.Action):
    """One name, typed as one word or several: `lanchat join Line 3` needs no quotes."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # noqa: ARG002 - argparse calls it so
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,  # noqa: ARG002 - as above
    ) -> None:
        """Keep the words as one name, None for no word."""
        setattr(namespace, self.dest, " ".join(values or ()) or None)


class FurtherWords(Words):
    """The same for an option that may be given again: `--name Line 3 --name Bridge`."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # noqa: ARG002 - argparse calls it so
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,  # noqa: ARG002 - as above
    ) -> None:
        """Add the words to the names so far."""
        setattr(namespace, self.dest, [*(getattr(namespace, self.dest) or ()), " ".join(values or ())])


def check_command(arguments: Sequence[str], commands: Iterable[str]) -> None:
    """Raise UsageError if the first word is no command."""
    known = list(commands)
    word = arguments[0] if arguments else ""
    if not word or word.startswith("-") or word in known:
        return
    guess = nearest(word, known)
    ask = f"did you mean lanchat {guess}?" if guess else f"there is {', '.join(known[:-1])} and {known[-1]}."
    raise UsageError(f"{_quoted(word)} is no command; {ask}")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return what somebody who typed this may have meant, or ""."""
    import difflib

    found = difflib.get_close_matches(word.lower(), list(known), 1)
    return found[0] if found else ""


def port(text: str) -> int:
    """Return a port as typed; 0 lets the system choose."""
    number = _whole(text)
    if number is None or not 0 <= number <= _LAST_PORT:
        raise UsageError(f"{_shown(text)} is not a port; choose one from 1 to {_LAST_PORT}.")
    return number


def count(text: str) -> int:
    """Return a number of people as typed."""
    number = _whole(text)
    if number is None or number < 1:
        raise UsageError(f"--max-clients takes a number from 1 on, not {_shown(text)}.")
    return number


def seconds(text: str) -> float:
    """Return a time as typed, in seconds; not a number is left to who knows the bounds."""
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"--timeout takes a number of seconds, not {_shown(text)}.") from None


def _whole(text: str) -> int | None:
    try:
        return int(text[:_MAX_SHOWN])
    except ValueError:
        return None


def _shown(text: str) -> str:
    return clean(text)[:_MAX_SHOWN] or "nothing"


def _quoted(text: str) -> str:
    return f"“{_shown(text)}”"
