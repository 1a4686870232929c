"""Servers on loopback, ended after each test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.server.serving import Serving, serving


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Serving]]:
    """Return what starts a server; keyword arguments are those of Settings."""
    with ExitStack() as servers:

        def start(**choices: object) -> Serving:
            return servers.enter_context(serving(tmp_path, **choices))  # type: ignore[arg-type]

        yield start


@pytest.fixture
def room(serve: Callable[..., Serving]) -> Serving:
    """Return a server of one room, with the limits it has by default."""
    return serve()
