"""Answers about what was said before, told from all else that a host says."""

from hypothesis import given
from hypothesis import strategies as st

from lanchat.client.rooms.pages import MAX_PAGE_LINES, Page, Pages
from lanchat.protocol.message import Message
from tests.client.lines import MESSAGES, message


class Asking:
    """Questions, and the pages that answered them."""

    def __init__(self) -> None:
        self.pages = Pages()
        self.answers: list[Page] = []

    def ask(self, barrier: int = 0) -> str:
        question = self.pages.ask(Message("CHATHISTORY", ("LATEST", "#a", "*", "100")), self.answers.append, barrier)
        return question.tags["label"]

    def hears(self, *lines: str) -> list[bool]:
        return [self.pages.hear(message(line)) for line in lines]

    @property
    def texts(self) -> list[list[str]]:
        return [[one.params[-1] for one in page.messages if one.command == "PRIVMSG"] for page in self.answers]


def test_an_answer_is_whole_with_its_end_and_what_others_say_is_none_of_it() -> None:
    asking = Asking()
    label = asking.ask()
    taken = asking.hears(
        f"@label={label};draft/chathistory-end BATCH +a chathistory #a",
        "@batch=a;msgid=m1 :Ben!b@h PRIVMSG #a :one",
        ":Zoe!z@h PRIVMSG #a :live",
        "@batch=a;msgid=m2 BATCH +b draft/multiline #a",
        "@batch=b :Ben!b@h PRIVMSG #a :two",
        "@batch=b :Ben!b@h PRIVMSG #a :lines",
        "BATCH -b",
        "@batch=other :Zoe!z@h PRIVMSG #a :of another batch",
        "BATCH -a",
        "@batch=a :Zoe!z@h PRIVMSG #a :after it",
    )
    assert taken == [True, True, False, True, True, True, True, False, True, False]
    [page] = asking.answers
    assert (page.is_end, page.failure, page.msgids) == (True, "", ["m1", "m2"])
    assert asking.texts == [["one", "two", "lines"]]
    assert [[one.command for one in unit] for unit in page.units()] == [
        ["PRIVMSG"],
        ["BATCH", "PRIVMSG", "PRIVMSG", "BATCH"],
    ]
    assert [one.params[-1] for one in page.without({"m2"})] == ["one"]
    assert [one.params[-1] for one in page.without({"m1"})] == ["#a", "two", "lines", "-b"]


def test_an_answer_may_stand_in_a_labelled_batch_of_its_own() -> None:
    asking = Asking()
    label = asking.ask()
    asking.hears(
        f"@label={label} BATCH +x labeled-response",
        "@batch=x;draft/chathistory-end BATCH +a chathistory #a",
        "@batch=a :Ben!b@h PRIVMSG #a :one",
        "BATCH -a",
        "@batch=x NOTE SEARCH INCOMPLETE :not all",
        "BATCH -x",
    )
    [page] = asking.answers
    assert (asking.texts, page.is_end, page.messages[-1].command) == ([["one"]], True, "NOTE")


def test_reactions_beside_a_message_are_not_what_was_asked_for() -> None:
    asking = Asking()
    label = asking.ask()
    asking.hears(
        f"@label={label} BATCH +a chathistory #a",
        "@batch=a;msgid=m1 :Ben!b@h PRIVMSG #a :one",
        "@batch=a;msgid=m9;draft/chathistory-context;+draft/react=x :Ben!b@h TAGMSG #a",
        "BATCH -a",
    )
    assert asking.answers[0].msgids == ["m1"]
    assert not asking.answers[0].is_end


def test_a_refusal_and_an_empty_acknowledgement_are_answers() -> None:
    asking = Asking()
    first, second, third = asking.ask(), asking.ask(), asking.ask()
    asking.hears(
        f"@label={first} FAIL CHATHISTORY UNKNOWN_MSGID AFTER #a msgid=x :No such message",
        f"@label={second} ACK",
        f"@label={third} 421 Ana SEARCH :Unknown command",
    )
    told = [(page.failure, page.words, page.is_end) for page in asking.answers]
    assert told == [("UNKNOWN_MSGID", "No such message", False), ("", "", True), ("?", "Unknown command", False)]


def test_what_a_host_leaves_unanswered_is_given_up_once_it_has_passed_the_barrier_behind() -> None:
    asking = Asking()
    asking.ask(barrier=3)
    label = asking.ask(barrier=4)
    asking.ask()  # without a barrier
    asking.pages.give_up(2)
    assert asking.answers == []
    asking.pages.give_up(3)
    assert [page.failure for page in asking.answers] == ["?"]
    asking.hears(f"@label={label} BATCH +a chathistory #a", "BATCH -a")
    asking.pages.give_up(9)
    assert len(asking.answers) == 2


def test_nothing_comes_of_questions_over_a_lost_connection() -> None:
    asking = Asking()
    label = asking.ask()
    asking.hears(f"@label={label} BATCH +a chathistory #a")
    asking.pages.forget()
    assert asking.hears("BATCH -a", f"@label={label} ACK") == [False, True]
    assert asking.answers == []


def test_a_page_without_end_is_bounded() -> None:
    asking = Asking()
    label = asking.ask()
    asking.hears(f"@label={label} BATCH +a chathistory #a")
    line = message("@batch=a :Ben!b@h PRIVMSG #a :x")
    for _ in range(MAX_PAGE_LINES + 50):
        asking.pages.hear(line)
    asking.hears("BATCH -a")
    assert len(asking.answers[0].messages) == MAX_PAGE_LINES


@given(st.lists(MESSAGES, max_size=30))
def test_no_messages_of_a_host_make_it_raise(messages: list[Message]) -> None:
    asking = Asking()
    label = asking.ask(1)
    asking.pages.hear(message(f"@label={label} BATCH +b chathistory #a"))
    for one in messages:
        asking.pages.hear(one)
    asking.pages.hear(message("BATCH -b"))
    for page in asking.answers:
        assert list(page.units()) or not page.messages or page.messages[0].command == "BATCH"
        list(page.without({"m1"}))
