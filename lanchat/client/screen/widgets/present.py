"""From an entry of the log to the block that shows it."""

from collections.abc import Callable

from rich.style import Style

from lanchat.client.screen.widgets.block import BOLD, DIM, PLAIN, Block, Mark
from lanchat.client.screen.widgets.folding import FOLDED, MAX_FOLDED, fold_entries
from lanchat.client.screen.widgets.visible import name_of, visible
from lanchat.client.screen.widgets.wrap import cut
from lanchat.client.state.clock import moment
from lanchat.client.state.entries import Delivery, Entry, EntryKind
from lanchat.client.state.log import EntryLog
from lanchat.client.state.mentions import calls
from lanchat.client.words.links import links
from lanchat.client.words.notices import sentence

_ITALIC = Style(italic=True)
_ERROR = Style(color="red", bold=True)
_CALLED = Style(bold=True, reverse=True)  # this person's name in a text: to be seen without colours, too
_REACTIONS = Style(color="cyan")
_DELETED = "message deleted"
_QUOTE_CELLS = 60
_NOTED = {EntryKind.INFO: PLAIN, EntryKind.REPLY: PLAIN, EntryKind.ERROR: _ERROR}
_FATES = {Delivery.FAILED: _ERROR, Delivery.DOUBTFUL: _ERROR}
_SIGNS = {EntryKind.ERROR: "!", EntryKind.GAP: "⋮", EntryKind.KICK: "←"}


def _bold(_nick: str) -> Style:
    return BOLD


class Presenter:
    """Makes blocks of entries. `own_nick` says what this person is called at the moment, `style` how names look."""

    def __init__(self, own_nick: Callable[[], str], style: Callable[[str], Style] = _bold) -> None:
        self._own_nick = own_nick
        self._style = style

    def block(self, log: EntryLog, entry: Entry) -> Block:
        """Return the block that shows an entry of the log."""
        block = Block(entry.serial, entry.serial, "", "", "")
        self._fill(block, log, entry)
        return block

    def folds(self, log: EntryLog, block: Block, entry: Entry) -> bool:
        """Tell whether an entry is to be folded into the block before it."""
        if entry.kind not in FOLDED or block.last != entry.serial - 1 or entry.serial - block.serial >= MAX_FOLDED:
            return False
        before = log.by_serial(block.last)
        return before is not None and before.kind in FOLDED and moment(before.at_s).day == moment(entry.at_s).day

    def refresh(self, block: Block, log: EntryLog, last: int) -> None:
        """Fill a block again from its entries as they are now, up to `last` (included)."""
        block.last = last
        entry = log.by_serial(block.serial)
        if entry is not None:
            self._fill(block, log, entry)

    def _fill(self, block: Block, log: EntryLog, entry: Entry) -> None:
        block.time, day = moment(entry.at_s)
        before = log.before(entry.serial)
        is_first_of_day = before is None or moment(before.at_s).day != day
        new = log.rule_text if entry.serial == log.rule_at else ""
        block.rule = " · ".join(filter(None, (day if is_first_of_day else "", new)))
        block.is_gap = entry.kind is EntryKind.GAP
        if entry.kind in FOLDED:
            folded = (log.by_serial(serial) for serial in range(block.serial, block.last + 1))
            block.label, block.text = fold_entries(one for one in folded if one is not None)
            block.text_style, block.separator = DIM, " "
        elif entry.is_spoken:
            self._fill_spoken(block, log, entry)
        else:
            block.label, block.separator = _SIGNS.get(entry.kind, "·"), " "
            block.text, block.text_style = visible(sentence(entry)), _NOTED.get(entry.kind, DIM)
            block.is_wide = "\n" in block.text

    def _fill_spoken(self, block: Block, log: EntryLog, entry: Entry) -> None:
        block.label, block.label_style = name_of(entry.nick), self._style(entry.nick)
        block.quote, block.is_own = _quote(log, entry), entry.is_own
        if entry.is_deleted:
            block.text, block.text_style, block.marks = _DELETED, DIM + _ITALIC, ()
            return
        text, marks = visible(entry.text), []
        if entry.kind is EntryKind.ACTION:
            block.label, block.label_style, block.separator = "*", DIM, " "
            name = name_of(entry.nick)
            text, marks = f"{name} {text}", [Mark(0, len(name), self._style(entry.nick))]
        marks += _links(text)
        if entry.is_mention:
            marks += self._calls(text)
        marks.sort(key=lambda mark: mark[:2])
        if entry.to:
            aside = f" (only to {name_of(entry.to)})" if entry.is_own else " (only to you)"
            marks.append(Mark(len(text), len(text) + len(aside), DIM + _ITALIC))
            text += aside
        block.text_style = BOLD if entry.is_mention else _ITALIC if entry.kind is EntryKind.NOTICE else PLAIN
        if entry.reactions:
            shown_reactions = _reactions(entry)
            marks.append(Mark(len(text), len(text) + len(shown_reactions), _REACTIONS))
            text += shown_reactions
        if entry.delivery is not Delivery.DONE:
            fate = f" ({entry.delivery.value})"
            marks.append(Mark(len(text), len(text) + len(fate), _FATES.get(entry.delivery, _ITALIC)))
            text += fate
            block.text_style, block.label_style = DIM, block.label_style + DIM
        block.text, block.marks = text, tuple(marks)

    def _calls(self, text: str) -> list[Mark]:
        """Return the places in a text where this person is called by name."""
        return [Mark(*span, _CALLED) for span in calls(self._own_nick(), text)]


def _links(text: str) -> list[Mark]:
    return [Mark(link.start, link.end, Style(underline=True, link=link.target)) for link in links(text)]


def _quote(log: EntryLog, entry: Entry) -> str:
    if not entry.reply_to:
        return ""
    answered = log.by_msgid(entry.reply_to)
    if answered is None:
        return "an earlier message"
    text = _DELETED if answered.is_deleted else visible(answered.text).partition("\n")[0]
    return cut(f"{name_of(answered.nick)}: {text}", _QUOTE_CELLS)


def _reactions(entry: Entry) -> str:
    return "".join(f"  {visible(reaction.text)} {len(reaction.nicks)}" for reaction in entry.reactions)
