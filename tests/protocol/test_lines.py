import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.errors import LineTooLong
from lanchat.limits import MAX_UNENDED_BYTES
from lanchat.protocol.lines import LineReader
from tests.protocol.chunks import bytewise, cut, fed

BYTES = b"NICK zo\xc3\xa9\r\nUSER a 0 * :b\n\r\n\nPING x\r\nPRI"
LINES = [b"NICK zo\xc3\xa9", b"USER a 0 * :b", b"PING x"]


def test_whole_lines_come_back_without_their_ends_and_empty_ones_not_at_all() -> None:
    """Modern, "Message Format": "If you encounter an empty message, silently ignore it."."""
    assert LineReader().feed(BYTES) == LINES


def test_the_same_lines_come_back_byte_by_byte() -> None:
    assert fed(LineReader().feed, bytewise(BYTES)) == LINES


def test_what_has_no_end_yet_waits_for_it() -> None:
    reader = LineReader()
    reader.feed(BYTES)
    assert reader.feed(b"VMSG #a b\nrest") == [b"PRIVMSG #a b"]
    assert reader.take_rest() == b"rest"
    assert reader.take_rest() == b""


@given(st.binary(max_size=200).flatmap(lambda data: st.tuples(st.just(data), cut(data))))
def test_it_does_not_matter_how_the_bytes_are_cut(cuts: tuple[bytes, list[bytes]]) -> None:
    data, parts = cuts
    whole, pieces = LineReader(64), LineReader(64)
    try:
        expected: list[bytes] | None = whole.feed(data)
    except LineTooLong:
        expected = None
    try:
        found: list[bytes] | None = fed(pieces.feed, parts)
    except LineTooLong:
        found = None
    assert found == expected


@pytest.mark.parametrize("end", [b"", b"\r\n"])
@pytest.mark.parametrize("size", [1, 7, 4096, 1_000_000])
def test_a_line_over_the_limit_ends_the_reading_however_it_comes(size: int, end: bytes) -> None:
    data = b"x" * (MAX_UNENDED_BYTES + 1) + end
    reader = LineReader()
    with pytest.raises(LineTooLong):
        fed(reader.feed, [data[at : at + size] for at in range(0, len(data), size)])


def test_a_line_of_exactly_the_limit_is_read() -> None:
    assert LineReader(8).feed(b"12345678\nab") == [b"12345678"]


def test_many_lines_in_one_read_may_be_longer_than_the_limit_together() -> None:
    assert len(LineReader(8).feed(b"1234567\n" * 50)) == 50


TYPED = b"one\r\ntwo\rthree\r\0four\n\r\rfive\r\0\r\nsix\r"
TYPED_LINES = [b"one", b"two", b"three", b"four", b"", b"", b"five", b"", b"six"]


def test_by_keyboard_a_cr_ends_a_line_whatever_follows_it() -> None:
    """RFC 854, "The NVT Printer and Keyboard": CR LF, or CR NUL; Tera Term sends CR alone."""
    whole, pieces = (LineReader(keeps_empty=True, is_by_keyboard=True) for _ in range(2))
    assert whole.feed(TYPED) == TYPED_LINES
    assert fed(pieces.feed, bytewise(TYPED)) == TYPED_LINES
    assert LineReader().feed(b"a\rb\r\n") == [b"a\rb"]  # for programs it is part of the line


@given(
    st.lists(st.sampled_from([b"\r", b"\n", b"\0", b"x"]), max_size=12)
    .map(b"".join)
    .flatmap(lambda data: st.tuples(st.just(data), cut(data)))
)
def test_by_keyboard_it_does_not_matter_how_the_bytes_are_cut(cuts: tuple[bytes, list[bytes]]) -> None:
    whole, pieces = (LineReader(keeps_empty=True, is_by_keyboard=True) for _ in range(2))
    assert fed(pieces.feed, cuts[1]) == whole.feed(cuts[0])
