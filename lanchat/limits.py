"""Every limit in one place: value, unit in the name, reason or source beside it. All bounds are included."""

# ---- Lines -------------------------------------------------------------------------------------------------
MAX_LINE_BYTES = 512  # with its CRLF, without its tags; RFC 1459, section 2.3
MAX_CLIENT_TAG_BYTES = 4096  # "@", the tags a client sends, and the space; IRCv3 message-tags, "Size limit"
MAX_TAG_BYTES = 8191  # "@", all tags of a line, and the space; IRCv3 message-tags, "Size limit"
MAX_UNENDED_BYTES = 16_384  # bytes without a line end before the peer is closed: tags and line, with space to spare
MAX_PARAMS = 15  # RFC 1459, section 2.3; the fifteenth takes all that is left
MAX_SNIFF_BYTES = 512  # a first word longer than a whole line is no peer we know

# ---- Names, in bytes of UTF-8 ------------------------------------------------------------------------------
MAX_NICK_BYTES = 40  # ten characters of four bytes, or forty of one
MAX_USERNAME_BYTES = 18
MAX_REALNAME_BYTES = 150  # leaves 311 and 352 space within a line
MAX_CHANNEL_BYTES = 64  # "#" and a room's name
MAX_ROOM_BYTES = 63  # a DNS-SD instance name; RFC 6763, section 4.1.1
MAX_KEY_BYTES = 32
MAX_HOST_BYTES = 63  # RFC 2812, section 2.3.1

# ---- Texts, in bytes of UTF-8 ------------------------------------------------------------------------------
MAX_TOPIC_BYTES = 300  # 332 repeats it beside two names
MAX_KICK_BYTES = 290  # beside the longest source, channel and name
MAX_AWAY_BYTES = 300
MAX_QUIT_BYTES = 300  # that the terminal screen sends; the host passes on what fits a line

# ---- Lists -------------------------------------------------------------------------------------------------
MAX_MODES = 6  # mode changes with a parameter in one MODE
MAX_LIST_ENTRIES = 100  # entries of one channel's bans, exceptions or invitations
MAX_CHANNELS_PER_USER = 50
MAX_CHANNELS = 1_500  # opened by members, over all; a LIST of them is sure to fit MAX_SENDQ_BYTES (SAFELIST)
MAX_TARGETS = 4  # of one PRIVMSG or NOTICE
MAX_CHANNELS_OF_ADDRESS = 200  # opened by members from one address
MAX_INVITED = 100  # people invited to one channel, those invited longest ago forgotten first
MAX_LISTS_BYTES = 16_777_216  # of all channels' bans, exceptions and invitations
MAX_LISTS_BYTES_OF_ADDRESS = 1_048_576  # of those that one address made: a thousand
MAX_LIST_CONDITIONS = 8  # masks, and as many conditions, of one LIST
MAX_MONITORED = 100  # nicks one session watches
MAX_ASLEEP_OF_ADDRESS = 20  # people whose phone sleeps; who has slept longest is let go of first
MAX_WHOWAS = 200  # names remembered after they left

# ---- Peers -------------------------------------------------------------------------------------------------
DEFAULT_PORT = 8100  # SockChat's
PORTS_TRIED = 10  # 8100 to 8109, where the port was not asked for
DEFAULT_MAX_CLIENTS = 1_000
MAX_CONNECTIONS_PER_ADDRESS = 100  # a browser opens six, a terminal one; several people may share an address
MAX_SHARE_OF_PREFIX = 0.75  # of all connections, for a /64 of IPv6: one machine may have all its addresses
SELECT_MAX_SOCKETS = 500  # Windows' select() takes 512
LISTEN_BACKLOG = 1_024  # a whole site coming back after a power cut
RECEIVE_BYTES = 16_384  # read from one peer in one turn: as much as a turn can carry out
MAX_SENDQ_BYTES = 1_048_576  # waiting for one slow reader before it is closed
MAX_SENDQ_BYTES_OF_ADDRESS = 6_291_456  # the same, of all connections of an address; the one that fills it is closed
MAX_HTTP_REQUEST_BYTES = 16_384  # request line and headers
MAX_HTTP_TARGET_BYTES = 2_048  # of what is asked for
MAX_HTTP_HEADERS = 100
MAX_HTTP_REQUESTS = 100  # of one connection, then it is closed
MAX_WEBSOCKET_BYTES = 16_384  # of one message, all its fragments together; as MAX_UNENDED_BYTES
MAX_WEBSOCKET_FRAGMENTS = 64  # of one message; an empty one takes no bytes of it

# ---- Times, in seconds -------------------------------------------------------------------------------------
PING_AFTER_S = 30.0  # of silence
GONE_AFTER_S = 70.0  # of silence: "Ping timeout"; a minute, and what a busy machine or a bad Wi-Fi may be late
REGISTER_WITHIN_S = 60.0  # of connecting, for clients; browsers open connections ahead of need and drop them
HTTP_HEAD_WITHIN_S = 10.0  # of its first byte, all of a request's head
HTTP_BODY_PAUSE_S = 60.0  # between two pieces of a body
HTTP_IDLE_S = 15.0  # between two requests
ASLEEP_S = 600.0  # that a member whose phone sleeps is not taken for gone: a coffee break, a walk through the hall
PLAIN_NAME_WITHIN_S = 600.0  # a person at nc may be called away
TICK_S = 5.0  # how often silence is looked for: two wake-ups in ten seconds, and PINGs leave together
PLAIN_PAUSE_S = 0.15  # a pause that ends a message for peers that send no line end (SockChat)
STOP_WITHIN_S = 2.0  # for last words to leave at the end

# ---- Flood: what a sender may cost before it is read more slowly (chat/state/flood.py), in commands ---------
FLOOD_BURST = 40.0  # of a connection at once: joining and looking around is not flooding
FLOOD_PER_S = 5.0  # a second after that, of a connection and of an address: faster than anybody types
FLOOD_BURST_OF_ADDRESS = 350.0  # twenty people behind one router, or at one shared machine, come in together: 17 each
FLOOD_BURST_OF_PREFIX = 1400.0  # of a /64 of IPv6: most networks are one, so it is four addresses' worth
FLOOD_PER_S_OF_PREFIX = 20.0  # as above
FLOOD_MAX_DEBT = 300.0  # of a connection, a minute's worth: whatever was done, nobody is left unread for longer
FLOOD_MAX_DEBT_OF_ADDRESS = 50.0  # ten seconds: the others behind the same router pay for no more than that
FLOOD_COST_OF_CONNECTING = 1.0  # what it takes to accept a connection and to find out who it is; its request, too
FLOOD_REFUSED_FROM_S = 5.0  # an address that has to wait so long is not connected
FLOOD_PER_CPU_S = 100.0  # a second of the host's time: so an address has a twentieth of it, once its burst is spent
FLOOD_SENT_BYTES = 2_000_000.0  # what goes out for one command: 512 bytes to 2,000 receivers, with the next line
FLOOD_SEND_BYTES = 500  # what one receiver costs beside its bytes: a system call is worth so many

# ---- History -----------------------------------------------------------------------------------------------
REPLAY_MESSAGES = 50  # sent to who joins
RETENTION_S = 365 * 86_400.0  # that what was said is kept: a year
EXPIRED_AT_ONCE = 100  # rows deleted on a tick, 0.6 ms of the room's time
MEMORY_MESSAGES = 500  # of each conversation, where nothing is stored
QUERY_WITHIN_S = 2.0  # of looking up what was said, before it is given up
MAX_UNWRITTEN = 50_000  # messages that wait for a full disk to have room again; the oldest goes, as with those below
MAX_UNWRITTEN_BYTES = 67_108_864  # of these
MAX_UNWRITTEN_BYTES_OF_ADDRESS = 1_048_576  # of what one address said and did
MAX_UNWRITTEN_OTHERS = 1_000  # redactions and as many read markers, half a megabyte each, that wait as well
MAX_HISTORY_PAGE = 100  # messages of one CHATHISTORY: encoding them takes the loop a millisecond
MAX_SEARCH_RESULTS = 100  # messages of one SEARCH, as soju has it (downstream.go)
MAX_SEARCHED_IN_MEMORY = 5_000  # messages one SEARCH looks through where nothing is stored: 15 ms of the room's time
MAX_PAGE_REACTIONS = 200  # shown beside the messages of one CHATHISTORY
MAX_HISTORY_PAGE_BYTES = 262_144  # of one CHATHISTORY: a quarter of MAX_SENDQ_BYTES
REPLAY_BYTES = 262_144  # of text, for one command, over all channels and sessions of who joins; the latest first
MAX_HISTORY_BYTES = 67_108_864  # kept in memory, of all; those spoken to longest ago are forgotten first
MAX_HISTORY_BYTES_OF_ADDRESS = 4_194_304  # of what one address said and did; its oldest is forgotten first
STORED_HISTORY_BYTES_OF_ADDRESS = 2_097_152  # the same where there is a file, too; what waits for it takes the rest
MAX_REMEMBERED_TARGETS = 2_000  # channels and pairs of people whose last messages are kept in memory

MAX_MARKERS_BYTES = 16_777_216  # of how far people have read; those who read longest ago are forgotten first
MAX_MARKERS_BYTES_OF_ADDRESS = 1_048_576  # of the people of one address

# ---- multi-line messages; IRCv3 draft/multiline ------------------------------------------------------------
MULTILINE_MAX_BYTES = 16_384
MULTILINE_MAX_LINES = 100
MAX_WRITTEN_BYTES = 262_144  # in the editor of the screen: a log of a few thousand lines, sent in some twenty messages

# ---- Accounts ----------------------------------------------------------------------------------------------
MAX_SASL_BYTES = 1_024  # of decoded PLAIN response; IRCv3 SASL sends 400 bytes of base64 at a time
SASL_CHUNK_BYTES = 400  # IRCv3 SASL, "The AUTHENTICATE Command"
MAX_SECRET_BYTES = 800
SCRAM_ITERATIONS = 16_384  # of PBKDF2: some 50 ms on a Raspberry Pi 3, 3 ms on a desk; RFC 7677 asks for 4,096
MIN_SCRAM_ITERATIONS = 4_096  # RFC 7677, section 4
MAX_SCRAM_ITERATIONS = 1_000_000  # that a host may ask of a client: seconds of its time
NEW_ACCOUNTS = 20  # from one address …
NEW_ACCOUNTS_PER_S = 3_600.0  # … within this time
ACCOUNT_UNUSED_S = 365 * 86_400.0  # after which a name belongs to nobody again
MAX_HASHING_PER_ADDRESS = 100  # secrets that wait, one of each connection (MAX_CONNECTIONS_PER_ADDRESS)
MAX_HASHING = 2_000  # secrets that wait, over all
LOGIN_ATTEMPTS = 5  # wrong secrets from one address …
LOGIN_ATTEMPTS_PER_S = 300.0  # … within this time, before it has to wait
ATTEMPTS_OF_PREFIX = 8  # addresses' worth of a /64 of IPv6 that a whole network is in: one may take any address there

# ---- What one address can have the host hold, in bytes ------------------------------------------------------------
# Python keeps a character in up to four bytes where a line has an emoji, so text is counted four times.
HELD_FOR_ADDRESS_BYTES = {
    "waits to be sent": MAX_SENDQ_BYTES_OF_ADDRESS,
    "received and not read on": MAX_CONNECTIONS_PER_ADDRESS * RECEIVE_BYTES,
    "lines without end": MAX_CONNECTIONS_PER_ADDRESS * MAX_UNENDED_BYTES,
    "messages of one piece": MAX_CONNECTIONS_PER_ADDRESS * 40_000,  # 256 of an empty command each
    "messages of several lines, unfinished": MAX_CONNECTIONS_PER_ADDRESS * 4 * MULTILINE_MAX_BYTES,
    "history": MAX_HISTORY_BYTES_OF_ADDRESS,
    "lists": MAX_LISTS_BYTES_OF_ADDRESS,
    "channels": MAX_CHANNELS_OF_ADDRESS * (4_000 + 4 * MAX_TOPIC_BYTES + MAX_INVITED * 100),
    "places in channels": MAX_CONNECTIONS_PER_ADDRESS * MAX_CHANNELS_PER_USER * 500,
    "people asleep": MAX_ASLEEP_OF_ADDRESS * (2_000 + MAX_CHANNELS_PER_USER * 500),
    "watched names": MAX_CONNECTIONS_PER_ADDRESS * MAX_MONITORED * 100,
    "read markers": MAX_MARKERS_BYTES_OF_ADDRESS,
}
MAX_HELD_FOR_ADDRESS_BYTES = 33_554_432  # the sum of these is at most that: 32 MiB
