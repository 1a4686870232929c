"""Where a browser finds a room's page."""

from collections.abc import Sequence

from lanchat.discovery.addresses import with_port
from lanchat.discovery.names import server_name


def page_urls(addresses: Sequence[str], port: int, room_id: str) -> list[str]:
    """Return the URLs of a room's page. Browsers take no scopes, so addresses that have one are left out.

    Where all have one, it is the name that the room's addresses are announced under: systems that look up ".local"
    names by multicast DNS (macOS, Windows, Linux with Avahi) find the scope by themselves.
    """
    wide = [f"http://{with_port(address, port)}/" for address in addresses if "%" not in address]
    return wide or [f"http://{server_name(room_id).removesuffix('.')}:{port}/" for _ in addresses[:1]]
