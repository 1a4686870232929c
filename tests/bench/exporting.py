"""What it takes to export a whole room: time of a CPU, and memory at most."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FORMATS = ("txt", "md", "html", "json")
_MEASURED = """
import json, resource, sys, time
from lanchat.cli import main
status = main(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
with open("/proc/self/status") as file:  # ru_maxrss begins with that of the program that started this one
    peak_kb = int(next(line for line in file if line.startswith("VmHWM")).split()[1])
print(json.dumps({"cpu_s": used.ru_utime + used.ru_stime, "peak_mb": peak_kb / 1e3}))
raise SystemExit(status)
"""


def exports(folder: Path, room: str) -> list[str]:
    """Export all of a room in a folder in each format; return a line about each. Only Linux tells the memory."""
    return [_line(folder, room, form) for form in FORMATS] if sys.platform == "linux" else []


def _line(folder: Path, room: str, form: str) -> str:
    out = folder.parent / f"export.{form}"
    command = ["export", room, "--data-dir", str(folder), "--format", form, "-o", str(out)]
    done = subprocess.run([sys.executable, "-c", _MEASURED, *command], capture_output=True, check=True)
    found, size_mb = json.loads(done.stdout), out.stat().st_size / 1e6
    out.unlink()
    used = f"{found['cpu_s']:.1f} s of a CPU, {found['peak_mb']:.0f} MB at most"
    return f"export, {form}: {used}, {size_mb:.1f} MB written"
