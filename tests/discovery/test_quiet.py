import logging

import pytest

from lanchat.discovery.quiet import quiet_zeroconf


def test_nothing_that_zeroconf_says_reaches_the_screen(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    quiet_zeroconf()
    quiet_zeroconf()
    theirs = logging.getLogger("zeroconf")
    try:
        raise OSError("Network is unreachable")
    except OSError:
        with caplog.at_level(logging.DEBUG, "lanchat.discovery"):
            theirs.warning("Error with socket %d", 7, exc_info=True)

    assert capsys.readouterr().err == ""
    assert [(record.levelname, record.getMessage(), record.exc_info) for record in caplog.records] == [
        ("DEBUG", "zeroconf: Error with socket 7", None)
    ]
