"""Where a host keeps what is said, as asked for on the command line."""

from __future__ import annotations

import argparse
import math
import os
import time
from pathlib import Path

from lanchat.config import DATA_DIR_VARIABLE
from lanchat.errors import UsageError
from lanchat.limits import RETENTION_S
from lanchat.protocol.text import clean
from lanchat.store.accounts import new_id
from lanchat.store.history_place import Place, open_place

_UNITS_S = {"h": 3_600.0, "d": 86_400.0, "w": 7 * 86_400.0, "y": 365 * 86_400.0}
_MAX_UNITS = 100_000


def retention_s(asked: str | None) -> float:
    """Read how long what was said is kept; "forever" is a time, too."""
    if asked is None:
        return RETENTION_S
    number, unit = asked[:-1], _UNITS_S.get(asked[-1:])
    if asked == "forever":
        return math.inf
    if unit is None or not (number.isascii() and number.isdecimal()) or not 0 < int(number) <= _MAX_UNITS:
        raise UsageError(f"--retention takes a time such as 12h, 30d, 2y or forever, not “{clean(asked)[:40]}”.")
    return int(number) * unit


def history_place(args: argparse.Namespace, folder: Path) -> Place:
    """Return where what is said is kept. Raises UserError if it cannot be kept in a folder that a person named."""
    if args.no_history:
        return Place(None)
    is_chosen = bool(args.data_dir or os.environ.get(DATA_DIR_VARIABLE))
    return open_place(folder, new_id(), time.strftime("%Y-%m-%d-%H%M%S"), is_chosen=is_chosen)
