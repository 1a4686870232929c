"""The LAN that these tests run in. Where none can be made they are skipped, or fail if nothing may be skipped."""

import functools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lan.lab import Lan, reason_against

_reason_against = functools.cache(reason_against)


def _do_without(reason: str) -> None:
    if os.environ.get("LANCHAT_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def lan(tmp_path: Path) -> Iterator[Lan]:
    reason = _reason_against()
    if reason is not None:
        _do_without(reason)
    with Lan(tmp_path) as made:
        yield made


@pytest.fixture
def need() -> Callable[[str], None]:
    """Return what makes sure that a command is installed."""

    def need(name: str) -> None:
        if shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") is None:
            _do_without(f"the command {name} is missing")

    return need
