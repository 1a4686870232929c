import pytest

from lanchat.protocol.capabilities import CAPABILITIES, is_tag_for, shape_of


@pytest.mark.parametrize(
    ("tag", "needed"),
    [
        ("time", "server-time"),
        ("account", "account-tag"),
        ("label", "labeled-response"),
        ("batch", "batch"),
        ("draft/multiline-concat", "draft/multiline"),
        ("msgid", "message-tags"),
        ("bot", "message-tags"),
        ("+typing", "message-tags"),
        ("+draft/react", "message-tags"),
    ],
)
def test_a_tag_goes_to_those_who_asked_for_it_alone(tag: str, needed: str) -> None:
    """Modern, "Tags": "MUST NOT be sent unless explicitly enabled by a capability"."""
    assert is_tag_for(tag, {needed})
    assert not is_tag_for(tag, set(CAPABILITIES) - {needed})


def test_what_shapes_no_tags_shapes_no_bytes() -> None:
    assert shape_of({"multi-prefix", "echo-message", "server-time"}) == {"server-time"}
    assert shape_of({"server-time", "setname"}) is shape_of({"server-time"})


def test_no_capability_of_tls_is_offered() -> None:
    """The profile: sts "never: without TLS it locks clients out"."""
    assert not {"sts", "tls"} & CAPABILITIES.keys()


def test_names_and_values_can_stand_in_a_list() -> None:
    """IRCv3 capability-negotiation: names "MUST NOT start with a hyphen"; they are told in a list parted by spaces."""
    assert not any(name.startswith("-") or " " in name + value or "=" in name for name, value in CAPABILITIES.items())


def test_multiline_tells_its_limits() -> None:
    """IRCv3 multiline, "Capabilities": "MUST be advertised by servers with a REQUIRED value": max-bytes, max-lines."""
    assert CAPABILITIES["draft/multiline"] == "max-bytes=16384,max-lines=100"
