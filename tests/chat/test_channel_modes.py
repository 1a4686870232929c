"""MODE of channels. The sentences are from modern.ircdocs.horse, "MODE message" and "Channel Modes", unless said."""

import pytest

from lanchat.chat.rules.isupport import TOKENS
from lanchat.limits import MAX_KEY_BYTES, MAX_LINE_BYTES, MAX_LIST_ENTRIES, MAX_MODES
from tests.chat.rig import SERVER, START, Client, Rig

SOURCE = "chanop!~username@10.0.0.9"


def opened(rig: Rig, *members: str) -> list[Client]:
    """An operator in #chan, and these members."""
    chanop = rig.client("chanop")
    chanop.send("JOIN #chan")
    others = [rig.client(nick) for nick in members]
    for other in others:
        other.send("JOIN #chan")
    for client in (chanop, *others):
        client.read()
    return [chanop, *others]


# ---- Looking -------------------------------------------------------------------------------------------------------


def test_the_modes_of_a_channel_are_told_with_when_it_was_opened() -> None:
    """“If <modestring> is not given, the RPL_CHANNELMODEIS numeric is returned. […] Servers MAY also return the
    RPL_CREATIONTIME numeric following RPL_CHANNELMODEIS.”
    """
    (chanop,) = opened(Rig())
    assert chanop.numerics("MODE #CHAN") == [
        ("324", "chanop", "#chan", "+nt"),
        ("329", "chanop", "#chan", str(int(START))),
    ]


def test_modes_with_a_parameter_are_told_with_it() -> None:
    """“<modestring> and <mode arguments> are a mode string and the mode arguments” — RPL_CHANNELMODEIS."""
    (chanop,) = opened(Rig())
    chanop.send("MODE #chan +imkl beer 5")
    assert chanop.numerics("MODE #chan")[0] == ("324", "chanop", "#chan", "+imntkl", "beer", "5")


def test_who_is_outside_does_not_see_the_key() -> None:
    """“Servers MAY choose to hide sensitive information such as channel keys when sending the current modes.”"""
    rig = Rig()
    (chanop,) = opened(rig)
    chanop.send("MODE #chan +k beer")
    assert rig.client("zoe").numerics("MODE #chan")[0] == ("324", "zoe", "#chan", "+ntk", "*")


def test_all_modes_can_be_taken_at_once_and_told_in_one_message() -> None:
    """“When the server is done processing the modes, a MODE command is sent to all members of the channel”."""
    (chanop,) = opened(Rig())
    chanop.send("MODE #chan +int")
    assert chanop.numerics("MODE #chan -int") == [("MODE", "#chan", "-int")]
    assert chanop.numerics("MODE #chan")[0] == ("324", "chanop", "#chan", "+")


def test_a_channel_that_is_not_there_has_no_modes() -> None:
    """“If <target> is a channel that does not exist on the network, the ERR_NOSUCHCHANNEL numeric is returned.”"""
    (chanop,) = opened(Rig())
    assert chanop.numerics("MODE #none +o chanop") == [("403", "chanop", "#none", "No such channel")]
    assert chanop.numerics("MODE #none") == [("403", "chanop", "#none", "No such channel")]


# ---- Changing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("letter", sorted("Cimns" + "t"))
def test_every_flag_can_be_set_and_taken_and_all_members_are_told(letter: str) -> None:
    """“Type D: Modes that change a setting on a channel. These modes MUST NOT have a parameter.”"""
    chanop, bar = opened(Rig(), "bar")
    chanop.send("MODE #chan -nt")
    bar.read()
    assert chanop.numerics(f"MODE #chan +{letter}") == [("MODE", "#chan", f"+{letter}")]
    assert bar.lines() == [f":{SOURCE} MODE #chan +{letter}"]
    assert chanop.numerics(f"MODE #chan +{letter}") == [], "nothing changed"
    assert chanop.numerics(f"MODE #chan -{letter}") == [("MODE", "#chan", f"-{letter}")]


def test_a_mode_without_a_sign_is_set() -> None:
    """“MODE #chan b” asks for the bans in every server; the sign is "+" until another is named."""
    (chanop,) = opened(Rig())
    assert chanop.numerics("MODE #chan i") == [("MODE", "#chan", "+i")]


def test_who_is_no_operator_may_not_change_modes() -> None:
    """“If a user does not have appropriate privileges to change modes on the target channel, the server MUST not
    process the message, and ERR_CHANOPRIVSNEEDED numeric is returned.”
    """
    rig = Rig()
    chanop, bar = opened(rig, "bar")
    words = "You are not an operator here"
    assert bar.numerics("MODE #chan +o bar") == [("482", "bar", "#chan", words)]
    assert bar.numerics("MODE #chan +i-n+x") == [("482", "bar", "#chan", words)]
    assert rig.client("out").numerics("MODE #chan +o bar") == [("482", "out", "#chan", words)]
    assert chanop.lines() == []


def test_a_letter_that_is_no_mode_is_named_and_the_others_are_carried_out() -> None:
    """“"<client> <modechar> :is unknown mode char to me"” — ERR_UNKNOWNMODE."""
    (chanop,) = opened(Rig())
    assert chanop.numerics("MODE #chan +xi") == [
        ("472", "chanop", "x", "is unknown mode char to me for #chan"),
        ("MODE", "#chan", "+i"),
    ]


def test_more_parameters_than_announced_are_passed_over() -> None:
    """“how many 'variable' modes may be set on a channel by a single MODE command from a client” — MODES."""
    assert f"MODES={MAX_MODES}" in TOKENS
    (chanop,) = opened(Rig())
    masks = [f"n{number}!*@*" for number in range(MAX_MODES + 1)]
    ((_, _, letters, *told),) = chanop.numerics(f"MODE #chan +{'b' * len(masks)} {' '.join(masks)}")
    assert letters == "+" + "b" * MAX_MODES
    assert told == masks[:MAX_MODES]


def test_changes_too_long_for_one_line_are_told_in_several() -> None:
    """“Most IRC servers limit messages to 512 bytes in length” — "Message Format"."""
    (chanop,) = opened(Rig())
    masks = [f"{letter * 110}!*@*" for letter in "abcd"]
    chanop.send(f"MODE #chan +bbbb {' '.join(masks)}")
    lines = chanop.raw.split(b"\r\n")[:-1]
    assert len(lines) == 2
    assert all(len(line) + 2 <= MAX_LINE_BYTES for line in lines)
    assert [mask for line in lines for mask in line.decode().split()[4:]] == masks


def test_the_hosts_operator_may_change_modes_anywhere() -> None:
    """“a special class of clients (operators) are allowed to perform general maintenance functions” — "Operators"."""
    rig = Rig(operators={"chief": "secret"})
    (chanop,) = opened(rig)
    chief = rig.client("chief")
    chief.send("OPER chief secret", "MODE #chan +m")
    assert chanop.lines() == [":chief!~username@10.0.0.9 MODE #chan +m"]


# ---- o and v -------------------------------------------------------------------------------------------------------


def test_an_operator_makes_another_and_both_hear_it_once() -> None:
    """“Users with this mode may […] set other users to operator (or lower) status.” — "Operator Prefix"."""
    chanop, bar = opened(Rig(), "bar")
    assert chanop.numerics("MODE #chan +o BAR") == [("MODE", "#chan", "+o", "bar")]
    assert bar.lines() == [f":{SOURCE} MODE #chan +o bar"]
    assert bar.numerics("MODE #chan -o chanop") == [("MODE", "#chan", "-o", "chanop")]
    assert chanop.numerics("MODE #chan +i")[0][0] == "482"


def test_a_rank_for_somebody_who_is_not_here_is_refused() -> None:
    """“when the nick isn't joined to the channel (for example, MODE #channel +o nick)” — ERR_USERNOTINCHANNEL."""
    rig = Rig()
    (chanop,) = opened(rig)
    rig.client("bar")
    words = "They are not in that channel"
    assert chanop.numerics("MODE #chan +o bar") == [("441", "chanop", "bar", "#chan", words)]
    assert chanop.numerics("MODE #chan +v nobody") == [("401", "chanop", "nobody", "No such name")]


def test_a_rank_without_a_name_changes_nothing() -> None:
    """“If a type B or C mode does not have a parameter when being set, the server MUST ignore that mode.” (“modes
    within the PREFIX parameter may be treated as type B modes” — CHANMODES.)
    """
    (chanop,) = opened(Rig())
    words = "Whose? A name is needed"
    assert chanop.numerics("MODE #chan +o-v") == [
        ("696", "chanop", "#chan", "o", "*", words),
        ("696", "chanop", "#chan", "v", "*", words),
    ]


# ---- k -------------------------------------------------------------------------------------------------------------


def test_a_channel_with_a_key_lets_in_only_who_has_it() -> None:
    """“If they do not supply a <key>, or the key they supply does not match the value of this mode, they will receive
    an ERR_BADCHANNELKEY reply and the command will fail.”
    """
    rig = Rig()
    (chanop,) = opened(rig)
    assert chanop.numerics("MODE #chan +k beer") == [("MODE", "#chan", "+k", "beer")]
    qux = rig.client("qux")
    refused = [("475", "qux", "#chan", "Cannot join: the key is missing or wrong (+k)")]
    assert qux.numerics("JOIN #chan") == refused
    assert qux.numerics("JOIN #chan bees") == refused
    assert qux.numerics("JOIN #chan beer")[0] == ("JOIN", "#chan")


@pytest.mark.parametrize("key", ["passphrase with spaces", "long" * 100, "", "a,b", "x" * (MAX_KEY_BYTES + 1), ":b"])
def test_a_key_that_could_not_be_given_in_a_join_is_refused(key: str) -> None:
    """“Servers may validate the value (eg. to forbid spaces […]). If the value is invalid, they SHOULD return
    ERR_INVALIDMODEPARAM.”
    """
    rig = Rig()
    (chanop,) = opened(rig)
    assert f"KEYLEN={MAX_KEY_BYTES}" in TOKENS
    words = f"Not a key: 1 to {MAX_KEY_BYTES} bytes, no spaces, no commas"
    assert chanop.numerics(f"MODE #chan +k :{key}") == [("696", "chanop", "#chan", "k", "*", words)]
    assert rig.client("qux").numerics("JOIN #chan")[0] == ("JOIN", "#chan")


def test_a_key_without_its_parameter_changes_nothing() -> None:
    """“If a type B or C mode does not have a parameter when being set, the server MUST ignore that mode.”"""
    (chanop,) = opened(Rig())
    assert [numeric[0] for numeric in chanop.numerics("MODE #chan +k")] == ["696"]
    assert chanop.numerics("MODE #chan")[0] == ("324", "chanop", "#chan", "+nt")


@pytest.mark.parametrize("written", ["-k", "-k beer", "-k wrong"])
def test_a_key_is_taken_with_or_without_naming_it(written: str) -> None:
    """“Type B: Modes that change a setting on a channel. These modes MUST always have a parameter.”"""
    (chanop,) = opened(Rig())
    chanop.send("MODE #chan +k beer")
    assert chanop.numerics(f"MODE #chan {written}") == [("MODE", "#chan", "-k", "*")]
    assert chanop.numerics("MODE #chan -k") == []


# ---- l -------------------------------------------------------------------------------------------------------------


def test_a_full_channel_lets_nobody_in_until_somebody_leaves() -> None:
    """“If this mode is set on a channel, and the number of users joined to that channel matches or exceeds the value of
    this mode, new users cannot join that channel.”
    """
    rig = Rig()
    chanop, bar = opened(rig, "bar")
    assert chanop.numerics("MODE #chan +l 2") == [("MODE", "#chan", "+l", "2")]
    baz = rig.client("baz")
    assert baz.numerics("JOIN #chan") == [("471", "baz", "#chan", "Cannot join: the channel is full (+l)")]
    bar.send("PART #chan")
    assert baz.numerics("JOIN #chan")[0] == ("JOIN", "#chan")


def test_a_limit_is_changed_and_taken() -> None:
    """“Type C: […] MUST have a parameter when being set, and MUST NOT have a parameter when being unset.”"""
    rig = Rig()
    (chanop,) = opened(rig)
    chanop.send("MODE #chan +l 2")
    assert chanop.numerics("MODE #chan +l 3") == [("MODE", "#chan", "+l", "3")]
    assert chanop.numerics("MODE #chan +l 003") == [], "nothing changed"
    assert chanop.numerics("MODE #chan -l") == [("MODE", "#chan", "-l")]
    assert chanop.numerics("MODE #chan -l") == []


def test_a_limit_below_those_present_makes_nobody_leave() -> None:
    """“This channel mode controls whether new users may join”."""
    rig = Rig()
    chanop, bar, _ = opened(rig, "bar", "baz")
    chanop.send("MODE #chan +l 1")
    chanop.read()
    bar.send("PRIVMSG #chan :still here")
    assert [message.params for message in chanop.read()] == [("#chan", "still here")]
    assert rig.client("qux").numerics("JOIN #chan")[0][0] == "471"


@pytest.mark.parametrize("value", ["0", "-1", "abc", "", "1e3", "99999999999999", "²"])
def test_a_limit_that_is_no_number_of_people_is_refused(value: str) -> None:
    """“Indicates that there was a problem with a mode parameter.” — ERR_INVALIDMODEPARAM."""
    rig = Rig()
    (chanop,) = opened(rig)
    refused = ("696", "chanop", "#chan", "l", value or "*", "Not a number of people")
    assert chanop.numerics(f"MODE #chan +l :{value}") == [refused]
    assert rig.client("bar").numerics("JOIN #chan")[0] == ("JOIN", "#chan")


# ---- b, e and I ----------------------------------------------------------------------------------------------------


def test_who_is_banned_does_not_get_in() -> None:
    """“If they match one of these banned masks, they will receive an ERR_BANNEDFROMCHAN reply and the JOIN command will
    fail.”
    """
    rig = Rig()
    (chanop,) = opened(rig)
    assert chanop.numerics("MODE #chan +b bar!*@*") == [("MODE", "#chan", "+b", "bar!*@*")]
    bar = rig.client("Bar")
    assert bar.numerics("JOIN #chan") == [("474", "Bar", "#chan", "Cannot join: you are banned")]
    assert chanop.numerics("MODE #chan -b BAR!*@*") == [("MODE", "#chan", "-b", "bar!*@*")]
    assert bar.numerics("JOIN #chan")[0] == ("JOIN", "#chan")


def test_a_ban_by_address_means_the_address() -> None:
    """“their nickmask (the combination of nick!user@host) is compared with each banned client mask”."""
    rig = Rig()
    (chanop,) = opened(rig)
    assert chanop.numerics("MODE #chan +b 10.7.*") == [("MODE", "#chan", "+b", "*!*@10.7.*")]
    assert rig.client("near", address="10.7.0.1").numerics("JOIN #chan")[0][0] == "474"
    assert rig.client("far", address="10.8.0.1").numerics("JOIN #chan")[0][0] == "JOIN"


def test_a_banned_member_cannot_speak() -> None:
    """“a list of client masks that are 'banned' from joining or speaking in the channel”; “the server SHOULD respond
    with an ERR_CANNOTSENDTOCHAN numeric” — PRIVMSG.
    """
    chanop, bar = opened(Rig(), "Bar")
    chanop.send("MODE #chan +b bar!*@*")
    chanop.read()
    words = "Cannot send: you are banned from speaking here (+b)"
    assert bar.numerics("PRIVMSG #chan :hi") == [("404", "Bar", "#chan", words)]
    assert bar.numerics("NOTICE #chan :hi") == [], "notices are never answered"
    assert chanop.lines() == []
    chanop.send("MODE #chan -b bar!*@*")
    chanop.read()
    assert bar.numerics("PRIVMSG #chan :hi") == []
    assert [message.params for message in chanop.read()] == [("#chan", "hi")]


@pytest.mark.parametrize(
    ("letter", "code", "end_code", "words"),
    [
        ("b", "367", "368", "End of bans"),
        ("e", "348", "349", "End of ban exceptions"),
        ("I", "346", "347", "End of invite exceptions"),
    ],
)
def test_a_list_without_a_mask_shows_its_entries(letter: str, code: str, end_code: str, words: str) -> None:
    """“A client MAY issue this type of mode without an argument to obtain the current contents of the list.”; “<who> is
    either the nickname or nickmask of the client that set the ban […] and <set-ts> is the UNIX timestamp of when the
    ban was set.” — RPL_BANLIST.
    """
    chanop, bar = opened(Rig(), "bar")
    assert chanop.numerics(f"MODE #chan +{letter} bar!*@*") == [("MODE", "#chan", f"+{letter}", "bar!*@*")]
    entry = (code, "chanop", "#chan", "bar!*@*", SOURCE, str(int(START)))
    assert chanop.numerics(f"MODE #chan +{letter}") == [entry, (end_code, "chanop", "#chan", words)]
    assert chanop.numerics(f"MODE #chan {letter}")[0] == entry
    assert bar.read()[-1].command == "MODE"
    assert bar.numerics(f"MODE #chan +{letter}")[0][0] == code, "everybody may see the list"
    assert chanop.numerics(f"MODE #chan -{letter} bar!*@*") == [("MODE", "#chan", f"-{letter}", "bar!*@*")]
    assert chanop.numerics(f"MODE #chan +{letter}") == [(end_code, "chanop", "#chan", words)]


def test_a_list_is_asked_for_and_changed_in_one_command() -> None:
    """“If a type A mode has been sent without an argument, the contents of the list MUST be sent to the user”."""
    chanop, bar = opened(Rig(), "bar")
    assert chanop.numerics("MODE #chan +b+i-e") == [
        ("368", "chanop", "#chan", "End of bans"),
        ("349", "chanop", "#chan", "End of ban exceptions"),
        ("MODE", "#chan", "+i"),
    ]
    bar.read()
    assert bar.numerics("MODE #chan +b-i") == [
        ("368", "bar", "#chan", "End of bans"),
        ("482", "bar", "#chan", "You are not an operator here"),
    ]


def test_the_lists_of_a_secret_channel_are_not_for_outsiders() -> None:
    """“the contents of the list MUST be sent to the user, unless it contains sensitive information the user is not
    allowed to access.”
    """
    rig = Rig()
    (chanop,) = opened(rig)
    chanop.send("MODE #chan +sb zoe!*@*")
    out = rig.client("out")
    assert out.numerics("MODE #chan +b") == [("403", "out", "#chan", "No such channel")]


def test_an_exception_lets_a_banned_person_in() -> None:
    """“If their nickmask matches any one of the masks set by this mode, and their nickmask also matches any one of the
    masks set by the ban channel mode, they will not be blocked from joining”.
    """
    rig = Rig()
    (chanop,) = opened(rig)
    chanop.send("MODE #chan +b ba*!*@*")
    bar = rig.client("Bar")
    assert bar.numerics("JOIN #chan")[0][0] == "474"
    assert chanop.numerics("MODE #chan +e *ar!*@*")[-1] == ("MODE", "#chan", "+e", "*ar!*@*")
    assert bar.numerics("JOIN #chan")[0] == ("JOIN", "#chan")
    chanop.read()
    bar.send("PRIVMSG #chan :hi")
    assert [message.command for message in chanop.read()] == ["PRIVMSG"], "and may speak"


def test_an_invite_exception_lets_in_for_as_long_as_it_stands() -> None:
    """“If their nickmask matches any one of the masks set by this mode, and the channel is in invite-only mode, they do
    not need to require an INVITE in order to join the channel.”
    """
    rig = Rig()
    (chanop,) = opened(rig)
    chanop.send("MODE #chan +i")
    bar, baz = rig.client("Bar"), rig.client("baz")
    assert bar.numerics("JOIN #chan") == [("473", "Bar", "#chan", "Cannot join: you have to be invited (+i)")]
    assert chanop.numerics("MODE #chan +I bar!*@*") == [("MODE", "#chan", "+I", "bar!*@*")]
    assert bar.numerics("JOIN #chan")[0] == ("JOIN", "#chan")
    assert baz.numerics("JOIN #chan")[0][0] == "473"
    chanop.send("MODE #chan -I bar!*@*")
    bar.send("PART #chan")
    assert bar.numerics("JOIN #chan")[0][0] == "473"


def test_the_tokens_name_the_letters_of_the_lists() -> None:
    """“The EXCEPTS parameter indicates that the server supports ban exceptions” — EXCEPTS; INVEX alike; both are of
    “Type A”, the first group of CHANMODES.
    """
    values = dict(token.split("=", 1) for token in TOKENS if "=" in token)
    group = values["CHANMODES"].split(",")[0]
    assert values["EXCEPTS"] in group
    assert values["INVEX"] in group


def test_a_list_holds_as_many_entries_as_announced() -> None:
    """“MAXLIST=b:60,e:60,I:60 ; indicates that a client may set up to 60 "b" modes, "e" modes, and 60 "I" modes.”"""
    assert f"MAXLIST=I:{MAX_LIST_ENTRIES},b:{MAX_LIST_ENTRIES},e:{MAX_LIST_ENTRIES}" in TOKENS
    (chanop,) = opened(Rig())
    for number in range(MAX_LIST_ENTRIES):
        assert chanop.numerics(f"MODE #chan +b n{number}") == [("MODE", "#chan", "+b", f"n{number}!*@*")]
    assert chanop.numerics("MODE #chan +b more") == [("478", "chanop", "#chan", "b", "The list is full")]
    assert chanop.numerics("MODE #chan +e more") == [("MODE", "#chan", "+e", "more!*@*")]


@pytest.mark.parametrize("mask", ["", "with space", "x" * 201])
def test_a_mask_that_is_none_is_refused(mask: str) -> None:
    """“Indicates that there was a problem with a mode parameter.” — ERR_INVALIDMODEPARAM."""
    (chanop,) = opened(Rig())
    shown = mask if mask and " " not in mask else "*"
    words = "Not a mask: 1 to 200 bytes, no spaces"
    assert chanop.numerics(f"MODE #chan +b :{mask}") == [("696", "chanop", "#chan", "b", shown, words)]


# ---- Mutes: an extban ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["m:", "~m:"])
def test_who_is_muted_may_be_there_but_not_speak(prefix: str) -> None:
    """“EXTBAN=[<prefix>],<types>” — EXTBAN; a mute keeps from speaking only."""
    assert "EXTBAN=,am" in TOKENS
    rig = Rig()
    (chanop,) = opened(rig)
    mask = f"{prefix}bar!*@*"
    assert chanop.numerics(f"MODE #chan +b {mask}") == [("MODE", "#chan", "+b", mask)]
    bar = rig.client("Bar", caps="echo-message")
    assert bar.numerics("JOIN #chan")[0] == ("JOIN", "#chan")
    chanop.read()
    assert bar.numerics("MODE #chan +b")[0] == ("367", "Bar", "#chan", mask, SOURCE, str(int(START)))
    assert [numeric[0] for numeric in bar.numerics("PRIVMSG #chan :hi")] == ["404"]
    assert chanop.lines() == []
    assert chanop.numerics(f"MODE #chan -b {prefix}BAR!*@*") == [("MODE", "#chan", "-b", mask)]
    bar.read()
    bar.send("PRIVMSG #chan :hi")
    assert bar.lines() == chanop.lines() == [":Bar!~username@10.0.0.9 PRIVMSG #chan :hi"]


def test_voice_lifts_a_mute() -> None:
    """“Users with this mode may send messages to a channel that is moderated.” — "Voice Prefix"."""
    chanop, bar = opened(Rig(), "bar")
    chanop.send("MODE #chan +b m:bar!*@*")
    assert bar.numerics("PRIVMSG #chan :hi")[0][0] == "404"
    chanop.send("MODE #chan +v bar")
    assert bar.numerics("PRIVMSG #chan :hi") == []


def test_an_exception_lifts_a_mute() -> None:
    """“Extban masks SHOULD also be supported for the ban exception and invite exception modes.” — EXTBAN."""
    chanop, bar = opened(Rig(), "bar")
    chanop.send("MODE #chan +b m:*!*@*", "MODE #chan +e m:*!~user*@*")
    assert bar.numerics("PRIVMSG #chan :hi") == []


# ---- n, m, s, C ----------------------------------------------------------------------------------------------------


def test_who_is_outside_may_speak_only_where_n_is_off() -> None:
    """“If this mode is enabled, users MUST be joined to the channel in order to send private messages and notices to
    the channel.”
    """
    rig = Rig()
    (chanop,) = opened(rig)
    baz = rig.client("baz")
    words = "Cannot send: you are not in that channel (+n)"
    assert baz.numerics("PRIVMSG #chan :hi") == [("404", "baz", "#chan", words)]
    assert chanop.lines() == []
    chanop.send("MODE #chan -n")
    chanop.read()
    assert baz.numerics("PRIVMSG #chan :hi again") == []
    assert chanop.lines() == [":baz!~username@10.0.0.9 PRIVMSG #chan :hi again"]


def test_in_a_moderated_channel_only_those_with_a_rank_speak() -> None:
    """“If this mode is set on a channel, only users who have channel privileges may send messages to that channel.”"""
    chanop, baz = opened(Rig(), "baz")
    chanop.send("MODE #chan +m")
    chanop.read()
    words = "Cannot send: the channel is moderated (+m)"
    assert baz.read()[-1].command == "MODE"
    assert baz.numerics("PRIVMSG #chan :hi") == [("404", "baz", "#chan", words)]
    assert chanop.lines() == []
    chanop.send("MODE #chan +v baz")
    chanop.read()
    baz.send("PRIVMSG #chan :hi again")
    assert [message.params for message in chanop.read()] == [("#chan", "hi again")]


def test_no_ctcp_but_actions_where_c_is_set() -> None:
    """docs/irc.md: “C, no CTCP: only /me, which is one by its form, goes through”."""
    chanop, bar = opened(Rig(), "bar")
    chanop.send("MODE #chan +C")
    chanop.read()
    bar.read()
    words = "Cannot send: CTCPs are not allowed here (+C)"
    assert bar.numerics("PRIVMSG #chan :\x01PING 1\x01") == [("404", "bar", "#chan", words)]
    assert bar.numerics("NOTICE #chan :\x01PING 1\x01") == []
    assert bar.numerics("PRIVMSG #chan :\x01ACTIONS 1\x01") != []
    assert chanop.lines() == []
    assert bar.numerics("PRIVMSG #chan :\x01ACTION waves\x01") == []
    assert [message.params[1] for message in chanop.read()] == ["\x01ACTION waves\x01"]


def test_no_ctcp_is_hidden_in_a_message_of_several_lines() -> None:
    """As above: for clients that read line by line, every line is a message."""
    rig = Rig()
    (chanop,) = opened(rig)
    chanop.send("MODE #chan +C")
    bar = rig.client("bar", caps="batch message-tags draft/multiline")
    bar.send("JOIN #chan", "BATCH +1 draft/multiline #chan", "@batch=1 PRIVMSG #chan :hi")
    chanop.read()
    assert bar.numerics("@batch=1 PRIVMSG #chan :\x01PING 1\x01", "BATCH -1")[-1][0] == "404"
    assert chanop.lines() == []


# ---- The tokens ----------------------------------------------------------------------------------------------------


def test_the_letters_of_004_are_those_of_chanmodes_and_prefix() -> None:
    """“"<client> <servername> <version> <available user modes> <available channel modes> [<channel modes with a
    parameter>]"” — RPL_MYINFO.
    """
    values = dict(token.split("=", 1) for token in TOKENS if "=" in token)
    lists, always, when_set, never = values["CHANMODES"].split(",")
    ranks = values["PREFIX"][1:3]
    rig = Rig()
    client = rig.client()
    (myinfo,) = [n for n in client.numerics("NICK zoe", "USER u 0 * :r") if n[0] == "004"]
    assert myinfo[2] == SERVER
    assert myinfo[4:] == (
        "Biow",
        "".join(sorted(lists + always + when_set + never + ranks)),
        "".join(sorted(lists + always + when_set + ranks)),
    )
