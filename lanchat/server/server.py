"""The server, put together: carries out what the chat decides, and brings it what peers send. One thread, one loop.

The way of the data: bytes → wire → message → chat → effects → wire → bytes. In one turn of the loop effects only fill
outboxes; before the loop sleeps the turn is stored, the outboxes leave, and the doomed are closed.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from lanchat.chat.chat import Chat
from lanchat.chat.state.accounts import source_of
from lanchat.chat.state.effects import Close, Deliver, Derive, Effect, Happened, KeepAccount, Recall
from lanchat.chat.state.history import Answer
from lanchat.chat.state.network import Network
from lanchat.chat.state.people import Session
from lanchat.limits import TICK_S
from lanchat.server.delivery import Delivery
from lanchat.server.ending import Ending
from lanchat.server.faults import Faults
from lanchat.server.guests import GuestBook
from lanchat.server.intake import Intake, Talker
from lanchat.server.keeping import Keeping
from lanchat.server.net.connection import Connection
from lanchat.server.net.loop import Loop
from lanchat.server.peers import Peers, Warn
from lanchat.server.recalling import Recalling
from lanchat.server.reception import Reception
from lanchat.server.storing import InFile, Nowhere, Storing
from lanchat.server.web import pages
from lanchat.server.web.room_json import room_json
from lanchat.server.web.site import Behind, Site
from lanchat.server.work.disk import Disk
from lanchat.server.work.hasher import Hasher, Job
from lanchat.server.work.history_thread import HistoryThread
from lanchat.store.accounts import Store, StoreError, new_id
from lanchat.store.history import StoredHistory


class Server:
    """One host's server. `notify` is told what a console shows; `warn` what its person should know, one line each.

    `clock` returns UNIX seconds. `around` tells which rooms of other hosts are seen, as what JSON can say.
    """

    def __init__(
        self,
        network: Network,
        store: Store,
        *,
        loop: Loop | None = None,
        notify: Callable[[Happened], None] = lambda _: None,
        warn: Warn = lambda _: None,
        clock: Callable[[], float] = time.time,
        around: Callable[[], Mapping[str, object]] = lambda: {"rooms": []},
    ) -> None:
        self.chat = Chat(network)
        self.loop = loop or Loop()
        self._is_own_loop = loop is None
        self.peers = Peers()
        self.storing: Storing
        self.addresses: list[str] = []  # where others reach this host, each with its port, as far as that is known
        self.announced_as: dict[str, str] = {}  # room id → name, for rooms announced under another than their own
        self._store = store
        self._warn = warn
        self._clock = clock
        self._delivery = Delivery(self.peers)
        self._disk = Disk(self.loop)
        self.keeping = Keeping(store, self._disk, network, warn)
        self._faults = Faults(warn)
        self._ending = Ending(self.loop, self.peers, warn, self._faults)
        self._hasher = Hasher(self.loop)
        history = network.history
        thread, self.storing = None, Nowhere()
        if isinstance(history, StoredHistory):
            history.have_indexed()
            is_indexed = history.is_searchable
            thread = HistoryThread(self.loop, history.open_reader, history.touch, is_indexed=is_indexed)
            later, retention_s = self.loop.call_later, network.settings.retention_s
            forget_reader = network.read_markers.forget_account
            self.storing = InFile(history, thread, warn, self._tell_all, clock, later, forget_reader, retention_s)
        self._recalling = Recalling(self.loop, history, self._recalled, thread.ask if thread else None)
        intake = Intake(self.loop, self.chat, self.peers, self._ending, self.perform, warn, clock)
        opened_at = time.monotonic()
        up_s = partial(_since, opened_at)
        told = partial(room_json, network, store.host_id(), new_id(), up_s, self.announced_as, self.addresses)
        guests = GuestBook(self.chat, self.perform, clock)
        behind = Behind(network, pages.read(), told, guests, around, pass_token=new_id() + new_id())
        site = Site(behind, _own_names(network))
        self._reception = Reception(network.settings, intake, site)
        self._perform: dict[type, Callable[..., None]] = {
            Deliver: self._delivery.deliver,
            Close: self._close,
            Derive: self._derive,
            Recall: self._recalling.ask,
            KeepAccount: self._keep_account,
            Happened: notify,
        }
        self.loop.before_sleep = self._finish_turn
        self.loop.on_fault = self._fault
        self.loop.call_later(TICK_S, self._tick)

    def listen(self, sockets: Sequence[socket.socket], *, speaks_first: bool = False) -> None:
        """Serve peers that connect to these listening sockets; greet them at once where they wait for it."""
        self._reception.listen(sockets, speaks_first=speaks_first)

    def change_room_id(self, old: str, then: Callable[[str], None]) -> None:
        """Give a room another id, as another host has the same; `then` gets it. Where it cannot be kept, warn."""
        room = next((room for room in self.chat.network.settings.rooms if room.id == old), None)
        if room:
            work = partial(self._store.new_room_id, room.name, old)
            self._disk.ask(work, partial(self._has_new_id, old, then))

    def _has_new_id(self, old: str, then: Callable[[str], None], found: str | StoreError) -> None:
        if isinstance(found, StoreError):
            self._warn(str(found))
        new = new_id() if isinstance(found, StoreError) else found
        self.chat.network.change_room_id(old, new)
        if old in self.announced_as:
            self.announced_as[new] = self.announced_as.pop(old)
        then(new)

    # ---- Effects ---------------------------------------------------------------------------------------------------

    def perform(self, effects: Sequence[Effect]) -> None:
        """Carry out effects, in order."""
        for effect in effects:
            self._perform[type(effect)](effect)

    def _close(self, effect: Close) -> None:
        self._hasher.drop(source_of(effect.session.address), effect.session)
        if connection := self.peers.by_session.get(effect.session):
            self._ending.finish(connection)

    def _derive(self, effect: Derive) -> None:
        session = effect.session
        job = Job(session, effect.secret, effect.salt, effect.iterations, partial(self._derived, session))
        if not self._hasher.derive(source_of(session.address), job):
            self.loop.call_later(0.0, partial(self._derived, session, None))  # not within the call that asks for it

    def _derived(self, session: Session, digest: bytes | None) -> None:
        self._answered(session, lambda: self.chat.derived(session, digest, self._clock()), "finishing a login")

    def _recalled(self, session: Session, answer: Answer) -> None:
        self._answered(session, lambda: self.chat.recalled(session, answer, self._clock()), "telling what was said")

    def _answered(self, session: Session, carry_on: Callable[[], Sequence[Effect]], doing: str) -> None:
        """Carry out what follows from an answer, then what the session sent while it waited for that."""
        connection = self.peers.by_session.get(session)
        try:
            self.perform(carry_on())
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on talking
            self._fault(error, connection, doing)
        self._go_on(session)

    def _go_on(self, session: Session) -> None:
        """Carry out what a session sent while it waited."""
        connection = self.peers.by_session.get(session)
        if connection and isinstance(connection.peer, Talker):
            connection.peer.pump()

    def _tell_all(self, text: str) -> None:
        self.perform(self.chat.tell_all(text))

    def _keep_account(self, effect: KeepAccount) -> None:
        session = effect.session
        self.keeping.keep(effect.account, partial(self._kept, session) if session else None)

    def _kept(self, session: Session) -> None:
        self.perform(self.chat.kept(session, self._clock()))
        self._go_on(session)

    # ---- Turns -----------------------------------------------------------------------------------------------------

    def _finish_turn(self) -> None:
        """Store, then send: nobody is told what a crash could take back."""
        self.peers.turn += 1
        self.keeping.finish_turn()
        self.storing.finish_turn()
        self._recalling.hand_over()
        self._delivery.flush()

    def _tick(self) -> None:
        self.loop.call_later(TICK_S, self._tick)
        self._reception.tick()
        self.keeping.tick(self._clock())
        self.storing.tick()
        self.perform(self.chat.let_sleepers_go(self._clock()))
        for session, connection in list(self.peers.by_session.items()):
            try:
                self.perform(self.chat.check(session, self._clock()))
            except Exception as error:  # noqa: BLE001 - whatever it is, the others go on talking
                self._fault(error, connection, "looking whether a peer is still there")

    def _fault(self, error: Exception, owner: object, doing: str = "between two peers") -> None:
        """Lose the one peer whose turn it was, tell one line, and let the others go on."""
        if isinstance(owner, Connection):
            self._ending.lose(owner, error, doing)
        else:
            self._faults.tell(error, doing)

    # ---- The end ---------------------------------------------------------------------------------------------------

    def stop(self, reason: str) -> None:
        """Tell everybody that the host ends, and end the loop when they are told or it takes too long."""
        self._reception.close()
        self.perform(self.chat.stop(reason))
        self._ending.finish_all()

    def close(self) -> None:
        """Close all sockets and files."""
        self._reception.close()
        for connection in list(self.peers.connections):
            connection.close()
        self._hasher.close()
        self.storing.close()
        self._disk.close()
        if self._is_own_loop:  # else whoever made it closes it, after what else needs it: signals write to its wake-up
            self.loop.close()
        self._store.close()


def _own_names(network: Network) -> frozenset[str]:
    """The names that a browser may know this host by, beside its addresses."""
    names = (network.settings.server_name, socket.gethostname(), *network.settings.host_names)
    return frozenset(name.lower() for name in names)


def _since(at: float) -> float:
    """Return the seconds since a time on a clock that nobody sets."""
    return time.monotonic() - at
