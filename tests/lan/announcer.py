"""Announces one room without serving it: ID NAME. Prints what the announcer tells, until it is ended."""

import signal
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from lanchat.discovery import announce
from lanchat.discovery.announce import AnnounceEvent, Announcer
from lanchat.discovery.rooms import Advertisement

announce.GUARD_S = 1.0  # instead of 60 s: the question is the same, only sooner


def main(room_id: str, name: str) -> None:
    def tell(event: AnnounceEvent) -> None:
        sys.stdout.write(f"{event}\n")
        sys.stdout.flush()

    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    room = Advertisement(room_id, name, "#room", 8100, is_password_needed=False, version="0.1.0")
    announcer = Announcer([room], on_event=tell)
    announcer.start()
    ended.wait()
    announcer.close()


main(*sys.argv[1:])
