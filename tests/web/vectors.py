"""What Python and the page have to agree on, as JSON: each case with Python's own answer.

`python -m tests.web.vectors` prints it. Nothing of it is kept: the tests make it anew, so it is never out of date.
"""

from __future__ import annotations

import json
import random
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any

from lanchat.client.connection.place import Person
from lanchat.client.state.mentions import calls
from lanchat.client.words.colour import hue_of
from lanchat.errors import ProtocolError
from lanchat.limits import MAX_TAG_BYTES
from lanchat.protocol import sasl, scram
from lanchat.protocol.message import Message, format_message, parse_message
from lanchat.protocol.names import channel_for, fold, nick_from, nick_variant, shown, username_from
from lanchat.protocol.split import split_text
from lanchat.protocol.text import clean, cut_to_bytes

_LINES = [
    "PING",
    "PRIVMSG #Line-3 :hello there",
    ":Ana!~ana@10.0.0.5 PRIVMSG #Line-3 hi",
    "@time=2026-03-01T12:00:00.000Z;msgid=abc :Ana!~ana@h PRIVMSG #x ::)",
    "@a=\\:\\s\\\\\\r\\n\\b;b;+c=;=x;a=twice\\ PRIVMSG #x :",
    "@a  :src  PRIVMSG   #x   :  spaced  out",
    ":host 005 Ana A B C D E F G H I J K L M :are supported",
    ":host 005 Ana A B C D E F G H I J K L M N O P :are supported",
    ":host 005 Ana A B C D E F G H I J K L M N :are supported",
    "PRIVMSG #x :a :b :c",
    "privmsg Zoé :Işıl 田中 😀",
    "@x=a=b;y=\\é PRIVMSG a b",
    "@a;b;c",
    ":only",
    "",
    " PRIVMSG #x y",
    "PRIVMSG #x :\x01ACTION waves\x01",
]
_TEXTS = [
    *(
        "plain",
        "a\tb",
        "a\x02bold\x02 \x0304,12red\x03 \x04ff0000hex",
        "zero\u200bwidth",
        "rtl\u202egnp.exe",
        "a\u2066b",
    ),
    *(
        "family 👨‍👩‍👧",
        "flag 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "piles Z" + "\u0301" * 20,
        "soft\xadhyphen",
        "\u2800braille\u2800",
        "a\u2028b",
        "\ud800half",
    ),
    *(
        "نص",
        "می‌خواهم",
        "नमस्ते",
        "田中さん",
        "\ufeffbom",
        "\U000e0001tag",
        "\x7fdel\x1b[31m",
        "ﷺ",
        "\u3164filler",
        "️x️",
        "",
    ),
]
_NAMES = [
    *(
        "Ana",
        "ZOÉ",
        "zoé",
        "Ｚoé",
        "Işıl",
        "İnci",
        "ıI",
        "Straße",
        "ΣΊΣΥΦΟΣ",
        "σίσυφος",
        "ﬁn",
        "田中",
        "Maria_López",
        "Ana_",
        "_Ana",
    ),
    *("a__b", "a_b_c", "#Line-3", "Ǆ", "ŉ", "Ω", "K", "ﬀ", "ẞ", "Ꭰ", "ꭰ", "a‍b", "☺️", "x_y", "__", "_", "a_"),
]
_CALLED = [
    "Maria López",
    "  a  b ",
    "@@zoe",
    "#x",
    "a.b,c*d?e!f@g:h",
    "ü" * 30,
    "x\u202ey",
    "",
    "!!!",
    "e\u0301",
    "Zoé\u200d",
]
_CALLS = [
    *(
        "Ana look",
        "@Ana",
        "(ana)",
        "ana's",
        "thanks Ana.",
        "Banana",
        "Ana_2",
        "Ana-Maria",
        "/ana/log",
        "ana.local",
        "x@ana",
    ),
    *(
        "田中さん、止めて",
        "Anaさん",
        "ANA: yes",
        "mail ana@host",
        "#ana",
        "Ana",
        "Ana,Ana",
        "áAna",
        "👍Ana👍",
        "Aña",
        ".ana",
        "ana.",
    ),
]
_NICKS = ["Ana", "田中", "Maria_López", "Zoé"]


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        return _as_json(parse_message(line.encode(), MAX_TAG_BYTES))
    except ProtocolError:
        return None


def _as_json(message: Message) -> dict[str, Any]:
    return {
        "command": message.command,
        "params": list(message.params),
        "source": message.source,
        "tags": dict(message.tags),
    }


def _random_lines() -> Iterator[str]:
    chance = random.Random(12)
    alphabet = "@:;=\\ \\ abA#é😀rns:  "
    for _ in range(2_000):
        yield "".join(chance.choice(alphabet) for _ in range(chance.randrange(1, 40)))


def _formats() -> Iterator[list[Any]]:
    tags = {"a": "; \\\r\n", "b": "", "+c": "é"}
    for params in [(), ("a",), ("a", "b c"), ("a", ""), ("a", ":x"), ("#x", "é 😀")]:
        for message in (Message("TOPICX", params), Message("TOPICX", params, "s!u@h", tags)):
            yield [_as_json(message), format_message(message).decode().removesuffix("\r\n")]


def _casefolds() -> dict[str, str]:
    """Return what every letter that has cases folds to."""
    assigned = (chr(code) for code in range(0x80, 0x1F000) if unicodedata.category(chr(code))[0] == "L")
    return {char: fold(char) for char in assigned if fold(char) != char}


def _cleaned_characters() -> str:
    """Return all assigned characters that stay."""
    every = (chr(code) for code in range(0x20, 0xE0200) if unicodedata.category(chr(code)) not in ("Cn", "Cs"))
    return "".join(char for char in every if clean(char) == char)


def _newer_characters() -> str:
    """Return what this Python's Unicode does not know yet, and a browser's may."""
    every = (chr(code) for code in range(0x20, 0xE0200))
    return "".join(char for char in every if unicodedata.category(char) == "Cn")


def _scram() -> dict[str, Any]:
    side = scram.ClientSide("Zoé=,", "nonce")
    challenge = b"r=nonceHOST,s=c2FsdHNhbHQ=,i=4096"
    asked = side.challenged(challenge)
    salted = scram.salted(b"pencil", asked.salt, asked.iterations)
    known = scram.verifier(salted, asked.salt, asked.iterations)
    last = side.prove(salted)
    server = scram.ServerSide(scram.read_first(side.first), known, "HOST")
    signature = server.finish(last)
    assert server.challenge == challenge
    assert signature
    return {
        "name": "Zoé=,",
        "secret": "pencil",
        "nonce": "nonce",
        "first": side.first.decode(),
        "challenge": challenge.decode(),
        "last": last.decode(),
        "signature": signature.decode(),
        "plain": [message.params[0] for message in sasl.pieces(sasl.plain_response("Zoé", "x" * 400))],
    }


def _secrets() -> list[list[Any]]:
    person = Person("Ana", secret="abc", known=("Ana", "Zoé"))
    return [[name, person.secret_of(name)] for name in ("ana", "ZOÉ", "Other", "田中")]


def vectors() -> dict[str, Any]:
    """Return all cases."""
    return {
        "parse": [[line, _parsed(line)] for line in [*_LINES, *_random_lines()]],
        "format": list(_formats()),
        "clean": [[text, clean(text)] for text in _TEXTS if "\ud800" not in text],
        "kept": _cleaned_characters(),
        "newer": _newer_characters(),
        "fold": [[name, fold(name)] for name in _NAMES],
        "casefold": _casefolds(),
        "shown": [[name, shown(name)] for name in _NAMES],
        "nick_from": [[name, nick_from(name)] for name in [*_CALLED, *_NAMES] if nick_from(name)],
        "variant": [[name, nick_variant(name, 12)] for name in ["Ana", "é" * 20]],
        "channel_for": [[name, channel_for(name)] for name in ["Line 3", "#x", "a,b*c", "é" * 40, "  x  "]],
        "username": [[name, username_from(name)] for name in ["Maria López", "@!", "é" * 12]],
        "colour": [[name, hue_of(name)] for name in _NAMES],
        "cut": [[text, n, cut_to_bytes(text, n)] for text in ["Zoé田中😀abc", "abc"] for n in range(14)],
        "split": [[text, n, split_text(text, n)] for text in _split_texts() for n in (10, 25, 100)],
        "calls": [[nick, text, calls(nick, text)] for nick in _NICKS for text in [*_CALLS, f"hi {shown(nick)}!"]],
        "scram": _scram(),
        "secrets": _secrets(),
    }


def _split_texts() -> list[str]:
    return [
        "short",
        "one two three four five six seven",
        "x" * 60,
        "é" * 40,
        "a " * 30,
        "👨‍👩‍👧" * 6,
        "   ",
        "",
        " lead and  two  spaces  ",
    ]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(vectors(), ensure_ascii=False))
