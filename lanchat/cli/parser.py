"""argparse, speaking in the sentences of this program: what was typed, what is wrong with it, what to type instead."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Callable, Iterable
from typing import NoReturn

from lanchat.errors import UsageError

LAST_PORT = 65_535
_MAX_SHOWN = 60  # characters of what was typed


class Parser(argparse.ArgumentParser):
    """A parser of which no error is told in argparse's own words."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError for what argparse refuses."""
        for pattern, explain in _EXPLAINED:
            if found := re.match(pattern, message, re.DOTALL):
                raise UsageError(explain(self, *found.groups()))
        raise UsageError(f"That is not how `{self.prog}` is used; {self._where_to_look()}.")

    def _where_to_look(self) -> str:
        return f"`{self.prog} --help` shows how"

    def unknown(self, word: str) -> str:
        """Return the sentence about what is no argument here."""
        near = _nearest(word.partition("=")[0], self._option_string_actions)
        return f"{shown(word)} is nothing that `{self.prog}` takes{near}; {self._where_to_look()}."

    def no_value(self, name: str) -> str:
        """Return the sentence about an option that is the last word."""
        return f"{name.rpartition('/')[2]} needs a value behind it; {self._where_to_look()}."

    def missing(self, names: str) -> str:
        """Return the sentence about what is not there."""
        return f"`{self.prog}` needs {names}; {self._where_to_look()}."

    def no_choice(self, word: str, choices: str) -> str:
        """Return the sentence about a word that is none of those there are."""
        known = re.findall(r"'([^']*)'", choices)
        return f"{shown(word)} is none of {', '.join(known)}{_nearest(word, known)}."

    def ambiguous(self, word: str, options: str) -> str:
        """Return the sentence about an option that is cut too short."""
        return f"{shown(word)} could be {options.replace(', ', ' or ')}; write it out."

    def no_value_wanted(self, name: str, value: str) -> str:
        """Return the sentence about a value for a switch."""
        return f"{name.rpartition('/')[2]} takes no value, but got {shown(value)}."


_EXPLAINED: tuple[tuple[str, Callable[..., str]], ...] = (
    (r"argument ([^:]+): expected (?:one|at least one) argument", Parser.no_value),
    (r"the following arguments are required: (.*)", Parser.missing),
    (r"argument [^:]+: invalid choice: '(.*)' \(choose from (.*)\)", Parser.no_choice),
    (r"ambiguous option: (.*) could match (.*)", Parser.ambiguous),
    (r"argument ([^:]+): ignored explicit argument '(.*)'", Parser.no_value_wanted),
)


def shown(word: str) -> str:
    """Return what was typed, in quotes, short and printable."""
    printable = "".join(char if char.isprintable() else "?" for char in word)
    return f"“{printable[:_MAX_SHOWN]}”"


def _nearest(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def check_command(words: Iterable[str], commands: Iterable[str]) -> None:
    """Raise UsageError if the first word of a command line is no command."""
    first = next(iter(words), "")
    if first and not first.startswith("-") and first not in commands:
        raise UsageError(
            f"{shown(first)} is no command{_nearest(first, commands)}; `lanchat --help` shows which there are."
        )


def port(text: str) -> int:
    """Return a port as typed; 0 lets the system choose. Raises UsageError."""
    if not (text.isascii() and text.isdecimal()) or int(text[:6]) > LAST_PORT:
        raise UsageError(f"{shown(text)} is not a port; choose one from 1 to {LAST_PORT}.")
    return int(text)


def count(text: str) -> int:
    """Return a number from 1 on. Raises UsageError."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or int(text) < 1:
        raise UsageError(f"{shown(text)} is not a number from 1 on.")
    return int(text)


def seconds(text: str) -> float:
    """Return a time in seconds, more than none. Raises UsageError."""
    if not re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?|\.\d{1,6}", text, re.ASCII) or not float(text):
        raise UsageError(f"{shown(text)} is not a number of seconds, such as 3 or 0.5.")
    return float(text)
