"""Masks: who is meant. The sentences are from modern.ircdocs.horse, "Wildcard Expressions", unless said otherwise."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.chat.state.masks import matches, muted_mask, normal_mask


@pytest.mark.parametrize(
    ("mask", "text", "is_meant"),
    [
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("a?c", "abbc", False),
        ("a*c", "ac", True),
        ("a*c", "abbbc", True),
        ("a*c", "abcd", False),
        ("*", "", True),
        ("?", "", False),
        ("**b**", "abc", True),
        ("*a*b*c", "xaxbxcxc", True),
        ("*ab?d*", "abxabcd!", True),
        ("abc", "abc", True),
        ("abc", "xabc", False),
        ("*.c", "a+c", False),
    ],
)
def test_a_question_mark_is_one_character_and_a_star_any_number(mask: str, text: str, is_meant: bool) -> None:
    """“("?", 0x3F) to match one and only one character, and ("*", 0x2A) to match any number of any characters.”"""
    assert matches(mask, text) is is_meant


def test_a_backslash_makes_a_wildcard_an_ordinary_character() -> None:
    r"""“These two characters can be escaped using the ("\", 0x5C) character.”"""
    assert matches(r"a\*c", "a*c")
    assert not matches(r"a\*c", "abc")
    assert matches(r"a\?", "a?")
    assert not matches(r"a\?", "ab")
    assert matches(r"a\b*", r"a\bc"), "before anything else it is a backslash"


def test_capitals_do_not_matter_in_any_script() -> None:
    """“Names of IRC entities (clients, servers, channels) are casemapped.” — "Client-to-Server Protocol Structure"."""
    assert matches("BAR!*@*", "bar!~u@10.0.0.1")
    assert matches("zoÉ!*", "Zoé!~u@h")


def test_a_mask_made_to_take_ages_does_not() -> None:
    """Nothing that a user sends may hold up the others."""
    started_at = time.perf_counter()
    assert not matches("*a" * 100 + "b", "a" * 200)
    assert not matches("*?" * 60 + "b", "a" * 200)
    assert time.perf_counter() - started_at < 1.0


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("zoé", "zoé!*@*"),
        ("zoé!*@*", "zoé!*@*"),
        ("u@h", "*!u@h"),
        ("n!u", "n!u@*"),
        ("n!@", "n!*@*"),
        ("*", "*!*@*"),
        ("10.0.0.*", "*!*@10.0.0.*"),
        ("fe80::1", "*!*@fe80::1"),
        ("fe80::1%eth0", "*!*@fe80::1"),
        ("zoé!*@fe80::1%12", "zoé!*@fe80::1"),
        ("*!*@100%", "*!*@100%"),
        ("*!*@::1", "*!*@0::1"),
        ("m:zoé", "m:zoé!*@*"),
        ("~m:*!~evan@*", "~m:*!~evan@*"),
        ("~mute:zoé", "~mute:zoé!*@*"),
    ],
)
def test_a_short_mask_is_completed(written: str, normal: str) -> None:
    """“their nickmask (the combination of nick!user@host) is compared with each banned client mask” — "Ban Channel
    Mode"; so every mask has the three parts.
    """
    assert normal_mask(written) == normal


def test_what_a_mute_means_is_the_mask_behind_its_prefix() -> None:
    """“EXTBAN=[<prefix>],<types>” — "EXTBAN"."""
    assert muted_mask("m:bar!*@*") == "bar!*@*"
    assert muted_mask("~m:bar!*@*") == "bar!*@*"
    assert muted_mask("bar!*@*") == ""


@given(st.text("*?\\ab", max_size=12), st.text("ab?*\\", max_size=12))
def test_it_means_what_a_regular_expression_would(mask: str, text: str) -> None:
    parts = re.findall(r"\\[*?]|.", mask, re.DOTALL)
    pattern = "".join({"*": ".*", "?": "."}.get(part, re.escape(part[-1])) for part in parts)
    assert matches(mask, text) == bool(re.fullmatch(pattern, text, re.DOTALL))
