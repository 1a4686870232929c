from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from lanchat.client.screen.widgets.block import columns_for
from lanchat.client.screen.widgets.present import Presenter
from lanchat.client.screen.widgets.transcript import ReadingPlace, Transcript
from lanchat.client.state.changes import EntriesInserted, EntryRemoved, NewSince
from lanchat.client.state.entries import Delivery, Entry, EntryKind, Reaction
from lanchat.client.state.log import EntryLog
from tests.client.screen.talk import DAY_S, NOON, came, log_of, said, went

NARROW = columns_for(40)


def transcript_of(log: EntryLog, width: int = 40) -> Transcript:
    transcript = Transcript(log, Presenter(lambda: "Zoé"))
    transcript.sync()
    transcript.fit(columns_for(width, transcript.name_cells(100)))
    return transcript


def shown(transcript: Transcript) -> list[str]:
    rows = []
    for y in range(transcript.row_count):
        found = transcript.at(y)
        assert found is not None
        assert transcript.columns is not None
        block, row = found
        text = "".join(segment.text for segment in block.paint(row, transcript.columns)).rstrip()
        rows.append(text[6:] if row.kind == "head" else text)  # without the time, which depends on the zone
    return rows


def test_each_day_begins_with_its_date() -> None:
    rows = shown(transcript_of(log_of(said("one"), said("two"), said("three", at_s=NOON + DAY_S))))
    assert rows == [
        "──────── Tuesday, 3 March 2026 ─────────",
        "  Bo  one",
        "  Bo  two",
        "─────── Wednesday, 4 March 2026 ────────",
        "  Bo  three",
    ]


def test_long_messages_hang_below_their_text() -> None:
    rows = shown(transcript_of(log_of(said("is press 4 back or shall we wait until ten"))))
    assert rows[1:] == ["  Bo  is press 4 back or shall we", "            wait until ten"]


def test_wide_screens_have_a_column_for_names() -> None:
    rows = shown(transcript_of(log_of(said("one"), said("two", "田中")), 100))
    assert rows[1:] == ["  Bo  one", "田中  two"]


def test_names_have_a_third_of_the_row_at_most() -> None:
    rows = shown(transcript_of(log_of(said("one two three four", "Maria_Magdalena_López"), said("1", "x" * 64)), 30))
    assert rows[1:] == ["Maria Mag…  one two", "                  three four", "xxxxxxxxx…  1"]


@given(
    st.lists(
        st.builds(said, st.text("ab 田\n", min_size=1, max_size=60), st.text("abc田", min_size=1, max_size=40)),
        min_size=1,
        max_size=5,
    ),
    st.integers(4, 120),
)
def test_every_text_begins_in_its_column(entries: list[Entry], width: int) -> None:
    transcript = transcript_of(log_of(*entries), width)
    columns = transcript.columns
    assert columns is not None
    assert columns.name <= width // 3
    for y in range(transcript.row_count):
        found = transcript.at(y)
        assert found is not None
        block, row = found
        if row.is_text:
            before = "".join(one.text for one in block.paint(row, columns)[: -1 if row.end > row.start else None])
            assert cell_len(before) == columns.indent, (before, row)


def test_a_table_takes_the_names_column_and_has_one_of_its_own() -> None:
    entry = Entry(EntryKind.REPLY, NOON, text="/me TEXT  say what you do\n/names  show who is here")
    rows = shown(transcript_of(log_of(said("hello", "Maria_López"), entry), 50))
    assert rows[1:] == ["Maria López  hello", "·  /me TEXT  say what you do", "         /names  show who is here"]


def test_joins_and_leaves_in_a_row_are_one_block() -> None:
    log = log_of(came("Ann"), came("Cy"))
    transcript = transcript_of(log)
    log.add(went("Ann"))
    log.add(said("hello"))
    log.add(came("Dee"))
    transcript.sync()
    folded = ["   ·  Cy has joined · Ann has", "            joined and left"]
    assert shown(transcript)[1:] == [*folded, "  Bo  hello", "   →  Dee has joined"]
    assert len(transcript) == 3


def test_joins_of_another_day_are_not_folded_into_the_day_before() -> None:
    assert len(transcript_of(log_of(came("Ann"), came("Bo", at_s=NOON + DAY_S)))) == 2


def test_folding_ends_before_a_sentence_costs_much() -> None:
    assert len(transcript_of(log_of(*(came(f"u{number}") for number in range(450))))) == 3


def test_changed_entry_is_shown_anew() -> None:
    log = log_of(said("a secret that should not have been said aloud"), said("pardon?"))
    transcript = transcript_of(log)
    log.put(replace(log[0], text="", is_deleted=True))
    transcript.change(0)
    assert shown(transcript)[1:] == ["  Bo  message deleted", "  Bo  pardon?"]


def test_reactions_stand_behind_the_text() -> None:
    entry = replace(said("done"), reactions=(Reaction("👍", ("Ann", "Cy")),))
    assert shown(transcript_of(log_of(entry)))[1:] == ["  Bo  done  👍 2"]


def test_answer_quotes_what_it_answers() -> None:
    question = replace(said("is press 4 back?", "Ann"), msgid="a")
    answer = replace(said("yes"), reply_to="a")
    assert shown(transcript_of(log_of(question, answer)))[2:] == ["            ↪ Ann: is press 4 back?", "  Bo  yes"]


def test_answer_to_a_message_that_is_gone_says_so() -> None:
    assert "↪ an earlier message" in shown(transcript_of(log_of(replace(said("yes"), reply_to="a"))))[1]


def test_actions_whispers_and_notes_are_told_apart() -> None:
    log = log_of(
        said("waves", kind=EntryKind.ACTION),
        replace(said("psst", kind=EntryKind.WHISPER), to="Zoé"),
        replace(said("psst", "Zoé", kind=EntryKind.WHISPER), to="Bo", is_own=True),
        Entry(EntryKind.ERROR, NOON, text="No such name."),
        Entry(EntryKind.TOPIC, NOON, nick="Bo", text="Shift B"),
    )
    assert shown(transcript_of(log, 60))[1:] == [
        "   *  Bo waves",
        "  Bo  psst (only to you)",
        " Zoé› psst (only to Bo)",
        "   !  No such name.",
        "   ·  Bo set the topic: Shift B",
    ]


def test_own_name_in_a_mention_stands_out() -> None:
    transcript = transcript_of(log_of(replace(said("so, zoé, come"), is_mention=True)))
    found = transcript.at(1)
    assert found is not None
    segments = found[0].paint(found[1], NARROW)
    assert [segment.text for segment in segments if segment.style and segment.style.reverse] == ["zoé"]


def test_what_was_dropped_from_the_log_is_dropped_here() -> None:
    log = log_of(*(said(f"message {number}") for number in range(100)), limit=100)
    transcript = transcript_of(log)
    log.add(said("one more"))
    assert transcript.sync() == 11  # ten messages, and the date above the first
    assert transcript.row_count == 91
    assert shown(transcript)[0] == "  Bo  message 10"


def test_emptied_log_shows_nothing() -> None:
    log = log_of(said("one"), said("two"))
    transcript = transcript_of(log)
    log.clear()
    transcript.sync()
    assert transcript.row_count == 0
    log.add(said("three"))
    transcript.sync()
    assert shown(transcript)[1:] == ["  Bo  three"]


def test_place_is_found_again_at_another_width() -> None:
    text = " ".join(f"word{number}" for number in range(200))
    log = log_of(said(text), said(text), said(text))
    transcript = transcript_of(log)
    y = transcript.row_count - 20
    place = transcript.place_at(y)
    assert place is not None
    transcript.fit(columns_for(90))
    found = transcript.at(transcript.row_of(place))
    assert found is not None
    assert found[0].serial == place.serial
    assert found[1].start <= place.offset < found[1].end
    transcript.fit(NARROW)
    assert transcript.row_of(place) == y


def test_place_survives_what_is_dropped_above() -> None:
    log = log_of(*(said(f"message {number}") for number in range(100)), limit=100)
    transcript = transcript_of(log)
    place = ReadingPlace(50, 0)
    before = transcript.row_of(place)
    log.add(said("one more"))
    gone = transcript.sync()
    assert transcript.row_of(place) == before - gone


def test_place_that_is_gone_is_the_beginning() -> None:
    log = log_of(*(said(f"message {number}") for number in range(100)), limit=100)
    transcript = transcript_of(log)
    for number in range(20):
        log.add(said(f"more {number}"))
    transcript.sync()
    assert transcript.row_of(ReadingPlace(3, 0)) == 0


def test_copied_text_has_no_breaks_of_wrapping() -> None:
    transcript = transcript_of(log_of(said("is press 4 back or shall we wait until ten\nor so"), said("wait", "Ann")))
    copied = transcript.text_between((1, 0), (4, 50))
    first, second, third = copied.split("\n")
    assert first.endswith(" Bo: is press 4 back or shall we wait until ten")
    assert second == "or so"
    assert third.endswith(" Ann: wait")


def test_part_of_a_row_can_be_copied() -> None:
    transcript = transcript_of(log_of(said("is press 4 back")))
    assert transcript.text_between((1, 15), (1, 22)) == "press 4"


def test_hostile_text_never_reaches_the_rows() -> None:
    text = "\x1b]52;c;aGk=\x07 [/x] \u202egnp.exe\u2066 a\u200bb\u0000 [bold]x"
    rows = shown(transcript_of(log_of(said(text, "Ev\x1b[2Jil")), 80))
    painted = "\n".join(rows)
    assert painted.replace("\n", "").isprintable()
    assert "[/x] gnp.exe ab [bold]x" in painted


def test_hidden_transcript_counts_no_rows_until_it_is_fitted() -> None:
    log = log_of(said("one"))
    transcript = Transcript(log, Presenter(lambda: ""))
    transcript.sync()
    assert transcript.row_count == 0
    transcript.fit(NARROW)
    assert transcript.row_count == 2


def test_spoken_entries_are_counted_from_a_serial_on() -> None:
    transcript = transcript_of(log_of(said("one"), came("Ann"), said("two"), said("three")))
    assert transcript.spoken_since(1) == 2


# ---- what is loaded above, or in the middle ----------------------------------------------------------------------


def _loaded(log: EntryLog, transcript: Transcript, before: int, *entries: Entry) -> None:
    placed = log.insert_before(before, entries)
    transcript.follow(EntriesInserted("#Line-3", before, tuple(placed)))


def _below(transcript: Transcript, y: int) -> list[str]:
    """What a screen shows from a row on, but for the rules above texts."""
    return [row for row in shown(transcript)[y:] if not row.startswith("─")]


def _unfolded(transcript: Transcript) -> list[tuple[str, str]]:
    return [(block.text, block.quote) for block in transcript._blocks if not block.text.endswith("joined")]


PIECES = st.lists(
    st.one_of(
        st.builds(
            lambda text, msgid, reply: replace(said(text), msgid=msgid, reply_to=reply),
            st.sampled_from(["short", "a text that is longer than one row of so narrow a screen", "two\nlines"]),
            st.sampled_from(["", "m1", "m2", "m3"]),
            st.sampled_from(["", "m1", "m2"]),
        ),
        st.builds(came, st.sampled_from(["Ann", "Cy"])),
    ),
    max_size=8,
)


@given(PIECES, PIECES, PIECES, st.integers(-1, 2))
def test_what_is_loaded_above_and_in_a_gap_looks_as_if_it_had_been_there_before(
    above: list[Entry], inside: list[Entry], below: list[Entry], days: int
) -> None:
    inside = [replace(entry, at_s=entry.at_s + days * DAY_S, msgid="", reply_to="") for entry in inside]
    log = log_of(said("oldest"), Entry(EntryKind.GAP, NOON, text="a gap"), said("first below"), *below)
    transcript = transcript_of(log)
    _loaded(log, transcript, 0, *above)
    _loaded(log, transcript, log.first_serial, *above)
    gap = next(entry.serial for entry in log if entry.kind is EntryKind.GAP)
    first_below = next(log.since(gap + 1)).serial
    _loaded(log, transcript, first_below, *inside)
    _loaded(log, transcript, first_below - len(inside), *inside)
    rebuilt = transcript_of(log)
    assert _unfolded(transcript) == _unfolded(rebuilt)
    if not any(entry.kind is EntryKind.JOIN for entry in log):
        assert shown(transcript) == shown(rebuilt)
    log.remove(gap)
    transcript.follow(EntryRemoved("#Line-3", gap))
    assert "a gap" not in " ".join(shown(transcript))
    log.add(said("new"))
    transcript.sync()
    assert shown(transcript)[-1] == "  Bo  new"
    assert transcript.row_count == len(shown(transcript))


@given(PIECES, PIECES, st.integers(0, 30))
def test_no_text_on_the_screen_moves_when_older_ones_are_loaded(
    loaded: list[Entry], below: list[Entry], y: int
) -> None:
    log = log_of(said("oldest"), *below, said("newest"))
    transcript = transcript_of(log)
    y = min(y, transcript.row_count - 1)
    place = transcript.place_at(y)
    assert place is not None
    before = _below(transcript, y)
    _loaded(log, transcript, log.first_serial, *(replace(entry, msgid="", reply_to="") for entry in loaded))
    row = transcript.row_of(place)
    grown = len(shown(transcript)) - row - len(before)
    assert _below(transcript, row)[-len(before) :] == before
    assert grown <= 1  # the rule of the day, at most, is above


def test_an_answer_quotes_a_message_that_is_loaded_after_it() -> None:
    log = log_of(replace(said("yes"), reply_to="a"))
    transcript = transcript_of(log)
    assert shown(transcript)[1:] == ["            ↪ an earlier message", "  Bo  yes"]
    _loaded(log, transcript, 0, replace(said("is press 4 back?", "Ann"), msgid="a"))
    assert shown(transcript)[1:] == [" Ann  is press 4 back?", "            ↪ Ann: is press 4 back?", "  Bo  yes"]


def test_joins_are_not_folded_across_the_border_of_a_page() -> None:
    log = log_of(came("Ann"), said("hello"))
    transcript = transcript_of(log)
    _loaded(log, transcript, 0, said("before"), came("Cy"))
    assert shown(transcript)[1:] == ["  Bo  before", "   →  Cy has joined", "   →  Ann has joined", "  Bo  hello"]


def test_the_place_on_a_gap_is_that_of_the_message_below_when_it_is_filled() -> None:
    log = log_of(said("above"), Entry(EntryKind.GAP, NOON, text="a gap"), said("below"))
    transcript = transcript_of(log)
    assert shown(transcript)[1:] == ["  Bo  above", "   ⋮  a gap", "  Bo  below"]
    place = transcript.place_at(2)
    below = log[-1].serial
    _loaded(log, transcript, below, said("in it"))
    assert place is not None
    assert shown(transcript)[transcript.row_of(place) :] == ["  Bo  in it", "  Bo  below"]
    log.remove(1)
    transcript.follow(EntryRemoved("#Line-3", 1))
    assert shown(transcript)[transcript.row_of(place) :] == ["  Bo  in it", "  Bo  below"]


def test_a_rule_tells_since_when_all_is_new_and_goes() -> None:
    log = log_of(said("old"), said("new"), said("newer", at_s=NOON + DAY_S))
    transcript = transcript_of(log)
    log.rule_at, log.rule_text = 1, "new since 14:05"
    transcript.follow(NewSince("#Line-3", 1, "14:05"))
    assert shown(transcript)[2] == "─────────── new since 14:05 ────────────"
    log.rule_at = 2
    transcript.follow(NewSince("#Line-3", 1, ""))
    transcript.follow(NewSince("#Line-3", 2, "14:05"))
    assert shown(transcript)[1:3] == ["  Bo  old", "  Bo  new"]
    assert "4 March 2026 · new since" in shown(transcript)[3]


def test_what_is_not_confirmed_says_so_and_is_dim_until_it_is() -> None:
    log = log_of(replace(said("hello", "Zoé"), is_own=True, delivery=Delivery.WAITING))
    transcript = transcript_of(log)
    assert shown(transcript)[1:] == [" Zoé› hello (not sent yet)"]
    found = transcript.at(1)
    assert found is not None
    assert transcript.columns is not None
    assert all(segment.style and segment.style.dim for segment in found[0].paint(found[1], transcript.columns))
    log.put(replace(log[0], delivery=Delivery.DONE))
    transcript.change(0)
    assert shown(transcript)[1:] == [" Zoé› hello"]
    log.put(replace(log[0], delivery=Delivery.FAILED))
    transcript.change(0)
    assert shown(transcript)[1:] == [" Zoé› hello (not delivered)"]
