"""What terminals send for the keys that docs/guide.md names, as bytes.

`xterm` stands for what most send (tmux and the Linux console among them); the others have a row only where they differ.
Sources: xterm's ctlseqs ("PC-Style Function Keys", "Alt and Meta Keys", modifyOtherKeys); tmux(1), "xterm-keys"; the
PuTTY manual, section 4.4; the kitty keyboard protocol ("Disambiguate escape codes"), also in Windows Terminal 1.25.
"""

from lanchat.client.screen.keys import KeyParser

XTERM: dict[str, str] = {
    "Tab": "\t",
    "Shift+Tab": "\x1b[Z",
    "Up": "\x1b[A",
    "Down": "\x1b[B",
    "Ctrl+Up": "\x1b[1;5A",
    "Enter": "\r",
    "Esc": "\x1b",
    "Alt+Enter": "\x1b\r",
    "Ctrl+J": "\n",
    "PgUp": "\x1b[5~",
    "PgDn": "\x1b[6~",
    "Home": "\x1b[H",
    "End": "\x1b[F",
    "Ctrl+Home": "\x1b[1;5H",
    "Ctrl+End": "\x1b[1;5F",
    "F1": "\x1bOP",
    "F2": "\x1bOQ",
    "Alt+Up": "\x1b[1;3A",
    "Alt+Down": "\x1b[1;3B",
    "Alt+Left": "\x1b[1;3D",
    "Alt+Right": "\x1b[1;3C",
    "Ctrl+Left": "\x1b[1;5D",
    "Ctrl+Right": "\x1b[1;5C",
    "Alt+Backspace": "\x1b\x7f",
    "Ctrl+_": "\x1f",
    **{f"Ctrl+{letter}": chr(ord(letter) - 0x40) for letter in "ABCEFKLNPQRTUWYZ"},
    **{f"Alt+{character}": f"\x1b{character.lower()}" for character in "ABCDFLNU123456789"},
}

_KITTY: dict[str, str] = {
    "Esc": "\x1b[27u",
    "Alt+Enter": "\x1b[13;3u",
    "Ctrl+J": "\x1b[106;5u",
    "Alt+Backspace": "\x1b[127;3u",
    "Ctrl+_": "\x1b[45;5u",  # of a keyboard whose "_" is Shift and "-"
    "F1": "\x1b[P",
    "F2": "\x1b[Q",
    **{f"Ctrl+{letter}": f"\x1b[{ord(letter.lower())};5u" for letter in "ABCEFKLNPQRTUWYZ"},
    **{f"Alt+{character}": f"\x1b[{ord(character.lower())};3u" for character in "ABCDFLNU123456789"},
}
_PUTTY: dict[str, str] = {
    "Home": "\x1b[1~",
    "End": "\x1b[4~",
    "F1": "\x1b[11~",
    "F2": "\x1b[12~",
    "Up": "\x1bOA",
    "Down": "\x1bOB",
    "Alt+Up": "\x1b\x1b[A",
    "Alt+Down": "\x1b\x1b[B",
    "Alt+Left": "\x1b\x1bOD",
    "Alt+Right": "\x1b\x1bOC",
    "Ctrl+Left": "\x1bOD",  # as Left in the other mode; see below
    "Ctrl+Right": "\x1bOC",
    "Ctrl+Up": "\x1bOA",
}
_TMUX: dict[str, str] = {"Home": "\x1b[1~", "End": "\x1b[4~"}
_OTHER_KEYS: dict[str, str] = {  # xterm with modifyOtherKeys: 2, and Emacs users' mintty
    "Alt+Enter": "\x1b[27;3;13~",
    "Ctrl+J": "\x1b[27;5;106~",
    "Alt+Backspace": "\x1b[27;3;127~",
    **{f"Alt+{character}": f"\x1b[27;3;{ord(character.lower())}~" for character in "ABCDFLNU123456789"},
}

# PuTTY sends for Ctrl+Left what others send for Left in "application mode", which nobody asks it for; Left it is here.
_AMBIGUOUS = {("PuTTY", "Ctrl+Left"), ("PuTTY", "Ctrl+Right"), ("PuTTY", "Ctrl+Up")}
TERMINALS: dict[str, dict[str, str]] = {
    "xterm": XTERM,
    "tmux": XTERM | _TMUX,
    "PuTTY": XTERM | _PUTTY,
    "kitty protocol": XTERM | _KITTY,
    "modifyOtherKeys": XTERM | _OTHER_KEYS,
    "Windows Terminal": {key: sent for key, sent in XTERM.items() if key != "Alt+Enter"},  # which it keeps for itself
}


def sent() -> list[tuple[str, str, str]]:
    """Each terminal, key, and what it sends."""
    return [
        (terminal, key, data)
        for terminal, keys in TERMINALS.items()
        for key, data in keys.items()
        if (terminal, key) not in _AMBIGUOUS and (terminal == "xterm" or data != XTERM[key])
    ]


def read(*chunks: str) -> list[str]:
    """The names of the keys that the screen reads from these bytes, as they come in."""
    parser = KeyParser()
    messages = [message for chunk in chunks for message in parser.feed(chunk)]
    if parser._timeout_time is not None:  # a lone ESC is the key Esc once nothing followed it for a while
        parser._timeout_time = 0
        messages += parser.tick()
    return [getattr(message, "key", repr(message)) for message in messages]
