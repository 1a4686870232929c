"""What kind of peer is this? Told by its first bytes, decided at the first space or line end, never earlier.

What begins with no word that is known is decided by its whole first line: HTTP of whatever verb ends it by its version.
"""

import enum
import re

from lanchat.limits import MAX_SNIFF_BYTES

HTTP_METHODS = frozenset(
    {b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"CONNECT", b"TRACE", b"PATCH", b"PRI"}
)

# Whoever begins with one of these is an IRC client however it is written; the rest only in capitals, as people at
# nc may well begin with "who" or "list".
REGISTRATION_COMMANDS = frozenset({b"CAP", b"NICK", b"USER", b"PASS", b"AUTHENTICATE"})
IRC_COMMANDS = REGISTRATION_COMMANDS | frozenset(
    b"ADMIN AWAY BATCH CHATHISTORY ERROR "
    b"HELP HELPOP INFO INVITE ISON JOIN KICK KILL LINKS LIST LUSERS MARKREAD MODE MONITOR MOTD "
    b"NAMES NOTICE OPER PART PING PONG PRIVMSG QUIT REDACT REGISTER SEARCH SETNAME TAGMSG TIME TOPIC USERHOST VERIFY "
    b"VERSION WALLOPS WHO WHOIS WHOWAS".split()
)
_HTTP_LINE = re.compile(rb"[^ ]+ [^ ]+ HTTP/\d\.\d")  # RFC 9112, section 3
_LINE_END = re.compile(rb"[\r\n]")  # by keyboard a CR may be all there is
_TLS_HANDSHAKE = 0x16  # record type of a hello; RFC 8446, section 5.1


class PeerKind(enum.Enum):
    """The kinds of peers one port serves."""

    IRC = "irc"
    HTTP = "http"
    PLAIN = "plain"
    TLS = "tls"


def sniff(data: bytes) -> PeerKind | None:
    """Tell the kind of peer from all the bytes it has sent so far, or None while they do not decide it."""
    if not data:
        return None
    if data[0] == _TLS_HANDSHAKE:
        return PeerKind.TLS
    first = _first_word(data)
    if first is None:
        return PeerKind.PLAIN if len(data) > MAX_SNIFF_BYTES else None
    word, end = first
    if word in HTTP_METHODS and end == b" ":
        return PeerKind.HTTP
    is_registration = word.upper() in REGISTRATION_COMMANDS and end == b" "  # alone, "Nick" and "User" are names
    if word in IRC_COMMANDS or is_registration:
        return PeerKind.IRC
    return _kind_by_line(data)


def _kind_by_line(data: bytes) -> PeerKind | None:
    """Tell the kind by the whole first line, or None while it has not ended."""
    line = _LINE_END.split(data, maxsplit=1)[0]
    is_whole = len(line) < len(data)
    if _HTTP_LINE.fullmatch(line):
        return PeerKind.HTTP if is_whole else None
    return PeerKind.PLAIN if is_whole or len(data) > MAX_SNIFF_BYTES else None


def _first_word(data: bytes) -> tuple[bytes, bytes] | None:
    """The word that decides and the byte behind it, or None while it has not ended. Tags and source are no words."""
    line = _LINE_END.split(data, maxsplit=1)[0]
    is_whole = len(line) < len(data)
    *before, last = line.split(b" ")
    words = [(word, b" ") for word in before] + ([(last, b"\n")] if is_whole else [])
    for word, end in words:
        if word and (word[:1] not in (b"@", b":") or end == b"\n"):
            return word, end
    return (b"", b"\n") if is_whole else None
