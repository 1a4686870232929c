"""Keys by the bytes that terminals send, where Textual's own table has another idea of them.

A terminal without the kitty keyboard protocol sends Alt as an ESC before the key (xterm's "metaSendsEscape"):

    Alt+1      ESC 1          Alt+Enter   ESC CR         Alt+Up   ESC [ 1 ; 3 A   (PuTTY: ESC ESC [ A)
    Alt+b      ESC b          Alt+Enter   ESC [ 27 ; 3 ; 13 ~   (xterm's "modifyOtherKeys")

Textual takes the first for what a Mac types ("¡"), and the second for Enter. Here they are keys called "alt+1" and
"alt+enter", and none of them types a letter.

A terminal that is asked for its background answers among the keys (OSC 11), and may do so late or in pieces:

    ESC ] 11 ; rgb:fdfd/f6f6/e3e3 ESC \\        or with BEL at its end

That is taken out whenever it comes: `GroundTold`.

Source: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html, "Alt and Meta Keys", "Operating System Commands".
"""

import importlib
import re
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import chain

from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.constants import ESCAPE_DELAY
from textual.events import Key
from textual.keys import _character_to_key
from textual.message import Message

_ESC = "\x1b"
_BEGINS_LONGER = "[O]PX^_"  # behind ESC, these begin a sequence (CSI, SS3, OSC, DCS, SOS, PM, APC)
_NAMES = {"\r": "enter", "\n": "enter", "\x7f": "backspace", "\x08": "backspace", " ": "space"}
_ALT_CURSOR = re.compile(r"\x1b\x1b[\[O]([ABCDHF])")
_OTHER_KEY = re.compile(r"\x1b\[27;([0-9]{1,3});([0-9]{1,7})~")
_ANSWER = re.compile(r"\x1b\]11;([^\x07\x1b]{0,64})(?:\x07|\x1b\\)")
_ANSWER_BEGUN = re.compile(r"\x1b\](?:11;[^\x07\x1b]{0,64}\x1b?|11|1|)\Z")
_ANSWER_WITHIN_S = 2.0  # an answer that began and does not go on is no answer
_AS_KEYS = len("\x1b]1")  # so little may be Alt+] and a figure
_AS_TABLE_HAS_IT = ("\t",)  # ESC TAB is Shift+Tab on some terminals


class GroundTold(Message):
    """The terminal has told its background, as it writes colours ("rgb:fdfd/f6f6/e3e3")."""

    def __init__(self, colour: str) -> None:
        self.colour = colour
        super().__init__()


class KeyParser(XTermParser):
    """Reads what a terminal sends. ESC within a pasted text is left out, as what follows it would be taken for keys."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._is_in_paste = False
        self._held = ""  # of a paste: what may be the beginning of its end
        self._before = ""  # outside: the last characters, among which a paste may have begun
        self._answer = ""  # as far as it has come
        self._answer_ends_s = 0.0
        self._told: list[Message] = []

    def feed(self, data: str) -> Iterable[Message]:
        """Take in what was read; "" at the end."""
        filtered = self._filtered(data)
        told, self._told = self._told, []
        keys = super().feed(filtered) if filtered or not data else ()  # "" is the end, even where all is held back
        return chain(told, keys)

    def tick(self) -> Iterable[Message]:
        """Go on where nothing came for a while: ESC was a key, what began as an answer is what it is."""
        if self._answer and time.monotonic() >= self._answer_ends_s:
            begun, self._answer = self._answer, ""
            yield from super().feed(begun) if len(begun) <= _AS_KEYS else ()
        yield from super().tick()

    def _filtered(self, data: str) -> str:
        filtered, data, self._held = "", self._held + data, ""
        while data:
            taken, data = self._of_paste(data) if self._is_in_paste else self._of_keys(data)
            filtered += taken
        return filtered

    def _of_keys(self, data: str) -> tuple[str, str]:
        """Return what comes up to the beginning of a paste, and what is left."""
        seen = self._before + data
        start = seen.find(BRACKETED_PASTE_START)
        if start < 0:
            self._before = seen[1 - len(BRACKETED_PASTE_START) :]
            return self._without_answer(data), ""
        self._is_in_paste, end = True, start + len(BRACKETED_PASTE_START) - len(self._before)
        self._before = ""
        return self._without_answer(data[:end]), data[end:]

    def _without_answer(self, data: str) -> str:
        """Return keys without what the terminal answers, of which a part may still be to come."""
        data, self._answer = _ANSWER.sub(self._tell, self._answer + data), ""
        if begun := _ANSWER_BEGUN.search(data):
            self._answer, data = begun.group(), data[: begun.start()]
            is_key = len(self._answer) <= _AS_KEYS
            self._answer_ends_s = time.monotonic() + (ESCAPE_DELAY if is_key else _ANSWER_WITHIN_S)
        return _ALT_CURSOR.sub("\x1b[1;3\\1", data)

    def _tell(self, answer: re.Match[str]) -> str:
        self._told.append(GroundTold(answer.group(1)))
        return ""

    def _of_paste(self, data: str) -> tuple[str, str]:
        """Return what comes up to the end of a paste, and what is left."""
        text, end, rest = data.partition(BRACKETED_PASTE_END)
        if end:
            self._is_in_paste = False
            return text.replace(_ESC, "") + end, rest
        begun = next((n for n in range(len(BRACKETED_PASTE_END), 0, -1) if data.endswith(BRACKETED_PASTE_END[:n])), 0)
        self._held = data[len(data) - begun :]
        return data[: len(data) - begun].replace(_ESC, ""), ""

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterator[Key]:
        """Return the keys that a complete sequence stands for; nothing while it is none. `alt`: an ESC came before."""
        pressed = sequence[1:] if sequence[:1] == _ESC else ""
        if key := _alt_key(sequence if alt else "" if pressed in _BEGINS_LONGER else pressed):
            yield Key(key, None)
            return
        yield from super()._sequence_to_key_events(_OTHER_KEY.sub("\x1b[\\2;\\1u", sequence), alt)


def _alt_key(character: str) -> str:
    """Return the name of a key that was pressed with Alt; "" where it is none."""
    if len(character) != 1 or character == _ESC or character in _AS_TABLE_HAS_IT:
        return ""
    if name := _NAMES.get(character):
        return f"alt+{name}"
    if character < " ":
        return f"alt+ctrl+{chr(ord(character) + 0x60)}"
    if character.isupper():
        return f"alt+shift+{character.lower()}"
    return f"alt+{character if character.isalnum() else _character_to_key(character)}"


def install() -> None:
    """Have Textual's driver read the terminal with `KeyParser`; it has no other way to be given one."""
    driver = importlib.import_module(f"textual.drivers.{'win32' if sys.platform == 'win32' else 'linux_driver'}")
    driver.XTermParser = KeyParser  # type: ignore[attr-defined]
