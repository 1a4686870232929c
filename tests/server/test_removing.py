"""What is removed for good while the host runs is gone from its memory, its files and its index."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from lanchat.limits import EXPIRED_AT_ONCE
from lanchat.store.history_place import hold
from lanchat.store.removal import remove
from tests.server.serving import Serving
from tests.store.test_removal import left_of
from tests.store.test_search import in_index

CAPS = "soju.im/search draft/chathistory batch message-tags server-time echo-message"


def test_a_host_that_runs_does_it_while_the_room_goes_on(serve: Callable[..., Serving], tmp_path: Path) -> None:
    host = serve(is_stored=True)
    zoe = host.member("zoe", caps=CAPS)
    zoe.send(*[f"PRIVMSG #Line-3 :zebrafish {number}" for number in range(EXPIRED_AT_ONCE + 20)])
    zoe.send("PRIVMSG #Line-3 :kept")
    last = zoe.fence()[-1].tags["msgid"]
    zoe.send("SEARCH text=zebrafish;limit=1")
    assert [message.command for message in zoe.fence()] == ["BATCH", "PRIVMSG", "BATCH"]
    network = host.server.chat.network
    ids = list(range(network.history.last_id - EXPIRED_AT_ONCE - 20, network.history.last_id))
    lock = hold(tmp_path)
    assert lock, "as `lanchat host` does"
    asking = threading.Thread(target=remove, args=(tmp_path, ids), daemon=True)
    asking.start()
    while asking.is_alive():
        host.call(host.server.storing.tick)
        asking.join(0.05)
    lock.close()
    assert left_of(tmp_path, "zebrafish") == []
    assert in_index(tmp_path, "kept") == 1
    zoe.send("CHATHISTORY LATEST #Line-3 * 100", "SEARCH text=zebrafish")
    assert [message.tags["msgid"] for message in zoe.fence() if message.command == "PRIVMSG"] == [last]
    late = host.peer()
    late.send("NICK late", "USER u 0 * :r", "JOIN #Line-3")
    assert [m.params[-1].partition("] ")[2] for m in late.fence() if m.command == "PRIVMSG"] == ["kept"]
