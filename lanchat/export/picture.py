"""A small picture of how much was said when, as SVG within HTML: bars, in black and white."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape

from lanchat.export.sheet import About
from lanchat.export.summary import Bars
from lanchat.export.wording import counted

_WIDTH, _HEIGHT, _TOP, _BOTTOM = 700, 74, 12, 16  # of the picture; above and below the bars
_LABELS = 9  # at most, under the bars
_DAY_MINUTES = 1_440
_LABELLED_MINUTES = (15, 30, 60, 120, 180, 360, 720, _DAY_MINUTES)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def picture(about: About, bars: Bars) -> str:
    """Return the picture of a period."""
    first, heights = bars.over(about.since, about.until)
    most, step = max(heights), _WIDTH / len(heights)
    text = escape(f"Messages in every {_span(bars.minutes)}; the most: {most:,}")
    shapes = "".join(_bar(number * step, step, count / most) for number, count in enumerate(heights) if count)
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{text}"'
        ' font-family="sans-serif" font-size="9">\n'
        f'<text x="0" y="8">{text}</text>\n'
        f'<path d="{shapes}" fill="#222"/>\n'
        f'<path d="M0 {_HEIGHT - _BOTTOM + 0.5}H{_WIDTH}" stroke="#000"/>\n'
        f"{_labels(first, len(heights), bars.minutes, step)}</svg>\n"
    )


def _bar(left: float, step: float, share: float) -> str:
    height = max(1.0, share * (_HEIGHT - _TOP - _BOTTOM))
    width = max(0.5, step * 0.85)
    return f"M{left:.1f} {_HEIGHT - _BOTTOM}v{-height:.1f}h{width:.1f}v{height:.1f}z"


def _labels(first: int, count: int, minutes: int, step: float) -> str:
    """The times under the bars, at full hours or midnights where the bars are no wider."""
    every = next(
        (one for one in _LABELLED_MINUTES if one >= minutes and count * minutes <= one * _LABELS),
        max(minutes, count * minutes // _LABELS // minutes * minutes),
    )
    is_of_days = count * minutes > _DAY_MINUTES
    places = [number for number in range(count) if (first + number) * minutes % every == 0]
    if len(places) < 2:
        places = list(range(0, count, max(1, count // _LABELS)))
    return "".join(
        _label((first + number) * minutes, number * step, is_of_days=is_of_days)
        for number in places
        if number * step < _WIDTH - 26  # the last one would be cut
    )


def _label(local_minute: int, left: float, *, is_of_days: bool) -> str:
    local = datetime(1970, 1, 1) + timedelta(minutes=local_minute)
    is_date = is_of_days and f"{local:%H:%M}" == "00:00"
    text = f"{local.day} {_MONTHS[local.month - 1]}" if is_date else f"{local:%H:%M}"
    return f'<text x="{left:.1f}" y="{_HEIGHT - 4}">{text}</text>\n'


def _span(minutes: int) -> str:
    for one, name in ((7 * _DAY_MINUTES, "week"), (_DAY_MINUTES, "day"), (60, "hour")):
        if minutes % one == 0:
            return name if minutes == one else counted(minutes // one, name)
    return f"{minutes} minutes"
