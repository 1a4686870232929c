"""Questions about what was said before, and their answers, gathered until they are whole.

Each question bears a label of its own, so that answers are told apart. An answer is a batch, in it maybe batches of
their own (messages of several lines), or one message that refuses:

    @label=past3 CHATHISTORY …  →  @label=past3 BATCH +a chathistory #Line-3
                                   @batch=a :Ben!… PRIVMSG #Line-3 :hello
                                   @batch=a BATCH +b draft/multiline #Line-3
                                   @batch=b :Ben!… PRIVMSG #Line-3 :one, @batch=b … :two
                                   BATCH -b, BATCH -a: whole

What others say meanwhile stands between these lines, and is none of our business here.
"""

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field, replace

from lanchat.protocol.message import Message

MAX_PAGE_LINES = 12_000  # of one answer: a hundred messages of a hundred lines, and reactions; more is dropped
_LABEL = "past"
_END = "draft/chathistory-end"
_CONTEXT = "draft/chathistory-context"
_GATHERED = frozenset({"chathistory", "draft/chathistory", "labeled-response", "soju.im/search"})


@dataclass(frozen=True, slots=True)
class Page:
    """An answer. `is_end`: nothing is left that way. `failure`: the code of a refusal, or "?" where none came."""

    messages: tuple[Message, ...] = ()
    is_end: bool = False
    failure: str = ""
    words: str = ""  # the host's own, for a refusal

    @property
    def msgids(self) -> list[str]:
        """The ids of what was asked for, in order: not of what is shown beside it."""
        return [one.tags["msgid"] for one in self.messages if one.tags.get("msgid") and not _is_beside(one)]

    @property
    def is_last(self) -> bool:
        """Whether nothing more is to be asked for that way."""
        return self.is_end or bool(self.failure) or not self.msgids

    def units(self) -> Iterator[list[Message]]:
        """Iterate over the messages, each with the lines it consists of."""
        unit: list[Message] = []
        for message in self.messages:
            unit.append(message)
            is_open = unit[0].command == "BATCH" and (message.command != "BATCH" or len(unit) == 1)
            if not is_open:
                yield unit
                unit = []

    def without(self, msgids: Set[str]) -> Iterator[Message]:
        """Iterate over the messages but those of these ids, a message of several lines with its whole batch."""
        skipped: set[str] = set()
        for message in self.messages:
            reference = message.params[0] if message.command == "BATCH" and message.params else ""
            if message.tags.get("msgid") in msgids and reference:
                skipped.add(reference[1:])
            is_inside = message.tags.get("batch", "") in skipped or (bool(reference) and reference[1:] in skipped)
            if not is_inside and message.tags.get("msgid") not in msgids:
                yield message


Then = Callable[[Page], None]


@dataclass(slots=True)
class _Answer:
    then: Then
    outer: str = ""  # the reference of the batch that ends it
    is_end: bool = False
    lines: list[Message] = field(default_factory=list)


@dataclass(slots=True)
class Pages:
    """The questions that are not answered yet. Every message of the host goes through `hear`."""

    _count: int = 0
    _asked: dict[str, tuple[Then, int]] = field(default_factory=dict)  # by label, with the barrier behind it
    _open: dict[str, _Answer] = field(default_factory=dict)  # by the references of all batches of an answer

    def ask(self, question: Message, then: Then, barrier: int = 0) -> Message:
        """Return a question as it is to be sent; `then` gets the answer, unless the connection breaks before.

        `barrier`: the number of the one that is sent behind it; 0 for none.
        """
        self._count += 1
        label = f"{_LABEL}{self._count}"
        self._asked[label] = then, barrier
        return replace(question, tags={**question.tags, "label": label})

    def forget(self) -> None:
        """Forget all questions: the connection is gone."""
        self._asked.clear()
        self._open.clear()

    def give_up(self, passed: int) -> None:
        """Answer what the host has left unanswered, although it has passed the barrier behind it."""
        for label, (then, barrier) in list(self._asked.items()):
            if 0 < barrier <= passed:
                del self._asked[label]
                then(Page(failure="?"))

    def hear(self, message: Message) -> bool:
        """Look at a message of the host; tell whether it was a part of an answer, and nothing else."""
        label = message.tags.get("label", "")
        if label.startswith(_LABEL):
            asked = self._asked.pop(label, None)
            if asked is not None:
                self._begin(message, asked[0])
            return True
        answer = self._open.get(message.tags.get("batch", ""))
        if message.command == "BATCH" and message.params:
            return self._batch(message, answer)
        if answer is not None:
            self._gather(answer, message)
        return answer is not None

    def _begin(self, message: Message, then: Then) -> None:
        answer = _Answer(then)
        if message.command == "BATCH" and message.params[:1] and message.params[0].startswith("+"):
            answer.outer = message.params[0][1:]
            self._enter(answer, message)
        else:
            then(Page(failure=_failure(message), is_end=message.command == "ACK", words=_words(message)))

    def _batch(self, message: Message, outer: _Answer | None) -> bool:
        reference = message.params[0]
        if reference.startswith("+") and outer is not None:
            if message.params[1:2] and message.params[1] in _GATHERED:
                self._enter(outer, message)
            else:
                self._gather(outer, message)
                self._open[f"{reference[1:]}"] = outer
            return True
        answer = self._open.pop(reference[1:], None) if reference.startswith("-") else None
        if answer is None:
            return False
        if reference[1:] == answer.outer:
            self._finish(answer)
        else:
            self._gather(answer, message)
        return True

    def _enter(self, answer: _Answer, message: Message) -> None:
        """Take the lines of a batch for those of the answer."""
        self._open[message.params[0][1:]] = answer
        answer.is_end = answer.is_end or _END in message.tags

    def _gather(self, answer: _Answer, message: Message) -> None:
        if len(answer.lines) < MAX_PAGE_LINES:
            answer.lines.append(message)

    def _finish(self, answer: _Answer) -> None:
        self._open = {reference: other for reference, other in self._open.items() if other is not answer}
        failed = next((line for line in answer.lines if line.command == "FAIL"), Message("ACK"))
        answer.then(Page(tuple(_loosened(answer.lines)), answer.is_end, _failure(failed), _words(failed)))


def _is_beside(line: Message) -> bool:
    """Tell whether a line is shown beside what was asked for, or inside a message of several lines."""
    return _CONTEXT in line.tags or "batch" in line.tags


def _failure(message: Message) -> str:
    is_told = message.command == "FAIL" and len(message.params) > 1
    return "" if message.command == "ACK" else message.params[1] if is_told else "?"


def _words(message: Message) -> str:
    return message.params[-1] if message.params else ""


def _loosened(lines: list[Message]) -> Iterator[Message]:
    """The lines without the batches that only hold the page together; those of one message stay."""
    kept: set[str] = set()
    for line in lines:
        if line.command == "BATCH" and line.params[0].startswith("+"):
            kept.add(line.params[0][1:])
        elif line.command == "BATCH" and line.params[0][1:] not in kept:
            continue
        within = line.tags.get("batch", "")
        yield line if within in kept or not within else replace(line, tags=_without_batch(line))


def _without_batch(line: Message) -> dict[str, str]:
    return {key: value for key, value in line.tags.items() if key != "batch"}
