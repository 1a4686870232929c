from lanchat.client.split import lines_of


def test_blank_lines_are_nothing_to_say() -> None:
    assert list(lines_of("one \n\n  \n two\n")) == ["one", " two"]
