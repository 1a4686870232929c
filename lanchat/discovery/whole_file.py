"""Writing a file so that whoever reads it sees all of the old text or all of the new one, never a part."""

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, text: str, *, is_synced: bool = False) -> None:
    """Write a text in the place of a file, readable for its owner only. Raises OSError; then the old file stays.

    `is_synced`: the text is on the disk before the old one goes, so that a power cut leaves no empty file.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-")  # mode 0600 from the start
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            if is_synced:
                os.fsync(stream.fileno())
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
