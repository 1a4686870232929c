"""zeroconf's own words, kept off the screen: a send that fails would print a traceback over whatever is shown there."""

import logging

log = logging.getLogger("lanchat.discovery")


class _ToOurLog(logging.Handler):
    """Passes records on as debug messages of ours, without their tracebacks."""

    def emit(self, record: logging.LogRecord) -> None:
        log.debug("zeroconf: %s", record.getMessage())


def quiet_zeroconf() -> None:
    """Let zeroconf's messages reach nobody but our own debug log. Calling it again changes nothing."""
    theirs = logging.getLogger("zeroconf")
    theirs.propagate = False
    if not any(isinstance(handler, _ToOurLog) for handler in theirs.handlers):
        theirs.addHandler(_ToOurLog())
