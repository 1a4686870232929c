import hashlib
from collections import deque

import pytest

from lanchat.chat.state.accounts import MAX_ACCOUNTS, Account, Attempts, source_of
from lanchat.limits import ATTEMPTS_OF_PREFIX, LOGIN_ATTEMPTS, SCRAM_ITERATIONS
from lanchat.protocol.plain_wire import PlainWire
from tests.chat.rig import START, Client, Rig

HELLO = ("USER username 0 * :Real Name",)
REGISTRATION = "draft/account-registration"


def codes(answers: list[tuple[str, ...]]) -> list[str]:
    return [code for code, *_ in answers]


def negotiating(rig: Rig, caps: str = "sasl", address: str = "10.0.0.9", nick: str = "") -> Client:
    client = rig.client(address=address)
    client.ask("CAP LS 302", f"CAP REQ :{caps}", *([f"NICK {nick}"] if nick else []))
    return client


def come_in(client: Client) -> str:
    """Say the rest; return the command of what comes first."""
    return client.numerics(*HELLO, "CAP END")[0][0]


# ---- Trust on first use ----------------------------------------------------------------------------------------------


def test_the_first_login_under_a_name_makes_it_an_account() -> None:
    """Issue "Accounts without ceremony": "the first login under a name with a secret creates the account"."""
    rig = Rig()
    rig.client("Zoé", account="Zoé")
    (account,) = rig.network.accounts.all()
    assert (account.name, account.created_at) == ("Zoé", START)
    assert rig.kept_accounts == 1
    assert b"sesame" not in account.digest + account.salt


def test_the_same_name_then_needs_the_same_secret() -> None:
    """Issue: "the same name then needs the same secret"; a wrong one is 904, as IRCv3 sasl-3.1 has it."""
    rig = Rig()
    rig.client("Zoé", account="Zoé").drop()
    assert negotiating(rig).login("ZOÉ", "wrong")[-1] == ("904", "*", "That is not the secret of this name")
    assert codes(negotiating(rig).login("ZOÉ")) == ["AUTHENTICATE", "900", "903"]


def test_a_name_that_was_forgotten_is_free_once_who_came_under_it_has_left() -> None:
    """Or else its next owner would be one member with the last."""
    rig = Rig()
    zoe = rig.client("Zoé", account="Zoé")
    zoe.send("NICK ann")
    rig.network.accounts.replace([])
    assert negotiating(rig, nick="Zoé").login("Zoé", "another")[-1] == (
        "904",
        "Zoé",
        "Somebody else uses this name now",
    )
    zoe.drop()
    assert codes(negotiating(rig, nick="Zoé").login("Zoé", "another")) == ["AUTHENTICATE", "900", "903"]


def test_an_account_is_called_as_it_was_first_written() -> None:
    rig = Rig()
    rig.client("Zoé", account="Zoé").drop()
    assert negotiating(rig).login("ZOÉ")[1][3] == "Zoé"


def test_a_secret_that_proved_right_is_not_hashed_again() -> None:
    rig = Rig()
    rig.client("zoe", account="zoe").drop()
    rig.hashes = deque()
    assert codes(negotiating(rig).login("zoe")) == ["AUTHENTICATE", "900", "903"]
    assert codes(negotiating(rig).login("zoe", "wrong")) == ["AUTHENTICATE"]
    rig.hash_next()


def test_accounts_that_were_kept_are_known() -> None:
    rig = Rig()
    rig.client("zoe", account="zoe")
    later = Rig()
    later.network.accounts.replace(rig.network.accounts.all())
    assert codes(negotiating(later).login("zoe", "wrong"))[-1] == "904"
    assert codes(negotiating(later).login("zoe"))[-1] == "903"


def test_a_forgotten_account_is_anybodys_again() -> None:
    """Issue: "the host can `lanchat accounts list|forget NAME`"."""
    rig = Rig()
    rig.client("zoe", account="zoe").drop()
    rig.network.accounts.replace([])
    assert codes(negotiating(rig, nick="zoe").login("zoe", "another"))[-1] == "903"


def test_a_name_that_somebody_uses_now_cannot_be_claimed_by_another() -> None:
    rig = Rig()
    rig.client("zoe")
    assert negotiating(rig).login("zoe")[-1] == ("904", "*", "Somebody else uses this name now")
    assert rig.network.accounts.all() == []


def test_who_uses_a_name_can_claim_it() -> None:
    rig = Rig()
    zoe = rig.client("zoe", caps="sasl")
    assert codes(zoe.login("zoe")) == ["AUTHENTICATE", "900", "903"]


def test_a_name_that_is_taken_while_the_secret_is_hashed_is_not_claimed() -> None:
    rig = Rig()
    rig.hashes = deque()
    client = negotiating(rig, nick="zoe")
    client.login("zoe")
    rig.client("zoe")
    rig.hash_next()
    assert [message.command for message in client.read()] == ["904"]
    assert rig.network.accounts.all() == []


def test_two_first_logins_at_once_with_one_secret_are_both_right() -> None:
    rig = Rig()
    rig.hashes = deque()
    laptop, phone = negotiating(rig, nick="zoe"), negotiating(rig, nick="zoe")
    for client in (laptop, phone):
        client.login("zoe")
    while rig.hashes:
        rig.hash_next()
    assert [message.command for message in laptop.read()] == ["900", "903"]
    assert [message.command for message in phone.read()] == ["900", "903"]
    assert [come_in(laptop), come_in(phone)] == ["001", "001"]
    assert len(rig.network.users["zoe"].sessions) == 2
    assert len(rig.network.accounts.all()) == 1


def test_of_two_first_logins_at_once_with_two_secrets_the_first_counts() -> None:
    rig = Rig()
    rig.hashes = deque()
    one, other = negotiating(rig, nick="zoe"), negotiating(rig, nick="zoe")
    one.login("zoe", "one")
    other.login("zoe", "other")
    while rig.hashes:
        rig.hash_next()
    assert come_in(one) == "001"
    lost, refused = other.numerics(*HELLO, "CAP END")
    assert lost[:3] == ("901", "zoe", "zoe!*@10.0.0.9")
    assert refused[:3] == ("433", "*", "zoe")


def test_without_the_rooms_password_no_name_can_be_claimed() -> None:
    """IRCv3 account-registration, "Server considerations": not "to bypass […] a server password with PASS"."""
    rig = Rig(password="open")
    refused = "The room's password is missing or wrong (PASS)"
    assert negotiating(rig, nick="zoe").login("zoe")[-1] == ("906", "zoe", refused)
    client = negotiating(rig, REGISTRATION)
    assert client.numerics("NICK zoe", "REGISTER * * sesame")[0][:3] == ("FAIL", "REGISTER", "TEMPORARILY_UNAVAILABLE")
    client = rig.client()
    client.ask("PASS open", "CAP LS 302", "NICK zoe")
    assert codes(client.login("zoe"))[-1] == "903"


def test_there_is_an_end_to_the_number_of_accounts() -> None:
    rig = Rig()
    rig.network.accounts.replace(Account(f"a{number}", b"", b"", START) for number in range(MAX_ACCOUNTS))
    client = negotiating(rig, nick="zoe")
    assert client.login("zoe")[-1] == ("906", "zoe", "No more accounts are taken here")
    assert come_in(client) == "001"


# ---- Names that belong to somebody -----------------------------------------------------------------------------------


def test_without_the_secret_a_name_that_has_an_owner_is_refused() -> None:
    rig = Rig()
    rig.client("zoe", account="zoe").drop()
    client = rig.client()
    code, *_, words = client.numerics("NICK Zoe", *HELLO)[0]
    assert code == "433"
    assert "belongs to somebody" in words
    assert client.numerics("NICK zoe2")[0][0] == "001"


def test_nor_can_one_change_to_it() -> None:
    rig = Rig()
    rig.client("zoe", account="zoe").drop()
    guest = rig.client("guest")
    assert guest.numerics("NICK zoe")[0][:3] == ("433", "guest", "zoe")


def test_the_name_may_be_said_before_the_login_that_makes_it_ones_own() -> None:
    rig = Rig()
    rig.client("zoe", account="zoe")
    client = negotiating(rig)
    assert client.numerics("NICK zoe", *HELLO) == []
    client.login("zoe")
    assert client.numerics("CAP END")[0][:2] == ("001", "zoe")


def test_the_owner_of_one_name_may_use_another_that_is_free() -> None:
    rig = Rig()
    client = rig.client("guest", account="zoe")
    assert ("330", "guest", "guest", "zoe", "is logged in as") in client.numerics("WHOIS guest")
    assert client.numerics("NICK zoe") == [("NICK", "zoe")]


def test_but_not_one_that_belongs_to_another() -> None:
    rig = Rig()
    rig.client("bob", account="bob", secret="other").drop()
    client = negotiating(rig)
    client.login("zoe")
    assert client.numerics("NICK bob", *HELLO, "CAP END")[0][0] == "433"
    assert client.numerics("NICK zoe")[0][0] == "001"


# ---- One member, several sessions ------------------------------------------------------------------------------------


def test_two_sessions_of_one_account_are_one_member() -> None:
    """Issue: "One account on two devices at once is one member with two sessions: both see everything"."""
    rig = Rig()
    bob, laptop = rig.client("bob"), rig.client("zoe", account="zoe")
    for client in (bob, laptop):
        client.ask("JOIN #a")
    bob.lines()
    phone = rig.client("zoe", account="zoe", address="10.0.0.7")
    assert bob.lines() == []
    assert ("353", "bob", "=", "#a", "@bob zoe") in bob.numerics("NAMES #a")
    bob.send("PRIVMSG #a :hi all", "PRIVMSG zoe :hi")
    for client in (laptop, phone):
        heard = [message.params for message in client.read() if message.command == "PRIVMSG"]
        assert heard == [("#a", "hi all"), ("zoe", "hi")]


def test_a_further_session_is_shown_the_channels_its_person_is_in() -> None:
    rig = Rig()
    laptop = rig.client("zoe", account="zoe")
    laptop.ask("JOIN #a", "TOPIC #a :tea", "MODE zoe +B")
    phone = rig.client()
    answers = phone.numerics("CAP LS 302", "CAP REQ :sasl extended-join", *HELLO, "NICK zoe") and phone.login("zoe")
    answers = phone.numerics("CAP END")
    found = [answer for answer in answers if answer[0] in {"221", "JOIN", "332", "353", "366"}]
    assert found == [
        ("221", "zoe", "+B"),
        ("JOIN", "#a", "zoe", "Real Name"),
        ("332", "zoe", "#a", "tea"),
        ("353", "zoe", "=", "#a", "@zoe"),
        ("366", "zoe", "#a", "End of names"),
    ]
    order = [answer[0] for answer in answers if answer[0] in {"266", "221", "422", "JOIN"}]
    assert order == ["266", "221", "422", "JOIN"]


def test_what_one_session_does_the_other_sees() -> None:
    rig = Rig()
    laptop, phone = rig.client("zoe", account="zoe"), rig.client("zoe", account="zoe")
    laptop.send("JOIN #a", "NICK zoé", "PRIVMSG #a :hi", "PART #a")
    commands = [message.command for message in phone.read()]
    assert commands == ["JOIN", "353", "366", "NICK", "PRIVMSG", "PART"]


def test_what_one_session_says_to_somebody_the_other_sees_where_it_asked_for_echoes() -> None:
    rig = Rig()
    rig.client("bob")
    laptop = rig.client("zoe", account="zoe")
    phone = rig.client("zoe", account="zoe", caps="sasl echo-message")
    laptop.send("PRIVMSG bob :hi")
    assert phone.lines() == [":zoe!~username@10.0.0.9 PRIVMSG bob :hi"]
    assert laptop.lines() == []


def test_the_member_leaves_with_the_last_session() -> None:
    """Issue: "the member leaves with the last"."""
    rig = Rig()
    bob, laptop = rig.client("bob"), rig.client("zoe", account="zoe")
    for client in (bob, laptop):
        client.ask("JOIN #a")
    phone = rig.client("zoe", account="zoe")
    bob.lines()
    laptop.send("QUIT :bye")
    assert bob.lines() == []
    phone.send("QUIT :bye")
    assert bob.lines() == [":zoe!~username@10.0.0.9 QUIT :Quit: bye"]


def test_who_comes_under_another_name_is_welcomed_under_the_one_their_account_has_by_now() -> None:
    """Issue: "One account on two devices at once is one member with two sessions"."""
    rig = Rig()
    laptop = rig.client("zoe", account="zoe")
    laptop.ask("JOIN #a", "NICK zoé")
    phone = rig.client()
    phone.send("CAP REQ :sasl", "NICK zoe_phone", *HELLO)
    phone.login("zoe")
    welcome, *_, joined, _names, _end = [answer for answer in phone.numerics("CAP END") if answer[0] != "422"]
    assert welcome[:2] == ("001", "zoé")
    assert joined == ("JOIN", "#a")
    assert [user.nick for user in rig.network.users.values()] == ["zoé"]


def test_a_name_that_somebody_else_has_is_refused_to_a_further_session_too() -> None:
    rig = Rig()
    rig.client("zoe", account="zoe")
    rig.client("bob")
    phone = rig.client()
    phone.send("CAP REQ :sasl", "NICK bob", *HELLO)
    phone.login("zoe")
    assert phone.numerics("CAP END")[0][:3] == ("433", "*", "bob")


def test_a_session_of_somebody_present_fits_a_full_room() -> None:
    rig = Rig(max_clients=1)
    rig.client("zoe", account="zoe")
    phone = rig.client("zoe", account="zoe")
    assert not phone.is_closed


def test_after_a_drop_the_secret_takes_the_name_back_from_the_ghost_at_once() -> None:
    """Issue: "after a Wi-Fi drop the same secret takes the name back from the ghost at once"."""
    rig = Rig()
    bob, ghost = rig.client("bob"), rig.client("zoe", account="zoe")
    for client in (bob, ghost):
        client.ask("JOIN #a")
    bob.lines()
    back = rig.client("zoe", account="zoe")
    for _ in range(15):
        rig.tick(5)
        bob.send("PONG x")
        back.send("PONG x")
    assert ghost.is_closed
    assert not back.is_closed
    assert [line for line in bob.lines() if "QUIT" in line] == []
    assert rig.network.users["zoe"].sessions == [back.session]


def test_a_name_without_account_is_not_given_to_a_second_session() -> None:
    rig = Rig()
    rig.client("zoe")
    assert rig.client().numerics("NICK zoe", *HELLO)[0][0] == "433"


# ---- Attempts --------------------------------------------------------------------------------------------------------


def test_who_guesses_secrets_has_to_wait() -> None:
    """Issue: "attempts are rate-limited"."""
    rig = Rig(is_flood_limited=True)
    rig.client("zoe", account="zoe", address="10.0.0.1").drop()
    for _ in range(5):
        assert negotiating(rig).login("zoe", "wrong")[-1][0] == "904"
    refused = ("906", "*", "Too many wrong secrets; try again in a few minutes")
    assert negotiating(rig).numerics("AUTHENTICATE PLAIN") == [refused]
    assert codes(negotiating(rig, address="10.0.0.8").login("zoe"))[-1] == "903"
    rig.now += 301
    assert codes(negotiating(rig).login("zoe"))[-1] == "903"


def test_many_connections_do_not_make_more_guesses() -> None:
    rig = Rig(is_flood_limited=True)
    rig.client("zoe", account="zoe", address="10.0.0.1").drop()
    clients = [negotiating(rig) for _ in range(7)]
    for client in clients:
        client.ask("AUTHENTICATE PLAIN")
    words = [client.numerics("AUTHENTICATE AHpvZQB3cm9uZw==")[-1][-1] for client in clients]
    assert (
        words
        == ["That is not the secret of this name"] * 5 + ["Too many wrong secrets; try again in a few minutes"] * 2
    )


def test_right_secrets_are_no_guesses() -> None:
    rig = Rig(is_flood_limited=True)
    for _ in range(9):
        rig.client("zoe", account="zoe").drop()


def test_only_so_many_addresses_are_remembered() -> None:
    attempts = Attempts(is_limited=True)
    for number in range(6_000):
        for at in range(5):
            attempts.failed(str(number), START + at)
    assert attempts.is_blocked("5999", START + 10)
    assert not attempts.is_blocked("0", START + 10)


@pytest.mark.parametrize("network", ["fe80::", "fd00:7::"])
def test_who_guesses_on_a_network_of_ipv6_only_keeps_nobody_else_from_logging_in(network: str) -> None:
    attempts = Attempts(is_limited=True)
    for at in range(9):
        attempts.failed(f"{network}1", START + at)

    assert attempts.is_blocked(f"{network}1", START + 10)
    assert not attempts.is_blocked(f"{network}2", START + 10)


def test_who_takes_one_address_after_another_does_not_guess_for_ever() -> None:
    attempts = Attempts(is_limited=True)
    tried = 0
    while not attempts.is_blocked(address := f"fe80::{tried + 1:x}", START) and tried < 1_000:
        attempts.failed(address, START)
        tried += 1

    assert tried == LOGIN_ATTEMPTS * ATTEMPTS_OF_PREFIX
    assert not attempts.is_blocked("10.0.0.1", START)


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("10.0.0.5", "10.0.0.5"),
        ("fe80::5", "fe80::5"),
        ("fd00::5", "fd00::5"),
        ("2001:db8::5", "2001:db8::/64"),  # a whole /64 is what one machine elsewhere has
        ("::ffff:10.0.0.5", "10.0.0.5"),
        ("nobody", "nobody"),
    ],
)
def test_machines_of_one_network_are_counted_one_by_one(address: str, source: str) -> None:
    assert source_of(address) == source


# ---- Nothing is made, and nothing guessed, before somebody is let in -------------------------------------------------


def test_an_account_is_made_when_its_person_is_let_in_and_not_before() -> None:
    rig = Rig()
    client = negotiating(rig, nick="zoe")
    assert codes(client.login("zoe"))[-1] == "903"
    assert rig.network.accounts.all() == []
    assert come_in(client) == "001"
    assert [account.name for account in rig.network.accounts.all()] == ["zoe"]


@pytest.mark.parametrize("way", ["AUTHENTICATE", "REGISTER", "come in", "plain"])
def test_the_rooms_password_is_counted_whichever_way_it_is_guessed(way: str) -> None:
    rig = Rig(password="open", is_flood_limited=True)
    for number in range(5):
        client = negotiating(rig, nick=f"n{number}")
        client.ask(f"PASS guess{number}")
        if way == "AUTHENTICATE":
            assert codes(client.login(f"n{number}"))[-1] == "906"
        elif way == "REGISTER":
            assert codes(client.numerics("REGISTER * * x")) == ["FAIL"]
        elif way == "plain":
            plain = rig.client(wire=PlainWire("Line 3", "#Line-3", is_password_needed=True))
            plain.send("", "Bob", f"guess{number}")
        else:
            assert come_in(client) == "464"
        rig.tick(1.0)
    client = negotiating(rig, nick="zoe")
    client.ask("PASS open")
    assert client.login("zoe")[-1] == ("906", "zoe", "Too many wrong passwords; try again in a few minutes (PASS)")
    assert come_in(client) == "464"
    assert rig.network.accounts.all() == []


def test_one_guess_of_the_password_is_counted_once() -> None:
    rig = Rig(password="open", is_flood_limited=True)
    for _ in range(4):
        client = negotiating(rig, nick="zoe")
        client.ask("PASS wrong")
        client.login("zoe")
        client.numerics("REGISTER * * x")
        assert come_in(client) == "464"
    client = negotiating(rig, nick="zoe")
    client.ask("PASS open")
    assert come_in(client) == "001"


def test_who_has_an_account_proves_it_before_the_password_is_asked_for() -> None:
    rig = Rig(password="open")
    rig.own("zoe")
    client = negotiating(rig, nick="zoe")
    assert codes(client.login("zoe"))[-1] == "903"
    client.ask("PASS open")
    assert come_in(client) == "001"


def test_an_account_is_only_for_the_name_in_use() -> None:
    rig = Rig()
    other = "An account has to have the name that you use"
    assert negotiating(rig, nick="zoe").login("ann")[-1] == ("904", "zoe", other)
    assert negotiating(rig).login("ann")[-1] == ("904", "*", "First say by which name (NICK)")
    assert rig.client("zoe", caps="sasl").login("ann")[-1] == ("904", "zoe", other)
    assert rig.network.accounts.all() == []


def test_who_changes_their_name_before_coming_in_has_no_account_of_the_first() -> None:
    rig = Rig()
    client = negotiating(rig, nick="zoe")
    client.login("zoe")
    lost, welcome, *_ = client.numerics("NICK ann", *HELLO, "CAP END")
    assert (lost[0], welcome[:2]) == ("901", ("001", "ann"))
    assert rig.network.accounts.all() == []


def test_a_claim_does_not_make_one_who_is_in_under_that_forgotten_name() -> None:
    rig = Rig()
    late = negotiating(rig, nick="zoe")
    late.login("zoe", "mine")
    rig.client("zoe", account="zoe").send("NICK ann")
    rig.network.accounts.replace([])
    assert late.numerics(*HELLO, "CAP END")[0][0] == "901"
    assert len(rig.network.users["ann"].sessions) == 1


@pytest.mark.parametrize("prefix", ["10.0.0.9", "2001:db8::"])
def test_an_address_makes_twenty_accounts_in_an_hour_and_comes_in_without_more(prefix: str) -> None:
    rig = Rig(is_flood_limited=True)
    for number in range(21):
        address = prefix + (f"{number + 1:x}" if ":" in prefix else "")
        client = negotiating(rig, nick=f"n{number}", address=address)
        code = codes(client.login(f"n{number}"))[-1]
        assert code == ("903" if number < 20 else "906")
        assert come_in(client) == "001"
    assert len(rig.network.accounts.all()) == 20
    client = negotiating(rig, nick="zoe", address="2001:db8:0:1::1")
    assert codes(client.login("zoe"))[-1] == "903"
    rig.now += 3_601
    assert codes(negotiating(rig, nick="n99", address=address).login("n99"))[-1] == "903"


def test_claims_that_wait_are_counted_when_they_are_made() -> None:
    rig = Rig(is_flood_limited=True)
    clients = [negotiating(rig, nick=f"n{number}") for number in range(30)]
    for number, client in enumerate(clients):
        assert codes(client.login(f"n{number}"))[-1] == "903"
    assert [come_in(client) for client in clients] == ["001"] * 20 + ["901"] * 10
    assert len(rig.network.accounts.all()) == 20


def test_guesses_that_waited_for_their_hash_are_not_told_apart_once_there_were_too_many() -> None:
    rig = Rig(is_flood_limited=True)
    rig.own("zoe")
    rig.hashes = deque()
    clients = [negotiating(rig) for _ in range(7)]
    for client in clients[:-1]:
        client.login("zoe", "wrong")
    clients[-1].login("zoe")
    while rig.hashes:
        rig.hash_next()
    answers = [client.read()[0].command for client in clients]
    assert answers == ["904"] * 5 + ["906"] * 2


# ---- Old accounts ----------------------------------------------------------------------------------------------------


def old(rig: Rig, name: str) -> Account:
    """An account from before SCRAM."""
    account = Account(name, b"old", hashlib.sha256(b"0old" + b"sesame").digest(), START - 9)
    rig.network.accounts.add(account)
    return account


def test_an_old_account_becomes_one_for_scram_at_its_next_login() -> None:
    rig = Rig()
    account = old(rig, "zoe")
    assert codes(negotiating(rig).login("zoe", "wrong"))[-1] == "904"
    assert rig.network.accounts.all() == [account]
    assert codes(negotiating(rig).login("zoe")) == ["AUTHENTICATE", "900", "903"]
    (upgraded,) = rig.network.accounts.all()
    assert (upgraded.name, upgraded.created_at, upgraded.iterations) == ("zoe", START - 9, SCRAM_ITERATIONS)
    assert upgraded.digest != account.digest
    rig.network.accounts.replace([upgraded])
    assert codes(negotiating(rig).login("zoe"))[-1] == "903"
    assert codes(negotiating(rig).login("zoe", "wrong"))[-1] == "904"


def test_two_logins_at_once_to_an_old_account_are_both_right() -> None:
    rig = Rig()
    old(rig, "zoe")
    rig.hashes = deque()
    laptop, phone = negotiating(rig), negotiating(rig)
    laptop.login("zoe")
    phone.login("zoe")
    while rig.hashes:
        rig.hash_next()
    assert [message.command for message in laptop.read()] == ["900", "903"]
    assert [message.command for message in phone.read()] == ["900", "903"]


def test_when_an_account_was_last_used_is_written_down_once_a_day() -> None:
    rig = Rig()
    rig.client("zoe", account="zoe").drop()
    assert rig.kept_accounts == 1
    rig.client("zoe", account="zoe").drop()
    assert rig.kept_accounts == 1
    rig.now += 86_401
    rig.client("zoe", account="zoe").drop()
    assert rig.kept_accounts == 2
    assert rig.network.accounts.all()[0].last_used == rig.now
