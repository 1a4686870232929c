"""Refusals in sentences a person can act on. {0} and {1} are the parameters before the server's own words, {last}.

Source of the numbers: modern.ircdocs.horse, "Numerics".
"""

from lanchat.protocol import numerics

REFUSALS = {
    numerics.ERR_NOSUCHNICK: "Nobody here is called {0}.",
    numerics.ERR_NOSUCHSERVER: "There is no server called {0}.",
    numerics.ERR_NOSUCHCHANNEL: "There is no room called {0}.",
    numerics.ERR_CANNOTSENDTOCHAN: "Your message was not sent to {0}: {last}",
    numerics.ERR_TOOMANYCHANNELS: "You are in too many rooms already to join {0}.",
    numerics.ERR_WASNOSUCHNICK: "Nobody was called {0}.",
    numerics.ERR_NORECIPIENT: "Nobody was named to send that to.",
    numerics.ERR_NOTEXTTOSEND: "There was no text to send.",
    numerics.ERR_INPUTTOOLONG: "That was too long to send.",
    numerics.ERR_NONICKNAMEGIVEN: "A name is missing.",
    numerics.ERR_ERRONEUSNICKNAME: (
        "{0} cannot be a name here. Names have no spaces and no signs such as , * ? ! @ : at all."
    ),
    numerics.ERR_NICKNAMEINUSE: "The name {0} is taken.",
    numerics.ERR_UNAVAILRESOURCE: "The name {0} cannot be taken at the moment.",
    numerics.ERR_USERNOTINCHANNEL: "{0} is not in {1}.",
    numerics.ERR_NOTONCHANNEL: "You are not in {0}.",
    numerics.ERR_USERONCHANNEL: "{0} is in {1} already.",
    numerics.ERR_NEEDMOREPARAMS: "{0}: something is missing.",
    numerics.ERR_PASSWDMISMATCH: "The password is wrong.",
    numerics.ERR_YOUREBANNEDCREEP: "This host does not let you in: {last}",
    numerics.ERR_CHANNELISFULL: "{0} is full.",
    numerics.ERR_INVITEONLYCHAN: "{0} is closed: somebody in it has to invite you.",
    numerics.ERR_BANNEDFROMCHAN: "You are banned from {0}.",
    numerics.ERR_BADCHANNELKEY: "{0} needs a key: /join {0} key=KEY",
    numerics.ERR_BADCHANMASK: "{0} cannot be the name of a room.",
    numerics.ERR_NOPRIVILEGES: "Only the host's operator may do that: {last}",
    numerics.ERR_CHANOPRIVSNEEDED: "{0}: {last}.",
    numerics.ERR_NOOPERHOST: "You cannot become an operator from here: {last}",
    numerics.ERR_USERSDONTMATCH: "That can only be changed by the person themselves.",
}
