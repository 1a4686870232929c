import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.limits import MAX_CHANNEL_BYTES, MAX_NICK_BYTES, MAX_ROOM_BYTES, MAX_USERNAME_BYTES
from lanchat.protocol.names import (
    channel_for,
    fold,
    has_lookalikes,
    is_channel,
    is_nick,
    is_room_name,
    nick_from,
    nick_variant,
    room_name_from,
    shown,
    username_from,
)


@pytest.mark.parametrize(
    "nick", ["bob", "Işıl", "田中", "Zoé", "[a]", "x" * 40, "a_b", "m-1", "田中Taro", "🦊", "été\u0301"]
)
def test_these_are_names(nick: str) -> None:
    assert is_nick(nick)


@pytest.mark.parametrize(
    "nick",
    [
        "",
        "*",
        "a b",
        "a,b",
        "a*",
        "a?",
        "a.b",
        "a!b",
        "a@b",
        "a:b",
        'a"b',
        "#a",
        "~a",
        "&a",
        "@a",
        "%a",
        "+a",
        "-a",
        "$a",
        "x" * 41,
        "é" * 21,
        "a\u200b",
        "a\u202eb",
        "a\x07",
        "a\u00a0b",
        "\u200d",
        "раypal",
        "a\u3000b",
        "a．b",
        "\ud800",
        "An\u200da",  # joiners and variation selectors show nothing between these letters
        "Ana\ufe0e",
        "Ana\u180b",
        "Ana\u2065",
        "Ana\U000e0021",
        "Ana\u0378",  # not assigned: nobody knows what it would show
        "ꓮna",  # a Lisu letter among Latin ones
        "server",
        "NickServ",
        "Ꮪystem",
        "lanchаt",
    ],
)
def test_these_are_none(nick: str) -> None:
    """The profile: forbidden ``" ,*?.!@:"``, leading `#~&@%+-`, nothing unseen, no lookalikes, 40 bytes."""
    assert not is_nick(nick)


@pytest.mark.parametrize(
    ("one", "other"), [("ZOÉ", "zoé"), ("Ｚoé", "Zoé"), ("Zoe\u0301", "zoé"), ("#A", "#a"), ("ß", "SS")]
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("a{", "a["), ("Zoé", "Zoe"), ("#a", "a")])
def test_names_that_are_not(one: str, other: str) -> None:
    """CASEMAPPING=ascii: brackets and braces are different letters."""
    assert fold(one) != fold(other)


def test_what_cannot_be_seen_does_not_tell_names_apart() -> None:
    assert fold("👩\u200d🔧") == fold("👩🔧")
    assert fold("❤\ufe0f") == fold("❤")


@given(st.text(max_size=20))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_latin_and_cyrillic_in_one_name_look_alike() -> None:
    assert has_lookalikes("pаypal")
    assert not has_lookalikes("пример")
    assert not has_lookalikes("田中Taro")


@pytest.mark.parametrize("channel", ["#a", "#Line-3", "#Straße-7", "##", "#" + "x" * (MAX_CHANNEL_BYTES - 1), "#a!b"])
def test_these_are_channels(channel: str) -> None:
    assert is_channel(channel)


@pytest.mark.parametrize(
    "channel", ["", "#", "a", "&a", "#a b", "#a,b", "#a\x07", "#" + "x" * MAX_CHANNEL_BYTES, "#a*", "#a:b"]
)
def test_these_are_no_channels(channel: str) -> None:
    """Modern, "Channels": a name "may not contain any spaces […], a control G […], or a comma"."""
    assert not is_channel(channel)


@pytest.mark.parametrize(
    ("typed", "nick"),
    [
        ("Maria López", "Maria_López"),
        ("  two  spaces ", "two_spaces"),
        ("#~@+bob", "bob"),
        ("dr. who?", "dr_who"),
        ("Zoe\u0301", "Zoé"),
        ("", ""),
        ("***", ""),
        ("\u202e", ""),
    ],
)
def test_a_persons_name_becomes_the_nearest_nick(typed: str, nick: str) -> None:
    assert nick_from(typed) == nick


@given(st.text(max_size=60))
def test_whatever_is_typed_becomes_a_nick_or_nothing(text: str) -> None:
    nick = nick_from(text)
    assert nick == "" or is_nick(nick)


@given(st.text(max_size=60).map(nick_from).filter(bool), st.integers(2, 9999))
def test_a_variant_of_a_name_ends_in_its_number_and_fits(nick: str, number: int) -> None:
    variant = nick_variant(nick, number)
    assert variant.endswith(str(number))
    assert len(variant.encode()) <= MAX_NICK_BYTES


def test_people_read_names_without_the_wires_signs() -> None:
    assert shown("Maria_López") == "Maria López"
    assert shown("#Line_3") == "Line_3"


@pytest.mark.parametrize("nick", ["Ana_", "_Ana", "__Ana", "Maria__López", "_", "__"])
def test_names_that_differ_by_a_stroke_look_different(nick: str) -> None:
    assert shown(nick) == nick


@given(st.text(alphabet="_aé ").map(nick_from), st.text(alphabet="_aé ").map(nick_from))
def test_two_names_never_look_the_same(one: str, other: str) -> None:
    assert (shown(one) == shown(other)) == (one == other)


@given(st.text(max_size=80).map(room_name_from))
def test_every_room_has_a_channel(room: str) -> None:
    assert is_channel(channel_for(room))


@pytest.mark.parametrize(
    ("room", "channel"), [("Line 3", "#Line-3"), ("Straße 7", "#Straße-7"), ("", "#room"), ("a,b", "#ab")]
)
def test_a_rooms_channel_reads_like_it(room: str, channel: str) -> None:
    assert channel_for(room) == channel


def test_a_room_name_fits_what_announces_it() -> None:
    """RFC 6763, section 4.1.1: an instance name is "up to 63 bytes in length"."""
    assert is_room_name("é" * 31)
    assert not is_room_name("é" * 32)
    assert not is_room_name("")
    assert len("é" * 31) * 2 <= MAX_ROOM_BYTES


@pytest.mark.parametrize(
    ("sent", "username"),
    [("bob", "bob"), ("a b@c!d", "abcd"), ("", "user"), ("\x00\x1b", "user"), ("x" * 30, "x" * 18)],
)
def test_a_username_is_cleaned_and_cut(sent: str, username: str) -> None:
    assert username_from(sent) == username


@given(st.text(max_size=40))
def test_any_username_can_stand_in_a_source(text: str) -> None:
    username = username_from(text)
    assert 0 < len(username.encode()) <= MAX_USERNAME_BYTES
    assert not set(" !@:*?\r\n\0") & set(username)
