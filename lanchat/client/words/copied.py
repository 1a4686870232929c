"""What is said of something that was copied."""

import os
from collections.abc import Mapping


def copied_words(text: str, what: str = "", environment: Mapping[str, str] = os.environ) -> str:
    """Return what to say: "Copied 3 lines". Nobody tells whether a terminal took it, but tmux does not by default."""
    count = text.count("\n") + 1
    said = f"Copied {what or ('1 line' if count == 1 else f'{count} lines')}"
    return f"{said} · nothing there? tmux: set -s set-clipboard on" if "TMUX" in environment else said
