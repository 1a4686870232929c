"""What a server says about itself in 005 (ISUPPORT), as far as the client needs it.

Source: modern.ircdocs.horse, "Feature Advertisement".
"""

import re
from dataclasses import dataclass, field

from lanchat.protocol.text import clean

MAX_TOKENS = 200
_ESCAPE = re.compile(r"\\x([0-9A-Fa-f]{2})")
_DEFAULTS = {"PREFIX": "(ov)@+", "CHANMODES": "beI,k,l,imnst", "CHANTYPES": "#"}


@dataclass(slots=True)
class Features:
    """The tokens of 005, and what follows from them."""

    tokens: dict[str, str] = field(default_factory=lambda: dict(_DEFAULTS))

    def learn(self, params: tuple[str, ...]) -> None:
        """Learn the tokens of one 005. `params`: without the nick at its start and the sentence at its end."""
        for token in params:
            key, _, value = token.partition("=")
            if key.startswith("-"):
                self.tokens.pop(key[1:], None)
            elif key and len(self.tokens) < MAX_TOKENS:
                self.tokens[key] = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), value)

    @property
    def network(self) -> str:
        """The network's name, safe to show, or ""."""
        return clean(self.tokens.get("NETWORK", ""))

    @property
    def prefix_of_mode(self) -> dict[str, str]:
        """The sign of each rank, highest first: {"o": "@", "v": "+"}."""
        modes, _, signs = self.tokens.get("PREFIX", "").removeprefix("(").partition(")")
        return dict(zip(modes, signs, strict=False))

    @property
    def bot_letter(self) -> str:
        """The letter that marks bots in WHO, or ""."""
        return self.tokens.get("BOT", "")[:1]

    def is_channel(self, target: str) -> bool:
        """Tell whether a target is a channel."""
        return target[:1] != "" and target[:1] in (self.tokens.get("CHANTYPES") or "#")

    def takes_parameter(self, mode: str, *, is_set: bool) -> bool:
        """Tell whether a channel mode comes with a parameter when it is set or unset."""
        groups = [*self.tokens.get("CHANMODES", "").split(","), "", "", ""]
        if mode in self.prefix_of_mode or mode in groups[0] or mode in groups[1]:
            return True
        return is_set and mode in groups[2]
