"""The house as the code builds it: which module imports which, and a picture of its parts.

`python -m tests.house` draws docs/house.svg anew; `tests/test_floors.py` holds the floors and that the picture is true.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Set
from functools import cache
from html import escape
from pathlib import Path

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "house.svg"

_GROUND = frozenset(
    {"limits", "errors", "version", "when"}
)  # under everything: arrows to it would only hide the others
_BOX_W, _BOX_H, _GAP_X, _GAP_Y, _MARGIN = 138, 34, 22, 46, 24


@cache
def modules() -> Mapping[str, ast.Module]:
    """Every module below lanchat by its name there ("chat.call"; a package by its own), parsed."""
    found: dict[str, ast.Module] = {}
    for path in sorted((ROOT / "lanchat").rglob("*.py")):
        parts = path.relative_to(ROOT / "lanchat").with_suffix("").parts
        name = ".".join(parts).removesuffix("__init__").removesuffix(".") or "version"
        found[name] = ast.parse(path.read_text("utf-8"), str(path))
    return found


@cache
def imports() -> Mapping[str, frozenset[str]]:
    """What each module imports, by full names: "rich.text", "lanchat.config". Types count, imports in functions too."""
    return {name: frozenset(_imported_by(module)) for name, module in modules().items()}


def _imported_by(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module, "a relative import hides its floor"
            assert node.level == 0, "a relative import hides its floor"
            yield from _from(node.module, [alias.name for alias in node.names])


def _from(module: str, names: list[str]) -> Iterator[str]:
    """`from lanchat.chat.rules import speech` imports the module lanchat.chat.rules.speech, not its package."""
    if module == "lanchat":
        yield from (f"lanchat.{'version' if name == '__version__' else name}" for name in names)
        return
    inside = {f"{module}.{name}" for name in names if f"{module}.{name}".removeprefix("lanchat.") in modules()}
    yield from inside
    if len(inside) < len(names):
        yield module


@cache
def arrows() -> Mapping[str, frozenset[str]]:
    """Which modules of lanchat each of them imports."""
    own = {
        name: {i.removeprefix("lanchat.") for i in found if i.startswith("lanchat.")}
        for name, found in imports().items()
    }
    return {name: frozenset(found & modules().keys()) for name, found in own.items()}


def circles(graph: Mapping[str, Set[str]]) -> list[set[str]]:
    """Return the groups that import each other, directly or around a corner; none where the graph has floors."""
    below = {name: _reached(graph, name) for name in graph}
    groups = {frozenset({name} | {other for other in below[name] if name in below[other]}) for name in graph}
    return [set(group) for group in groups if len(group) > 1]


def _reached(graph: Mapping[str, Set[str]], start: str) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        for name in graph.get(waiting.pop(), ()):
            if name not in reached:
                reached.add(name)
                waiting.append(name)
    return reached


def part_of(module: str) -> str:
    """Return the part that a module is drawn in: its folder; itself where folders stand beside it ("chat.call")."""
    head, _, rest = module.partition(".")
    folder = f"{head}.{rest.partition('.')[0]}"
    if _is_package(folder):
        return folder
    return module if any(_is_package(name) for name in modules() if name.startswith(f"{head}.")) else head


def _is_package(name: str) -> bool:
    return any(module.startswith(f"{name}.") for module in modules())


def parts() -> dict[str, set[str]]:
    """Return the parts, each with the parts that it imports, but for the ground."""
    graph: dict[str, set[str]] = {}
    for module, below in arrows().items():
        part = part_of(module)
        if part not in _GROUND and not (_is_package(part) and part == module and not below):
            graph.setdefault(part, set()).update(part_of(name) for name in below)
            graph[part] -= {part, *_GROUND}
    return graph


# ---- The picture -----------------------------------------------------------------------------------------------------


def picture() -> str:
    """Return the SVG: a row for each floor, an arrow for each import that is not told by two others."""
    graph = parts()
    floors = _floors(graph)
    places = _places(floors)
    width = max(x for x, _ in places.values()) + _BOX_W + _MARGIN
    height = max(y for _, y in places.values()) + _BOX_H + _MARGIN
    lines = [_line(places[a], places[b]) for a in sorted(graph) for b in sorted(_shortest(graph, a))]
    boxes = [_box(name, *places[name]) for name in sorted(places)]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="13">'
        "<title>The parts of lanchat: who stands higher imports who stands lower</title>"
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
    )
    return "\n".join([head, *lines, *boxes, "</svg>", ""])


def _floors(graph: Mapping[str, Set[str]]) -> list[list[str]]:
    """The parts by the longest way down from them, the highest first. Raises RecursionError where there is a circle."""
    depth = cache(lambda name: 1 + max((depth(below) for below in graph[name]), default=0))
    deepest = max(map(depth, graph))
    return [sorted(name for name in graph if depth(name) == level) for level in range(deepest, 0, -1)]


def _places(floors: list[list[str]]) -> dict[str, tuple[int, int]]:
    widest = max(map(len, floors))
    step = _BOX_W + _GAP_X
    return {
        name: (_MARGIN + (widest - len(row)) * step // 2 + at * step, _MARGIN + level * (_BOX_H + _GAP_Y))
        for level, row in enumerate(floors)
        for at, name in enumerate(row)
    }


def _shortest(graph: Mapping[str, Set[str]], name: str) -> set[str]:
    """What a part imports and reaches by no other part that it imports."""
    return {
        below for below in graph[name] if not any(below in _reached(graph, other) for other in graph[name] - {below})
    }


def _line(start: tuple[int, int], end: tuple[int, int]) -> str:
    x1, y1, x2, y2 = start[0] + _BOX_W // 2, start[1] + _BOX_H, end[0] + _BOX_W // 2, end[1]
    middle = (y1 + y2) // 2
    return (
        f'<path d="M{x1} {y1}C{x1} {middle} {x2} {middle} {x2} {y2}" fill="none" stroke="#8a94a6" stroke-width="1.4"/>'
    )


def _box(name: str, x: int, y: int) -> str:
    fill = {"chat": "#e3f0ff", "server": "#fff0da", "client": "#e6f6e6", "protocol": "#f1e9fb"}.get(
        name.partition(".")[0], "#f3f4f6"
    )
    return (
        f'<rect x="{x}" y="{y}" width="{_BOX_W}" height="{_BOX_H}" rx="6" fill="{fill}" stroke="#5b6472"/>'
        f'<text x="{x + _BOX_W // 2}" y="{y + 22}" text-anchor="middle" fill="#1f2937">'
        f"{escape(name.replace('.', '/'))}</text>"
    )


if __name__ == "__main__":
    PICTURE.write_text(picture(), "utf-8")
