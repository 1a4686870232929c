"""Where links stand in a text, and what of them a terminal is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.client.words.links import MAX_LINKS, MAX_TARGET_CHARS, links


@pytest.mark.parametrize(
    ("text", "shown", "target"),
    [
        ("see http://a.lan/x, please", "http://a.lan/x", "http://a.lan/x"),
        ("(HTTPS://a.lan/x_(y)).", "HTTPS://a.lan/x_(y)", "HTTPS://a.lan/x_(y)"),
        ("<http://[fd00::5]:8100/>", "http://[fd00::5]:8100/", "http://[fd00::5]:8100/"),
        ('"http://a.lan/?q=1&r=%20;s#t"', "http://a.lan/?q=1&r=%20;s#t", "http://a.lan/?q=1&r=%20;s#t"),
        ("http://münchen.lan/größe!", "http://münchen.lan/größe", "http://m%C3%BCnchen.lan/gr%C3%B6%C3%9Fe"),
        ("http://a.lan/\\|^{}", "http://a.lan/\\|^{}", "http://a.lan/%5C%7C%5E%7B%7D"),
    ],
)
def test_a_link_is_found_without_what_stands_around_it(text: str, shown: str, target: str) -> None:
    [link] = links(text)
    assert (text[link.start : link.end], link.target) == (shown, target)


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)", "file:///etc/passwd", "ftp://a.lan", "http://", "https:///path", "http://[", "a http:/b",
        "data:text/html,x", "http://a.lan/" + "x" * MAX_TARGET_CHARS,
    ],
)  # fmt: skip
def test_nothing_else_is_a_link(text: str) -> None:
    assert links(text) == []


@given(st.text(st.sampled_from("https://a.b\x1b\x07\x9c\\;é\u202e\ud800()[]% \n#?"), max_size=60))
def test_no_byte_of_a_target_is_obeyed_by_a_terminal(text: str) -> None:
    for link in links(f"http://x{text}"):
        assert link.target.isascii()
        assert link.target.isprintable()
        assert " " not in link.target
        assert link.target.lower().startswith(("http://", "https://"))


def test_a_message_of_nothing_but_links_has_a_bound() -> None:
    assert len(links("http://a.lan/ " * 1_000)) == MAX_LINKS
