"""Where a host keeps what is said, as asked for on the command line."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from lanchat.config import DATA_DIR_VARIABLE
from lanchat.store.accounts import new_id
from lanchat.store.history_place import Place, open_place


def history_place(args: argparse.Namespace, folder: Path) -> Place:
    """Return where what is said is kept. Raises UserError if it cannot be kept in a folder that a person named."""
    if args.no_history:
        return Place(None)
    is_chosen = bool(args.data_dir or os.environ.get(DATA_DIR_VARIABLE))
    return open_place(folder, new_id(), time.strftime("%Y-%m-%d-%H%M%S"), is_chosen=is_chosen)
