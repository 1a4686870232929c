import re
import string

import pytest

from lanchat.chat.rules.isupport import TOKENS, network_token
from lanchat.protocol.names import is_nick
from tests.chat.rig import Rig

_TOKEN = re.compile(r"[A-Z0-9/]{1,20}(?:=[^ =]*)?")


def tokens(rig: Rig) -> dict[str, str]:
    """Return what 005 tells a client that comes in."""
    answers = rig.client().numerics("NICK foo", "USER u 0 * :r")
    return {
        name: value
        for code, *params in answers
        if code == "005"
        for name, _, value in (token.partition("=") for token in params[1:-1])
    }


def test_every_005_has_the_nick_one_to_thirteen_tokens_and_the_words() -> None:
    """Modern, "RPL_ISUPPORT (005)": "<client> <1-13 tokens> :are supported by this server"."""
    answers = [answer for answer in Rig().client().numerics("NICK foo", "USER u 0 * :r") if answer[0] == "005"]
    assert len(answers) > 1
    for _, nick, *found, words in answers:
        assert nick == "foo"
        assert 1 <= len(found) <= 13
        assert words == "are supported by this server"


def test_every_token_is_a_word_and_at_most_one_equals_sign() -> None:
    """Modern, "RPL_ISUPPORT (005)": "parameter = 1*20 letter", "letpun" of ASCII."""
    for token in (*TOKENS, network_token("Line 3")):
        assert _TOKEN.fullmatch(token), token
        assert token.isascii()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT", "B"),
        ("CASEMAPPING", "ascii"),
        ("CHANTYPES", "#"),
        ("PREFIX", "(ov)@+"),
        ("STATUSMSG", "@+"),
        ("UTF8ONLY", ""),
        ("WHOX", ""),
        ("NETWORK", r"Line\x203"),
        ("MSGREFTYPES", "msgid,timestamp"),
    ],
)
def test_the_profile_is_told(name: str, value: str) -> None:
    """The profile, "ISUPPORT"; Modern, "NETWORK": a space is told as "\\x20"."""
    assert tokens(Rig(network="Line 3"))[name] == value


def test_no_client_only_tag_is_denied() -> None:
    """IRCv3 message-tags, "CLIENTTAGDENY": "all client-only tags are allowed (omitting the token entirely […])"."""
    assert "CLIENTTAGDENY" not in tokens(Rig())


def test_every_limit_of_targets_has_its_colon() -> None:
    """Modern, "TARGMAX": "<command>:[limit]" for each command."""
    for item in tokens(Rig())["TARGMAX"].split(","):
        assert re.fullmatch(r"[A-Z]+:[0-9]*", item)


def test_the_types_of_modes_and_004_are_of_one_mind() -> None:
    """Modern, "CHANMODES": the four types of channel modes; prefixes are none of them."""
    answers = Rig().client().numerics("NICK foo", "USER u 0 * :r")
    *_, channel_modes, with_parameter = next(answer for answer in answers if answer[0] == "004")
    types = tokens(Rig())["CHANMODES"].split(",")
    assert len(types) == 4
    assert sorted(channel_modes) == sorted("".join(types) + "ov")
    assert sorted(with_parameter) == sorted("".join(types[:3]) + "ov")


def test_the_length_of_nicks_is_told_as_it_is_held() -> None:
    """Modern, "NICKLEN": "the maximum length of a nickname that a client may set"."""
    limit = int(tokens(Rig())["NICKLEN"])
    assert is_nick("x" * limit)
    assert not is_nick("x" * (limit + 1))


@pytest.mark.parametrize("network", ["a b", "a=b", "a\\b", string.ascii_letters])
def test_a_network_can_be_called_anything(network: str) -> None:
    r"""Modern, "RPL_ISUPPORT (005)": "\x20" for a space, "\x5C" for a backslash, "\x3D" for an equals sign."""
    _, _, value = network_token(network).partition("=")
    assert " " not in value
    assert "=" not in value
    assert re.sub(r"\\x([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), value) == network


def test_version_tells_the_tokens_again() -> None:
    """Modern, "VERSION message": "the server […] SHOULD also send RPL_ISUPPORT"."""
    assert "005" in [code for code, *_ in Rig().client("foo").numerics("VERSION")]


def test_with_the_longest_names_every_token_is_whole() -> None:
    rig = Rig(network="a b" * 21)
    rig.network.name = "s" * 63
    client = rig.client()
    client.send(f"NICK {'x' * 40}", "USER u 0 * :r")
    lines = [line for line in client.lines() if f":{'s' * 63} 005 " in line]
    assert all(len(line.encode()) <= 510 for line in lines)
    found = [token for line in lines for token in line.partition(" :")[0].split(" ")[3:]]
    assert found == [*TOKENS, network_token("a b" * 21)]
