"""INVITE and invite-notify. Sentences are from modern.ircdocs.horse, "INVITE message", unless said otherwise."""

from tests.chat.rig import Rig


def test_who_invites_and_who_is_invited_are_told_and_nobody_else() -> None:
    """“the server MUST send a RPL_INVITING numeric to the command issuer, and an INVITE message, with the issuer as
    <source>, to the target user. Other channel members SHOULD NOT be notified.”
    """
    rig = Rig()
    foo, baz = rig.channel("#chan", "foo", "baz")
    bar = rig.client("bar")
    assert foo.numerics("INVITE BAR #CHAN") == [("341", "foo", "bar", "#chan")]
    assert bar.lines() == [":foo!~username@10.0.0.9 INVITE bar #chan"]
    assert baz.lines() == []


def test_an_invitation_opens_an_invite_only_channel_once() -> None:
    """“a user must have received an INVITE for this channel before being allowed to join it. If they have not received
    an invite, they will receive an ERR_INVITEONLYCHAN reply” — "Invite-Only Channel Mode".
    """
    rig = Rig()
    (foo,) = rig.channel("#chan", "foo")
    assert foo.numerics("MODE #chan +i") == [("MODE", "#chan", "+i")]
    bar = rig.client("bar")
    words = "Cannot join: you have to be invited (+i)"
    assert bar.numerics("JOIN #chan") == [("473", "bar", "#chan", words)]
    foo.send("INVITE bar #chan")
    assert bar.numerics("JOIN #chan")[0] == ("JOIN", "#chan")
    bar.send("PART #chan")
    assert bar.numerics("JOIN #chan") == [("473", "bar", "#chan", words)]


def test_an_operators_invitation_opens_every_door() -> None:
    """Whoever could take the obstacle away may let somebody past it: the limit, the key and a ban."""
    rig = Rig()
    (foo,) = rig.channel("#chan", "foo")
    foo.send("MODE #chan +lkb 1 key bar!*@*")
    bar = rig.client("bar")
    assert bar.numerics("JOIN #chan")[0][0] == "474"
    foo.send("INVITE bar #chan")
    assert bar.numerics("JOIN #chan")[0] == ("JOIN", "#chan")


def test_another_members_invitation_opens_none() -> None:
    """Otherwise any member could let in whom the operators banned."""
    rig = Rig()
    foo, baz = rig.channel("#chan", "foo", "baz")
    foo.send("MODE #chan +b bar!*@*")
    bar = rig.client("bar")
    assert baz.numerics("INVITE bar #chan") == [("341", "baz", "bar", "#chan")]
    assert bar.numerics("JOIN #chan")[0][0] == "474"


def test_the_invitation_follows_its_person_not_the_name() -> None:
    """A name that somebody else takes brings no invitation with it."""
    rig = Rig()
    (foo,) = rig.channel("#chan", "foo")
    foo.send("MODE #chan +i")
    bar = rig.client("bar")
    foo.send("INVITE bar #chan")
    bar.send("NICK qux")
    assert rig.client("bar").numerics("JOIN #chan")[0][0] == "473"
    bar.read()
    assert bar.numerics("JOIN #chan")[0] == ("JOIN", "#chan")


def test_a_member_who_is_no_operator_may_invite_unless_the_channel_is_invite_only() -> None:
    """“they SHOULD reject it when the channel has invite-only mode set, and the user is not a channel operator.”"""
    rig = Rig()
    foo, baz = rig.channel("#chan", "foo", "baz")
    bar = rig.client("bar")
    assert baz.numerics("INVITE bar #chan") == [("341", "baz", "bar", "#chan")]
    bar.read()
    foo.send("MODE #chan +i")
    baz.read()
    assert baz.numerics("INVITE bar #chan") == [("482", "baz", "#chan", "You are not an operator here")]
    assert bar.lines() == []


def test_only_members_may_invite() -> None:
    """“Only members of the channel are allowed to invite other users. Otherwise, the server MUST reject the command
    with the ERR_NOTONCHANNEL numeric.”
    """
    rig = Rig()
    rig.channel("#chan", "foo")
    out, bar = rig.client("out"), rig.client("bar")
    assert out.numerics("INVITE bar #chan") == [("442", "out", "#chan", "You are not in that channel")]
    assert bar.lines() == []


def test_members_are_not_invited_again() -> None:
    """“If the user is already on the target channel, the server MUST reject the command with the ERR_USERONCHANNEL
    numeric.”
    """
    foo, bar = Rig().channel("#chan", "foo", "bar")
    words = "They are in that channel already"
    assert foo.numerics("INVITE bar #chan") == [("443", "foo", "bar", "#chan", words)]
    assert bar.lines() == []


def test_channel_and_person_must_be_there() -> None:
    """“The target channel SHOULD exist (at least one user is on it). Otherwise, the server SHOULD reject the command
    with the ERR_NOSUCHCHANNEL numeric.”
    """
    rig = Rig()
    (foo,) = rig.channel("#chan", "foo")
    rig.client("bar")
    assert foo.numerics("INVITE bar #none") == [("403", "foo", "#none", "No such channel")]
    assert foo.numerics("INVITE nobody #chan") == [("401", "foo", "nobody", "No such name")]
    assert foo.numerics("INVITE bar") == [("461", "foo", "INVITE", "Not enough parameters")]


def test_that_the_invited_is_away_is_told() -> None:
    """“Servers SHOULD notify clients when a user they're interacting with is away when relevant” — "AWAY message"."""
    rig = Rig()
    (foo,) = rig.channel("#chan", "foo")
    rig.client("bar").send("AWAY :lunch")
    assert foo.numerics("INVITE bar #chan") == [("341", "foo", "bar", "#chan"), ("301", "foo", "bar", "lunch")]


def test_without_parameters_it_shows_where_one_is_invited() -> None:
    """“Sent to a client as a reply to the INVITE command when used with no parameter, to indicate a channel the client
    was invited to.” — RPL_INVITELIST.
    """
    rig = Rig()
    foo, baz = rig.channel("#chan", "foo", "baz")
    baz.send("JOIN #open")
    bar = rig.client("bar")
    assert bar.numerics("INVITE") == [("337", "bar", "End of invitations")]
    foo.send("INVITE bar #chan")
    baz.send("INVITE bar #open")
    assert bar.numerics("INVITE") == [
        ("336", "bar", "#chan"),
        ("336", "bar", "#open"),
        ("337", "bar", "End of invitations"),
    ]
    bar.send("JOIN #chan")
    assert bar.numerics("INVITE") == [("336", "bar", "#open"), ("337", "bar", "End of invitations")]


def test_invite_notify_tells_members_who_asked_for_it() -> None:
    """“:<inviter> INVITE <target> <channel>”; “a way that allows clients to learn when another client does an /INVITE.”
    — ircv3.net, invite-notify.
    """
    rig = Rig()
    foo, _ = rig.channel("#chan", "foo", "plain")
    eager = rig.client("eager", caps="invite-notify")
    eager.send("JOIN #chan")
    outside = rig.client("outside", caps="invite-notify")
    rig.client("bar")
    eager.read()
    foo.send("INVITE bar #chan")
    assert eager.lines() == [":foo!~username@10.0.0.9 INVITE bar #chan"]
    assert outside.lines() == []


def test_who_invites_hears_no_echo_of_it() -> None:
    """“the server MUST send a RPL_INVITING numeric to the command issuer”: that is the answer."""
    rig = Rig()
    foo = rig.client("foo", caps="invite-notify")
    foo.send("JOIN #chan")
    rig.client("bar")
    assert foo.numerics("INVITE bar #chan") == [("341", "foo", "bar", "#chan")]
