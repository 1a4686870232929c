"""How many of something there are, in words."""


def people(count: int) -> str:
    """Return "1 person", "12 people"."""
    return "1 person" if count == 1 else f"{count} people"
