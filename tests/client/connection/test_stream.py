import asyncio
from typing import cast

from lanchat.client.connection.stream import Stream


class Writer:
    def __init__(self, *peer: object) -> None:
        self._peer = peer

    def get_extra_info(self, _: str) -> object:
        return self._peer


async def test_where_a_host_is_is_told_with_the_scope_that_leads_there() -> None:
    def where(*peer: object) -> str:
        return Stream(asyncio.StreamReader(), cast(asyncio.StreamWriter, Writer(*peer))).where

    assert where("fe80::5", 8100, 0, 9_999) == "[fe80::5%9999]:8100"  # an adapter without a name
    assert where("fd00::5", 8100, 0, 0) == "[fd00::5]:8100"
    assert where("10.0.0.5", 8100) == "10.0.0.5:8100"
    assert where() == ":0"  # gone already
