"""A sheet to hand over at the end of a shift: one file of HTML that needs no other, and prints well in black and white.

Everything that people wrote goes through `html.escape`; the sheet allows no script and loads nothing. Written with
f-strings: 900,000 messages took 2.8 s of a CPU, and 5.2 with a template engine.
"""

from __future__ import annotations

import re
from html import escape

from lanchat.export import wording
from lanchat.export.entries import Entry, Kind
from lanchat.export.picture import picture
from lanchat.export.sheet import About, Quote
from lanchat.export.summary import FILE_LINK, Summary, file_name
from lanchat.export.times import Minute, minute, period
from lanchat.export.wording import counted

_LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\"().,;:!?'“”]")
_LINES_TOGETHER = 8  # of a message: a longer one may go on on the next page
_STYLE = """\
@page { size: A4; margin: 14mm 14mm 16mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif } }
:root { color-scheme: light }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 1.5rem; max-width: 52rem; background: #fff; color: #000;
  font: 10.5pt/1.4 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif }
h1 { font-size: 20pt; line-height: 1.2; margin: 0 }
h2 { font-size: 13pt; margin: 1.4em 0 .3em; padding-bottom: .1em; border-bottom: 1.5pt solid #000 }
h3 { font-size: 10.5pt; margin: .9em 0 .2em; color: #333 }
h2, h3 { break-after: avoid }
p { margin: .3em 0 }
ul { margin: .3em 0; padding-left: 1.3em }
small, .more { color: #444 }
a { color: inherit; overflow-wrap: anywhere }
svg { display: block; width: 100%; height: auto; margin: .8em 0 .2em }
.m { display: grid; grid-template-columns: 3.2em 9.5em 1fr; gap: 0 .6em; padding: .12em 0; break-inside: avoid }
.m time { font-variant-numeric: tabular-nums; color: #333 }
.m b, .m div { min-width: 0; overflow-wrap: anywhere }
.m div { white-space: pre-wrap }
.m.l { break-inside: auto }
.m.e { color: #333; font-style: italic }
.m.u { border-left: 3pt solid #000; padding-left: .5em; margin-left: calc(-.5em - 3pt) }
.m.u div { font-weight: 600 }
.q { display: block; border-left: 1pt solid #777; padding-left: .5em; color: #333; font-size: 9.5pt; font-weight: 400 }
.r { display: block; font-size: 9.5pt; color: #333; font-weight: 400 }
.urgent { border: 2pt solid #000; padding: .2em .8em .6em; margin: 1em 0; break-inside: auto }
.urgent .m { grid-template-columns: auto 9.5em 1fr; border: 0; padding-left: 0; margin-left: 0 }
.urgent h2 { border: 0; margin: .3em 0 }
@media print { body { padding: 0; max-width: none; font-size: 9.5pt } }
"""


def _bdi(text: str) -> str:
    """A name or the like: whichever way it runs, what is around it stays where it is."""
    return f"<bdi>{escape(text)}</bdi>"


def _linked(text: str) -> str:
    """A text, escaped, with its links to be followed; that of a file bears its name."""
    pieces, end = [], 0
    for found in _LINK.finditer(text):
        link, shown = escape(found[0]), file_name(found[0]) if FILE_LINK.fullmatch(found[0]) else found[0]
        pieces += [escape(text[end : found.start()]), f'<a href="{link}" rel="noreferrer">{escape(shown)}</a>']
        end = found.end()
    return "".join([*pieces, escape(text[end:])])


class HtmlSheet:
    """Head: room, period, picture, urgent ones, people, files. Then days, hours and messages."""

    has_head = True
    shows_all = False

    def head(self, about: About, summary: Summary) -> str:
        """Return all that stands before the messages."""
        time = escape(period(about.since, about.until))
        return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(about.room)}, {time}</title>
<style>
{_STYLE}</style>
</head>
<body>
<h1>{_bdi(about.room)}</h1>
<p>{time}</p>
{_urgent(about, summary)}{_facts(about, summary)}{_files(about, summary)}"""

    def day(self, at: Minute) -> str:
        """Return a heading."""
        return f"<h2>{escape(at.day)} <small>({at.offset})</small></h2>\n"

    def hour(self, at: Minute) -> str:
        """Return a smaller heading."""
        return f"<h3>{at.clock[:2]}:00</h3>\n"

    def entry(self, entry: Entry, quote: Quote | None) -> str:
        """Return one row."""
        return _row(entry, quote, minute(entry.at).clock)

    def foot(self) -> str:
        """Return the end."""
        return "</body>\n</html>\n"


def _row(entry: Entry, quote: Quote | None, clock: str) -> str:
    if entry.is_spoken:
        text, sort = _said(entry, quote), "m u" if entry.is_urgent else "m"
    else:
        text, sort = _linked(wording.event(entry)), "m e"
    if len(entry.lines) > _LINES_TOGETHER:
        sort = f"{sort} l"
    return f'<div class="{sort}"><time>{clock}</time><b>{_bdi(entry.name)}</b><div dir="auto">{text}</div></div>\n'


def _said(entry: Entry, quote: Quote | None) -> str:
    to = f'<span class="q" dir="ltr">{wording.answer(quote, _bdi)}</span>' if quote else ""
    urgent = "URGENT: " if entry.is_urgent else ""
    text = "<br>".join(_linked(line) for line in entry.lines)
    signs = ", ".join(f"{_bdi(sign)} {wording.names(nicks, _bdi)}" for sign, nicks in entry.reactions)
    reactions = f'<span class="r" dir="ltr">{signs}</span>' if signs else ""
    return f"{to}{urgent}{f'<i>{text}</i>' if entry.kind is Kind.ACTION else text}{reactions}"


def _urgent(about: About, summary: Summary) -> str:
    rows = "".join(_row(entry, None, about.clock(entry.at)) for entry in summary.urgent)
    if not rows:
        return ""
    return f'<section class="urgent">\n<h2>Urgent</h2>\n{rows}{_more(summary.urgent_left_out)}</section>\n'


def _facts(about: About, summary: Summary) -> str:
    if not summary.messages:
        return "<p>Nothing was said.</p>\n"
    who = wording.people(summary.people, _bdi)
    return f"<p>{counted(summary.messages, 'message')} from {who}</p>\n{picture(about, summary.bars)}"


def _files(about: About, summary: Summary) -> str:
    items = "".join(
        f'<li><a href="{escape(file.link)}" rel="noreferrer">{_bdi(file.name)}</a> '
        f"<small>{_bdi(file.by)}, {about.clock(file.at)}</small></li>\n"
        for file in summary.files
    )
    return f"<h2>Files</h2>\n<ul>\n{items}</ul>\n{_more(summary.files_left_out)}" if items else ""


def _more(left_out: int) -> str:
    return f'<p class="more">and {left_out:,} more</p>\n' if left_out else ""
