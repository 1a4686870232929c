"""Who is here and which channels there are: all that one host's chat knows."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from dataclasses import replace

from lanchat.chat.state.absences import Absences
from lanchat.chat.state.accounts import Account, Accounts, Attempts, NewAccounts
from lanchat.chat.state.history import History
from lanchat.chat.state.ledger import Ledger
from lanchat.chat.state.memory_history import MemoryHistory
from lanchat.chat.state.monitor import Monitors
from lanchat.chat.state.people import Channel, Session, Topic, User
from lanchat.chat.state.read_markers import ReadMarkers
from lanchat.chat.state.settings import Settings
from lanchat.chat.state.sleepers import Sleepers
from lanchat.chat.state.whowas import WhoWas
from lanchat.limits import MAX_LISTS_BYTES, MAX_LISTS_BYTES_OF_ADDRESS
from lanchat.protocol.names import fold
from lanchat.protocol.skeleton import skeleton


class Network:
    """All people and channels of one host. For one thread. Times are UNIX seconds, and come in as arguments."""

    def __init__(
        self,
        settings: Settings,
        now: float,
        new_id: Callable[[], str],
        history: History | None = None,
        kept_accounts: Iterable[Account] = (),
    ) -> None:
        self.settings = settings
        self.name: str = settings.server_name
        self.opened_at = now
        self.new_id = new_id
        self.history: History = history or MemoryHistory(new_id())
        self.accounts = Accounts(kept_accounts)
        self.attempts = Attempts(is_limited=settings.is_flood_limited)  # of secrets
        self.password_attempts = Attempts(is_limited=settings.is_flood_limited)  # of the room's
        self.key_attempts = Attempts(is_limited=settings.is_flood_limited)  # of channels' keys
        self.new_accounts = NewAccounts(is_limited=settings.is_flood_limited)
        self.users: dict[str, User] = {}  # folded nick → user
        self._faces: dict[str, User] = {}  # skeleton of a nick → who is taken for it
        self.channels: dict[str, Channel] = {}  # folded name → channel
        self.sessions: dict[Session, None] = {}  # in the order they came
        self.most_users = 0
        self.unknown_count = 0  # sessions not registered yet
        self.monitors = Monitors()
        self.read_markers = ReadMarkers()
        self.whowas = WhoWas()
        self.absences = Absences()
        self.sleepers = Sleepers()
        self.lists = Ledger(MAX_LISTS_BYTES_OF_ADDRESS, MAX_LISTS_BYTES)
        for room in settings.rooms:
            kept_as = f"room {room.kept_as or room.id}"
            channel = self.channels[fold(room.channel)] = Channel(room.channel, now, kept_as, room.name)
            channel.modes = {"n", "t"} if settings.is_topic_locked else {"n"}  # a room of equals: any member may
            by = self.name.partition(".")[0]  # a word like a nick: clients show nothing for a server's name
            channel.topic = Topic(room.topic or room.name, by, now)

    def change_room_id(self, old: str, new: str) -> None:
        """Let a room be known under another id from now on. What is said in it is kept where it was."""
        rooms = [replace(room, id=new) if room.id == old else room for room in self.settings.rooms]
        self.settings = replace(self.settings, rooms=rooms)

    @property
    def is_full(self) -> bool:
        """Whether nobody more may come in."""
        return len(self.users) >= self.settings.max_clients

    def user(self, nick: str) -> User | None:
        """Return who has a nick now."""
        return self.users.get(fold(nick))

    def person(self, nick: str, account: str) -> User | None:
        """Return who somebody is already that comes under a nick, logged in to an account ("" for none)."""
        holder = self.user(nick)
        if holder or not account:
            return holder
        folded = fold(account)
        return next((user for user in self.users.values() if user.account and fold(user.account) == folded), None)

    def channel(self, name: str) -> Channel | None:
        """Return a channel by its name, however it is written."""
        return self.channels.get(fold(name))

    def nick_refusal(self, nick: str, account: str, user: User | None = None) -> str:
        """Return why somebody logged in to an account ("" for none) cannot have a nick, or "" if they can."""
        holder = self.user(nick) or self._faces.get(skeleton(nick))
        if holder and holder is not user and not (account and fold(holder.account) == fold(account) and not user):
            is_same = holder.folded == fold(nick)
            return "This name is in use" if is_same else f"This name looks like {holder.nick}'s, who is in"
        if fold(account) == fold(nick):
            return ""
        if self.accounts.find(nick):
            return "This name belongs to somebody who is not in; the secret that goes with it would prove it yours"
        owned = self.accounts.find_face(nick)
        is_own = owned is not None and fold(owned.name) == fold(account)
        return "" if owned is None or is_own else f"This name looks like {owned.name}'s, who is not in"

    def is_operator_password(self, name: str, password: str) -> bool:
        """Tell whether the host gave this password to this operator."""
        expected = self.settings.operators.get(name)
        return expected is not None and hmac.compare_digest(expected.encode(), password.encode())

    def neighbours(self, user: User) -> list[Session]:
        """Return the sessions of all who share a channel with somebody, and their own, each once."""
        sessions = dict.fromkeys(user.sessions)
        for channel in user.channels.values():
            sessions.update(dict.fromkeys(channel.audience()))
        return list(sessions)

    def admit(self, user: User) -> None:
        """Count somebody in."""
        self.users[user.folded] = self._faces[skeleton(user.nick)] = user
        self.most_users = max(self.most_users, len(self.users))

    def dismiss(self, user: User, now: float) -> None:
        """Count somebody out."""
        self.sleepers.wake(user)
        del self.users[user.folded]
        self._faces.pop(skeleton(user.nick), None)
        for channel in self.channels.values():
            channel.invited.pop(user, None)
        self.whowas.remember(user, now)
        self.read_markers.forget(user)

    def rename(self, user: User, nick: str, now: float) -> None:
        """Give somebody another nick."""
        if fold(nick) != user.folded:
            self.whowas.remember(user, now)
        del self.users[user.folded]
        self._faces.pop(skeleton(user.nick), None)
        user.rename(nick)
        self.users[user.folded] = self._faces[skeleton(nick)] = user

    def drop_if_empty(self, channel: Channel) -> None:
        """Forget a channel that everybody has left, unless it is one of the host's rooms."""
        if not channel.members and not channel.is_hosted:
            del self.channels[channel.folded]
            self.history.forget(channel.kept_as)
            for entry in [entry for entries in channel.lists.values() for entry in entries.values()]:
                self.lists.remove(entry.address, entry.size)
