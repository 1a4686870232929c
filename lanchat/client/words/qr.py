"""An address as a QR code, in characters: two rows of dots a line."""

from __future__ import annotations

QUIET = 2  # empty dots around it: half of what ISO/IEC 18004 asks for is enough on a screen
_BLOCKS = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}


def qr_lines(text: str, *, is_ground_dark: bool = True) -> list[str]:
    """Return the lines of a code that tells a text: all of one length.

    On a dark ground the characters draw what is light in the code, as readers know dark dots on light.
    """
    import segno  # 30 ms, and only where somebody wants to see one

    code = segno.make(text, error="l", micro=False)
    rows = [[bool(dot) is not is_ground_dark for dot in row] for row in code.matrix_iter(border=QUIET)]
    if len(rows) % 2:
        rows.append([is_ground_dark] * len(rows[0]))
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return ["".join(_BLOCKS[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in pairs]


def page_words(where: str) -> str:
    """Return the address of a host's page, with a picture of it for a camera."""
    page = f"http://{where}/"
    return "\n".join([f"The page of this host, {page}", *qr_lines(page)])
