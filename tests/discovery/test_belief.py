"""Announcements are believed about near addresses, and few of them."""

import ipaddress

import pytest

from lanchat.discovery.belief import MAX_PLACES, Belief

OWN = [ipaddress.ip_interface("10.77.1.21/24"), ipaddress.ip_interface("fe80::1%77/64")]


@pytest.mark.parametrize("port", [502, 80, 1023, 9100, 9109])
def test_ports_of_other_services_are_not_tried(port: int) -> None:
    assert Belief().believed("a", ["10.77.1.11"], port, OWN) == ()


def test_only_addresses_in_our_subnets_are_tried() -> None:
    told = ["10.77.1.11", "10.99.0.1", "192.0.2.1", "fe80::5%77", "fd00::5"]

    assert Belief().believed("a", told, 8100, OWN) == ("10.77.1.11", "fe80::5%77")


def test_one_announcer_has_four_places_though_it_names_many() -> None:
    belief = Belief()
    tried = [port for port in range(20_000, 20_056) if belief.believed("a", [f"10.77.1.{port % 200}"], port, OWN)]

    assert len(tried) == MAX_PLACES


def test_one_machine_has_four_places_however_many_announcers_there_are() -> None:
    belief = Belief()
    tried = [port for port in range(20_000, 20_056) if belief.believed(f"a{port}", ["10.77.1.11"], port, OWN)]

    assert len(tried) == MAX_PLACES
    assert belief.believed("new", ["10.77.1.11"], tried[0], OWN)  # the same place again


def test_ten_hosts_of_one_machine_are_believed() -> None:
    belief = Belief()

    assert all(belief.believed(f"a{port}", ["10.77.1.11"], port, OWN) for port in range(8_100, 8_110))
