"""ZNC, which stays in the room while the person's own client comes and goes."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import require
from tests.hosting import HostProcess
from tests.peers.ports import answers, free_port
from tests.peers.program import Program
from tests.server.peer import Peer

_NOBODY = 65_534  # ZNC makes root wait for half a minute
_SETTINGS = """
Version = 1.8.2
<Listener l>
    Port = %d
    IPv4 = true
    IPv6 = false
    SSL = false
</Listener>
<User ana>
    Pass = plain#sesame
    Nick = ana
    AltNick = ana_
    Ident = ana
    RealName = Ana
    <Network lan>
        Server = 127.0.0.1 %d
        <Chan #Line-3>
        </Chan>
    </Network>
</User>
"""


@pytest.fixture
def znc_port(host: HostProcess) -> Iterator[int]:
    """Return the port of a ZNC that is connected to the host."""
    require("znc")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="znc-") as name:
        folder = Path(name)
        (folder / "configs").mkdir()
        (folder / "configs" / "znc.conf").write_text(_SETTINGS % (port, host.port), "utf-8")
        if os.getuid() == 0:
            for path in (folder, folder / "configs", folder / "configs" / "znc.conf"):
                os.chown(path, _NOBODY, _NOBODY)
        with Program(["znc", "--foreground", "--datadir", name], folder, user=_NOBODY) as znc:
            znc.wait_until(lambda: answers(port))
            yield port


def test_somebody_behind_it_is_in_the_room(host: HostProcess, znc_port: int) -> None:
    zoe = host.member("Zoé")
    while "ana" not in zoe_sees(zoe):
        pass
    with Peer(znc_port) as ana:
        ana.send("PASS ana/lan:sesame", "NICK ana", "USER ana 0 * :Ana")
        assert ana.expect("JOIN").params[0] == "#Line-3"
        zoe.send("PRIVMSG #Line-3 :Grüße")
        assert ana.expect("PRIVMSG").params == ("#Line-3", "Grüße")
        ana.send("PRIVMSG #Line-3 :back")
        assert zoe.expect("PRIVMSG").params == ("#Line-3", "back")


def zoe_sees(zoe: Peer) -> list[str]:
    """Return who is in the room."""
    zoe.send("NAMES #Line-3")
    return zoe.expect("353").params[-1].split()
