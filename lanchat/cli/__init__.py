"""The command line: what can be typed. Everything else is imported inside the command that needs it."""

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

from lanchat import __version__
from lanchat.cli.parsing import FurtherWords, Parser, Words, check_command, count, port, seconds
from lanchat.cli.passwords import add_password_options
from lanchat.cli.streams import fill_in_streams, flush
from lanchat.errors import UserError

_EXAMPLES = """\
examples:
  lanchat host "Line 3"            open a room; it announces itself on the local network
  lanchat join                     find the rooms around you and join one
  lanchat list-rooms               show which rooms there are

lanchat COMMAND --help shows more for each.
"""

_HOST_EXAMPLES = """\
examples:
  lanchat host "Line 3"
  lanchat host "Line 3" --topic "Shift B" --password secret
  lanchat host --name Bridge --name Engine       two rooms, one program
  lanchat host --oper chief:secret               chief may moderate (/oper chief secret)
  lanchat host --port 9000 --listen 10.0.0.5     one port, one address only
"""

_JOIN_EXAMPLES = """\
examples:
  lanchat join                     one room: joined at once; several: pick one
  lanchat join "Line 3"            by name; capitals do not matter, the beginning is enough
  lanchat join 10.0.0.5            by address, where rooms cannot be found by themselves
  echo "Press 4 is back" | lanchat join "Line 3" --plain
  lanchat join "Line 3" --plain --since 06:00 < /dev/null    what was said on this shift
"""

_LIST_EXAMPLES = """\
examples:
  lanchat list-rooms
  lanchat list-rooms --json        one JSON object per room, for programs
  lanchat list-rooms --scan        ask every address of this subnet (of a large one, the nearest 254)
  lanchat list-rooms 10.0.0.5      ask this address
"""

_ACCOUNT_EXAMPLES = """\
examples:
  lanchat accounts list
  lanchat accounts forget Zoé      whoever uses the name next owns it
"""

_EXPORT_EXAMPLES = """\
examples:
  lanchat export "Line 3" --since 06:00 --until 14:00 -o shift.html    a sheet to print and hand over
  lanchat export "Line 3" --since monday --format md
  lanchat export --format json | jq .text            one JSON object per line, for programs
  lanchat export "Line 3" --from history-damaged-2026-11-25-140500.db -o rest.html

On the host's machine it reads the host's file, whether the host runs or not; elsewhere it asks the host.
Times: 14:05, monday, yesterday 22:00, 2026-11-24 14:05, or 2h for two hours ago.
"""

_LOG_EXAMPLES = """\
examples:
  lanchat log                              what was said last in the rooms of this machine's host
  lanchat log "Line 3" --since 06:00
  lanchat log -f                           and whatever is being said, until Ctrl-C
  lanchat log --grep "press [0-9]"         a regular expression; capitals do not matter
"""

_FORGET_EXAMPLES = """\
examples:
  lanchat forget "Line 3"                  all of a room
  lanchat forget "Maria López"             what she said, everywhere
  lanchat forget --before 2026-01-01
  lanchat forget "Line 3" --before monday --yes

It works whether the host runs or not, and cannot be undone. Nothing is left of it in the files of the history.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status. A UserError becomes one line on stderr."""
    fill_in_streams()
    status = _run(sys.argv[1:] if argv is None else argv)
    if reason := flush():
        _tell(f"The output cannot be written ({reason}).")
        return 1
    return status


def _run(arguments: Sequence[str]) -> int:
    try:
        check_command(arguments, _COMMANDS)
        args = build_parser().parse_args(arguments)
        run: Callable[[argparse.Namespace], int] = args.command
        return run(args)
    except UserError as error:
        _tell(str(error))
        return error.exit_status
    except BrokenPipeError:  # `| head -1`: the reader has enough
        return 0
    except OSError as error:  # what the system may refuse at the edges, and nobody nearer could put right
        flush()  # it would be told once more
        _tell(f"{error.filename or 'The output'} cannot be written ({error.strerror}).")
        return 1
    except SystemExit as error:  # argparse's, after --help and --version
        return error.code if isinstance(error.code, int) else 1
    except KeyboardInterrupt:
        return 130  # what shells say for Ctrl-C


def _tell(text: str) -> None:
    with suppress(OSError):  # nobody reads
        print(f"lanchat: {text}", file=sys.stderr, flush=True)  # noqa: T201 - here the command line speaks


_COMMANDS = ("host", "join", "list-rooms", "list", "rooms", "accounts", "export", "log", "forget")


def build_parser() -> Parser:
    """Return the parser of all commands; `args.command` of what it reads runs the command."""
    parser = Parser(
        prog="lanchat",
        description="Chat for networks without internet.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"lanchat {__version__}")
    parser.set_defaults(command=lambda _: _help(parser))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_host(_command(commands, "host", "open a room on this machine", _HOST_EXAMPLES, _host))
    _add_join(_command(commands, "join", "find a room and talk", _JOIN_EXAMPLES, _join))
    _add_list_rooms(
        _command(commands, "list-rooms", "show the rooms here", _LIST_EXAMPLES, _list_rooms, "list", "rooms")
    )
    _add_accounts(_command(commands, "accounts", "whose name is whose, on this host", _ACCOUNT_EXAMPLES, _accounts))
    _add_export(_command(commands, "export", "what was said in a room, as a file", _EXPORT_EXAMPLES, _export))
    _add_log(_command(commands, "log", "what was said in this host's rooms, line by line", _LOG_EXAMPLES, _log))
    _add_forget(_command(commands, "forget", "remove what was said, for good", _FORGET_EXAMPLES, _forget))
    return parser


def _command(
    commands: "argparse._SubParsersAction[Parser]",
    name: str,
    help_text: str,
    examples: str,
    run: Callable[[argparse.Namespace], int],
    *aliases: str,
) -> Parser:
    parser = commands.add_parser(
        name,
        aliases=aliases,
        help=help_text,
        description=f"{help_text[0].upper()}{help_text[1:]}.",
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=run)
    return parser


def _add_host(parser: Parser) -> None:
    add = parser.add_argument
    add("room", nargs="*", metavar="ROOM", help="the room's name, also without quotes (default: this machine's)")
    add(
        "--name",
        nargs="+",
        action=FurtherWords,
        metavar="ROOM",
        help="the same, or a further room's (repeatable: several rooms)",
    )
    add("--topic", help="what the room is about")
    add("--lock-topic", action="store_true", help="only operators may change it (default: everybody)")
    add("--password", help="what to ask everybody for")
    add_password_options(parser)
    add("--oper", action="append", metavar="NAME:PASSWORD", help="who may moderate (repeatable; NAME alone: asked for)")
    add("--oper-file", metavar="FILE", help="a file with a line NAME:PASSWORD for each")
    add("--motd", metavar="FILE", help="a text to greet everybody with")
    add("--no-motd", action="store_true", help="no greeting")
    add("--max-clients", type=count, metavar="N", help="how many people at most (default: 1000)")
    network = parser.add_argument_group("network")
    add = network.add_argument
    add("--listen", action="append", metavar="ADDR", help="address to listen on (repeatable; default: all)")
    add("--port", action="append", type=port, metavar="N", help="port (repeatable; default: 8100 or the next free one)")
    add("--plain-port", type=port, metavar="N", help="a second port that greets first, for the simplest programs")
    add("--server-name", metavar="NAME", help="the server's name in the IRC protocol")
    add("--no-mdns", action="store_true", help="do not announce the room")
    add("--no-web", action="store_true", help="no page for browsers")
    add("--allow-host", action="append", metavar="NAME", help="a further name that browsers open this host by")
    add("--allow-origin", action="append", metavar="URL", help="where another site's web IRC client is served")
    add("--advertise-all", action="store_true", help="announce it as an IRC server, too")
    add("--no-flood-limits", action="store_true", help="no limits on how much one peer may send or connect")
    add("--no-join-replay", action="store_true", help="do not show the last messages to who joins")
    add("--hide-empty-rooms", action="store_true", help="leave rooms with nobody in them out of LIST")
    add = parser.add_argument_group("program").add_argument
    add("--data-dir", metavar="DIR", help="where the room's data is kept")
    add("--retention", metavar="TIME", help="how long what is said is kept: 12h, 30d, 2y, forever (default: 365d)")
    add("--no-history", action="store_true", help="keep what is said in memory only, the last 500 messages of a room")
    add("--quiet", action="store_true", help="no line per join, leave and message")
    add("-v", "--verbose", action="store_true", help="say more of what happens on the network")


def _add_join(parser: Parser) -> None:
    add = parser.add_argument
    where = "a room's name, also without quotes, or an address (default: what is found)"
    add("target", nargs="*", action=Words, metavar="ROOM | HOST[:PORT]", help=where)
    add("--nick", help="your name here (default: the last one, else your system user name)")
    add("--password", help="the room's password")
    add_password_options(parser)
    add("--plain", action="store_true", help="line by line: for pipes, screen readers, simple terminals")
    ground = parser.add_mutually_exclusive_group().add_argument
    light, dark = ("the terminal's background is light", "it is dark (default: as the terminal says)")
    ground("--light", dest="ground", action="store_const", const="light", default="", help=light)
    ground("--dark", dest="ground", action="store_const", const="dark", default="", help=dark)
    add("--as-new", action="store_true", help="the host let go of your name: be somebody new to it")
    add("--since", metavar="TIME", help="show what was said from then on, such as 06:00, monday or 2h; then go on")
    add("--commands", action="store_true", help="obey lines like /topic or /quit from a pipe; else they are said")


def _add_list_rooms(parser: Parser) -> None:
    add = parser.add_argument
    add("targets", nargs="*", metavar="HOST[:PORT]", help="an address to ask, beside what is found")
    add("--json", action="store_true", help="one JSON object per room")
    add("--timeout", type=seconds, metavar="S", help="seconds to look (default: until it is quiet, 3 at most)")
    add("--scan", action="store_true", help="ask every address of this subnet")


def _add_accounts(parser: Parser) -> None:
    add = parser.add_argument
    add("action", nargs="?", default="list", metavar="list | forget", help="show all, or free one")
    add("name", nargs="*", action=Words, help="whose account to forget")
    add("--data-dir", metavar="DIR", help="where the host's data is kept")


def _add_export(parser: Parser) -> None:
    add = parser.add_argument
    where = "a room's name, also without quotes, or an address (default: if there is one)"
    add("room", nargs="*", action=Words, metavar="ROOM | HOST[:PORT]", help=where)
    _add_period(parser)
    add("--format", metavar="FORMAT", help="html, md, json or txt (default: as FILE ends, else txt)")
    add("-o", "--output", metavar="FILE", help="where to (default: standard output)")
    add("--data-dir", metavar="DIR", help="where the host's data is kept")
    add("--from", dest="from_file", metavar="FILE", help="a history.db to read what can be read of, though damaged")
    parser.set_defaults(as_new=False, ground="")
    add = parser.add_argument_group("over the network").add_argument
    add("--nick", help="your name there (default: the last one, else your system user name)")
    add("--password", help="the room's password")
    add_password_options(parser)


def _add_log(parser: Parser) -> None:
    add = parser.add_argument
    add("room", nargs="?", metavar="ROOM", help="a room's name (default: all)")
    add("-f", "--follow", action="store_true", help="go on with whatever is being said")
    _add_period(parser)
    add("--grep", metavar="PATTERN", help="only what fits, of “NAME: TEXT”")
    add("--data-dir", metavar="DIR", help="where the host's data is kept")


def _add_forget(parser: Parser) -> None:
    add = parser.add_argument
    add("what", nargs="?", metavar="ROOM | NAME", help="all of a room, or what somebody said everywhere")
    add("--before", metavar="DATE", help="only what was said before a day or a time; of everything, if alone")
    add("--yes", action="store_true", help="do not ask whether that is meant")
    add("--data-dir", metavar="DIR", help="where the host's data is kept")


def _add_period(parser: Parser) -> None:
    parser.add_argument("--since", metavar="TIME", help="from when on (default: from the beginning)")
    parser.add_argument("--until", metavar="TIME", help="up to when (default: until now)")


def _help(parser: Parser) -> int:
    """Show the list of commands when none is given."""
    parser.print_help(sys.stderr)
    return 2  # as for any other wrong use


def _host(args: argparse.Namespace) -> int:
    from lanchat.cli.host import host

    return host.run(args)


def _join(args: argparse.Namespace) -> int:
    from lanchat.cli import join

    return join.run(args)


def _list_rooms(args: argparse.Namespace) -> int:
    from lanchat.cli import list_rooms

    return list_rooms.run(args)


def _accounts(args: argparse.Namespace) -> int:
    from lanchat.cli import accounts

    return accounts.run(args)


def _export(args: argparse.Namespace) -> int:
    from lanchat.cli.history import export

    return export.run(args)


def _log(args: argparse.Namespace) -> int:
    from lanchat.cli.history import log

    return log.run(args)


def _forget(args: argparse.Namespace) -> int:
    from lanchat.cli.history import forget

    return forget.run(args)
