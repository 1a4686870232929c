"""A bot as somebody might write it with the PyPI library `irc`. Run as a program: bot.py PORT NICK CHANNEL.

It says what it hears, one JSON object a line, and answers "NICK: ping" with "pong".
"""

import json
import sys

import irc.client  # type: ignore[import-untyped, import-not-found, unused-ignore]


def tell(_connection: irc.client.ServerConnection, event: irc.client.Event) -> None:
    """Print an event."""
    heard = [event.type, event.source and event.source.split("!")[0], event.target, event.arguments]
    print(json.dumps(heard), flush=True)  # noqa: T201 - its way to speak to the test


def enter(connection: irc.client.ServerConnection, _event: irc.client.Event) -> None:
    """Say that this is a bot, and join."""
    connection.mode(connection.get_nickname(), "+B")
    connection.join(sys.argv[3])


def answer(connection: irc.client.ServerConnection, event: irc.client.Event) -> None:
    """Do what bots do."""
    if event.arguments[0] == f"{connection.get_nickname()}: ping":
        connection.privmsg(event.target, "pong für alle")


def main() -> None:
    """Run until the host closes."""
    reactor = irc.client.Reactor()
    connection = reactor.server().connect("127.0.0.1", int(sys.argv[1]), sys.argv[2])
    connection.add_global_handler("all_events", tell, -10)
    connection.add_global_handler("welcome", enter)
    connection.add_global_handler("pubmsg", answer)
    while connection.is_connected():
        reactor.process_once(timeout=1)


if __name__ == "__main__":
    main()
