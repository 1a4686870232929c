"""All commands by their names. To add one: a function and a row in its family's file."""

from lanchat.chat.commands import (
    accounts,
    capabilities,
    channel_modes,
    history,
    invitations,
    membership,
    messaging,
    operators,
    presence,
    queries,
    registration,
    searching,
    topics,
    who,
    whois,
)
from lanchat.chat.commands.command import Command
from lanchat.chat.commands.help import with_help

COMMANDS: dict[str, Command] = with_help(
    {
        **registration.COMMANDS,
        **capabilities.COMMANDS,
        **accounts.COMMANDS,
        **membership.COMMANDS,
        **invitations.COMMANDS,
        **topics.COMMANDS,
        **messaging.COMMANDS,
        **history.COMMANDS,
        **searching.COMMANDS,
        **channel_modes.COMMANDS,
        **presence.COMMANDS,
        **queries.COMMANDS,
        **who.COMMANDS,
        **whois.COMMANDS,
        **operators.COMMANDS,
    }
)
