import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from zeroconf import ServiceInfo

from lanchat.discovery.names import (
    SERVICE_TYPE,
    fold_label,
    free_number,
    full_name,
    is_numbered,
    label_of,
    read_txt,
    room_id_of_server,
    server_name,
    service_label,
    txt_of,
)
from lanchat.protocol.text import clean

ROOM_ID = "0123456789abcdef"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Line 3", "Line 3"),
        ("Halle 2.5", "Halle 2\u20245"),
        ("Zoe\u0301", "Zo\u00e9"),
        ("a\u202eb\u200bc\x07", "abc"),
        ("  two   spaces ", "two spaces"),
        ("", "room"),
        ("\u200b", "room"),
        ("_sub", "-sub"),
        ("田中" * 20, "田中" * 10 + "田"),
    ],
)
def test_a_label_is_what_every_resolver_can_show(name: str, label: str) -> None:
    assert service_label(name) == label


def test_the_number_of_a_taken_name_survives_the_cut() -> None:
    label = service_label("x" * 63, 12)

    assert label == "x" * 58 + " (12)"
    assert len(label.encode()) == 63


@given(st.text(), st.integers(1, 99))
@example("_sub", 1)
@example("._http._tcp.local.", 1)
def test_every_label_can_be_registered_and_comes_back_whole(name: str, number: int) -> None:
    label = service_label(name, number)

    info = ServiceInfo(SERVICE_TYPE, full_name(label), port=1, server=server_name(ROOM_ID))
    assert label_of(info.name) == label
    assert "." not in label
    assert 0 < len(label.encode()) <= 63
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs"} for char in label)


@given(st.text(), st.integers(1, 99))
def test_a_label_made_again_is_the_same(name: str, number: int) -> None:
    label = service_label(name, number)

    assert service_label(label) == label


def test_names_differing_in_case_or_composition_are_one() -> None:
    assert fold_label("LINE 3") == fold_label("line 3")
    assert fold_label("Zo\u00e9") == fold_label("ZOE\u0301")


@pytest.mark.parametrize(
    ("name", "expected"), [("Line 3 (2)", True), ("Line 3 (99)", True), ("Line 3", False), ("Line 3 (2) x", False)]
)
def test_a_name_with_a_number_behind_it_is_recognised(name: str, expected: bool) -> None:
    assert is_numbered(name, "Line 3") is expected


def test_the_first_free_number_is_taken() -> None:
    taken = {fold_label("LINE 3"), fold_label("Line 3 (2)")}

    assert free_number("Line 3", taken) == 3
    assert free_number("Line 4", taken) == 1


@given(
    name=st.text(min_size=1),
    channel=st.text(),
    version=st.text(),
    is_password_needed=st.booleans(),
    number=st.integers(1, 99),
)
def test_a_txt_record_comes_back_and_stays_small(
    name: str, channel: str, version: str, is_password_needed: bool, number: int
) -> None:
    label = service_label(name, number)
    txt = txt_of(
        room_id=ROOM_ID,
        name=name,
        label=label,
        version=version,
        channel=channel,
        is_password_needed=is_password_needed,
    )

    info = ServiceInfo(SERVICE_TYPE, full_name(label), port=1, properties=txt)  # raises where an item is over 255 bytes
    read = read_txt(info.properties)
    assert len(info.text) <= 400
    assert info.text.startswith(b"\x09txtvers=")
    assert all(len(key) <= 9 and key.isascii() for key in txt)
    assert read.room_id == ROOM_ID
    assert read.is_password_needed == is_password_needed
    assert clean(channel).startswith(read.channel)
    assert read.name is None or clean(name).startswith(read.name)


def test_the_true_name_travels_only_where_the_label_is_another() -> None:
    def txt(name: str) -> dict[str, str]:
        return txt_of(
            room_id=ROOM_ID, name=name, label=service_label(name), version="1", channel="#x", is_password_needed=False
        )

    assert "n" not in txt("Line 3")
    assert txt("Halle 2.5")["n"] == "Halle 2.5"


@given(st.dictionaries(st.binary(max_size=9), st.none() | st.binary(max_size=255)))
@example({b"id": b"0123456789ABCDEF", b"n": b"\x1b]52;c;\x07", b"auth": None})
def test_no_foreign_txt_record_raises_or_stays_dirty(properties: dict[bytes, bytes | None]) -> None:
    read = read_txt(properties)

    assert read.room_id is None or len(read.room_id) == 16
    for text in (read.name or "", read.version, read.channel):
        assert clean(text) == text


def test_a_server_name_tells_the_room_and_nobody_elses_does() -> None:
    assert room_id_of_server(server_name(ROOM_ID)) == ROOM_ID
    assert room_id_of_server(server_name(ROOM_ID).upper()) == ROOM_ID
    assert room_id_of_server("printer.local.") is None
    assert room_id_of_server("lanchat-.local.") is None
    assert room_id_of_server(ROOM_ID) is None
