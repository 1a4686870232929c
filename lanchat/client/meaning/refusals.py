"""Refusals in sentences a person can act on. {0} and {1} are the parameters before the server's own words, {last}.

Source of the numbers: modern.ircdocs.horse, "Numerics".
"""

REFUSALS = {
    "401": "Nobody here is called {0}.",
    "402": "There is no server called {0}.",
    "403": "There is no room called {0}.",
    "404": "Your message was not sent to {0}: {last}",
    "405": "You are in too many rooms already to join {0}.",
    "406": "Nobody was called {0}.",
    "411": "Nobody was named to send that to.",
    "412": "There was no text to send.",
    "417": "That was too long to send.",
    "431": "A name is missing.",
    "432": "{0} cannot be a name here. Names have no spaces and no signs such as , * ? ! @ : at all.",
    "433": "The name {0} is taken.",
    "437": "The name {0} cannot be taken at the moment.",
    "441": "{0} is not in {1}.",
    "442": "You are not in {0}.",
    "443": "{0} is in {1} already.",
    "461": "{0}: something is missing.",
    "464": "The password is wrong.",
    "465": "This host does not let you in: {last}",
    "471": "{0} is full.",
    "473": "{0} is closed: somebody in it has to invite you.",
    "474": "You are banned from {0}.",
    "475": "{0} needs a key: /join {0} key=KEY",
    "476": "{0} cannot be the name of a room.",
    "481": "Only the host's operator may do that: {last}",
    "482": "Only an operator of {0} may do that.",
    "491": "You cannot become an operator from here: {last}",
    "502": "That can only be changed by the person themselves.",
}
