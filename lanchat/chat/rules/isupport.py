"""What this server tells clients about itself in 005. Source: modern.ircdocs.horse, "Feature Advertisement"."""

from lanchat.limits import (
    MAX_AWAY_BYTES,
    MAX_CHANNEL_BYTES,
    MAX_CHANNELS_PER_USER,
    MAX_HISTORY_PAGE,
    MAX_HOST_BYTES,
    MAX_KEY_BYTES,
    MAX_KICK_BYTES,
    MAX_LIST_ENTRIES,
    MAX_MODES,
    MAX_MONITORED,
    MAX_NICK_BYTES,
    MAX_REALNAME_BYTES,
    MAX_TARGETS,
    MAX_TOPIC_BYTES,
    MAX_USERNAME_BYTES,
)

# Commands that take several targets, and how many ("": as many as fit).
_TARGMAX: dict[str, int | None] = {
    "JOIN": None,
    "KICK": MAX_TARGETS,
    "LIST": None,
    "NAMES": None,
    "NOTICE": MAX_TARGETS,
    "PART": None,
    "PRIVMSG": MAX_TARGETS,
    "TAGMSG": MAX_TARGETS,
    "WHOIS": 1,
    "WHOWAS": 1,
}

TOKENS: tuple[str, ...] = (
    f"AWAYLEN={MAX_AWAY_BYTES}",
    "BOT=B",
    "CASEMAPPING=ascii",
    f"CHATHISTORY={MAX_HISTORY_PAGE}",
    f"CHANLIMIT=#:{MAX_CHANNELS_PER_USER}",
    "CHANMODES=Ibe,k,l,Cimnst",
    f"CHANNELLEN={MAX_CHANNEL_BYTES}",
    "CHANTYPES=#",
    "ELIST=CMNTU",
    "EXCEPTS=e",
    "EXTBAN=,am",
    f"HOSTLEN={MAX_HOST_BYTES}",
    "INVEX=I",
    f"KEYLEN={MAX_KEY_BYTES}",
    f"KICKLEN={MAX_KICK_BYTES}",
    f"MAXLIST=I:{MAX_LIST_ENTRIES},b:{MAX_LIST_ENTRIES},e:{MAX_LIST_ENTRIES}",  # each its own
    f"MODES={MAX_MODES}",
    f"MONITOR={MAX_MONITORED}",
    "MSGREFTYPES=msgid,timestamp",
    f"NAMELEN={MAX_REALNAME_BYTES}",
    f"NICKLEN={MAX_NICK_BYTES}",
    "PREFIX=(ov)@+",
    "SAFELIST",
    "STATUSMSG=@+",
    "TARGMAX=" + ",".join(f"{command}:{limit or ''}" for command, limit in _TARGMAX.items()),
    f"TOPICLEN={MAX_TOPIC_BYTES}",
    f"USERLEN={MAX_USERNAME_BYTES + 1}",  # "the tilde prefix […] would be included"; modern.ircdocs.horse, "USERLEN"
    "UTF8MAPPING=rfc8265",
    "UTF8ONLY",
    "WHOX",
)


def network_token(network: str) -> str:
    """Return the NETWORK token; what would end or split it is escaped. Source: modern.ircdocs.horse, "RPL_ISUPPORT"."""
    escaped = network.replace("\\", r"\x5C").replace(" ", r"\x20").replace("=", r"\x3D")
    return f"NETWORK={escaped}"
