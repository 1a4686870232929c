import socket

import pytest
from zeroconf import IPVersion

from lanchat.discovery.multicast import by_family, interfaces_of, version_of


def test_each_family_has_a_zeroconf_of_its_own_and_ipv4_comes_first() -> None:
    assert by_family(["fe80::1%eth0", "10.0.0.1", "fd00::1"]) == [["10.0.0.1"], ["fe80::1%eth0", "fd00::1"]]
    assert by_family(["10.0.0.1"]) == [["10.0.0.1"]]
    assert by_family([]) == []
    assert version_of(["10.0.0.1"]) is IPVersion.V4Only
    assert version_of(["fe80::1%eth0"]) is IPVersion.V6Only


def test_a_link_local_address_that_two_adapters_have_is_told_apart_by_their_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "if_nametoindex", {"eth0": 2, "eth0.10": 9}.__getitem__)

    assert interfaces_of(["fe80::1%eth0", "fe80::1%eth0.10", "fe80::2%12"]) == [2, 9, "fe80::2%12"]
    assert interfaces_of(["fe80::1%12", "fe80::1%13"]) == [12, 13]  # Windows
