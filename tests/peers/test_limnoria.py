"""Limnoria, the bot framework, in the room."""

from pathlib import Path

from tests.conftest import require
from tests.hosting import HostProcess
from tests.peers.program import Program

_SETTINGS = """
supybot.nick: limno
supybot.networks: lan
supybot.networks.lan.servers: 127.0.0.1:%d
supybot.networks.lan.channels: #Line-3
supybot.networks.lan.ssl: False
supybot.reply.whenAddressedBy.chars: !
supybot.plugins: Utilities
supybot.plugins.Utilities: True
"""


def test_it_comes_in_as_a_bot_and_obeys_what_is_said_now_only(host: HostProcess, tmp_path: Path) -> None:
    require("supybot")
    zoe = host.member("Zoé", caps="message-tags")
    zoe.send("PRIVMSG #Line-3 :!echo an order of yesterday")
    (tmp_path / "bot.conf").write_text(_SETTINGS % host.port, "utf-8")
    with Program(["supybot", "--allow-root", "bot.conf"], tmp_path):
        assert zoe.expect("JOIN").nick == "limno"
        zoe.send("PRIVMSG #Line-3 :!echo Grüße")
        answer = zoe.expect("PRIVMSG")
        assert (answer.nick, answer.params, "bot" in answer.tags) == ("limno", ("#Line-3", "Grüße"), True)
