from lanchat.client.speaking.completion import Completion

NAMES = ("Ben", "Bea", "Maria López", "Mark", "Anna")
COMMANDS = ("help", "me", "msg", "names")


def tabbed(text: str, times: int = 1, *, cursor: int | None = None, is_back: bool = False) -> tuple[str, int] | None:
    completion = Completion()
    made: tuple[str, int] | None = (text, len(text) if cursor is None else cursor)
    for _ in range(times):
        assert made is not None
        made = completion.next(*made, NAMES, COMMANDS, is_back=is_back)
    return made


def test_a_name_at_the_beginning_is_called() -> None:
    assert tabbed("be") == ("Ben: ", 5)


def test_a_name_later_on_is_only_named() -> None:
    assert tabbed("ask be") == ("ask Ben ", 8)


def test_tab_again_takes_the_next_and_comes_round() -> None:
    assert [tabbed("be", times) for times in (1, 2, 3)] == [("Ben: ", 5), ("Bea: ", 5), ("Ben: ", 5)]


def test_shift_tab_goes_backwards() -> None:
    assert [tabbed("m", times, is_back=True) for times in (1, 2)] == [("Mark: ", 6), ("Maria López: ", 13)]


def test_a_name_with_a_space_is_found_behind_its_space() -> None:
    assert tabbed("hi maria l") == ("hi Maria López ", 15)


def test_an_at_sign_before_a_name_is_replaced() -> None:
    assert tabbed("@ma") == ("Maria López: ", 13)


def test_commands_at_the_beginning() -> None:
    assert [tabbed("/m", times) for times in (1, 2)] == [("/me ", 4), ("/msg ", 5)]


def test_names_behind_a_command() -> None:
    assert tabbed("/msg an") == ("/msg Anna ", 10)


def test_what_stands_behind_the_cursor_stays() -> None:
    assert tabbed("be are you there", cursor=2) == ("Ben are you there", 3)


def test_nothing_fits() -> None:
    assert tabbed("xyz") is None
    assert tabbed("") is None
    assert tabbed("//m") is None


def test_an_edit_begins_anew() -> None:
    completion = Completion()
    assert completion.next("be", 2, NAMES, COMMANDS) == ("Ben: ", 5)
    assert completion.next("Ben: m", 6, NAMES, COMMANDS) == ("Ben: Maria López ", 17)


def test_forgetting_begins_anew() -> None:
    completion = Completion()
    made = completion.next("be", 2, NAMES, COMMANDS)
    assert made is not None
    completion.forget()
    assert completion.next(*made, NAMES, COMMANDS) is None
