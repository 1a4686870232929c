from lanchat.client.speaking.typed import MAX_LINES, TypedHistory


def typed(*lines: str) -> TypedHistory:
    history = TypedHistory()
    for line in lines:
        history.add(line)
    return history


def test_lines_come_back_and_the_draft_is_kept() -> None:
    history = typed("one", "two")
    assert [history.older("draft"), history.older("two"), history.older("one")] == ["two", "one", "one"]
    assert [history.newer(), history.newer(), history.newer()] == ["two", "draft", "draft"]


def test_the_same_line_twice_in_a_row_is_kept_once() -> None:
    history = typed("one", "two", "two", " ")
    assert [history.older(""), history.older("")] == ["two", "one"]


def test_there_is_a_bound_on_lines_kept() -> None:
    history = typed(*[str(number) for number in range(MAX_LINES + 10)])
    for _ in range(MAX_LINES + 20):
        oldest = history.older("")
    assert oldest == "10"


def test_without_lines_the_draft_stays() -> None:
    history = TypedHistory()
    assert [history.older("draft"), history.newer()] == ["draft", "draft"]
