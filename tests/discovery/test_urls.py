from lanchat.discovery.urls import page_urls
from tests.discovery.peers import ID_A


def test_a_page_is_found_at_addresses_that_browsers_take() -> None:
    assert page_urls(["10.0.0.5", "fd00::5", "fe80::5%eth0"], 8100, ID_A) == [
        *("http://10.0.0.5:8100/", "http://[fd00::5]:8100/")
    ]
    assert page_urls([], 8100, ID_A) == []


def test_where_all_addresses_are_link_local_a_page_is_found_by_its_announced_name() -> None:
    assert page_urls(["fe80::5%eth0", "fe80::6%eth1"], 9000, ID_A) == [f"http://lanchat-{ID_A}.local:9000/"]
