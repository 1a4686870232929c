"""Faults of lanchat's own: whatever one peer uncovers, one line is told, and the room goes on."""

from __future__ import annotations

import traceback
from pathlib import Path

from lanchat.server.peers import Warn

_MAX_TOLD = 100  # different ones; no more are news to anybody


class Faults:
    """Tells the host's person of faults, of each once."""

    def __init__(self, warn: Warn) -> None:
        self._warn = warn
        self._told: set[str] = set()

    def tell(self, error: Exception, doing: str) -> None:
        """Tell one line about a fault: what, where, and while doing what. No word of what was said."""
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
        line = f"A fault of lanchat's own, please report it: {type(error).__name__} at {place}, {doing}"
        if line not in self._told and len(self._told) < _MAX_TOLD:
            self._told.add(line)
            self._warn(line)
