"""zeroconf's log messages, kept off the screen, where a failed send would print a traceback."""

import logging

log = logging.getLogger("lanchat.discovery")


class _ToOurLog(logging.Handler):
    """Passes records on to our own log, at debug level and without their tracebacks."""

    def emit(self, record: logging.LogRecord) -> None:
        log.debug("zeroconf: %s", record.getMessage())


def quiet_zeroconf() -> None:
    """Send zeroconf's messages to our own debug log only. Calling it again changes nothing."""
    theirs = logging.getLogger("zeroconf")
    theirs.propagate = False
    if not any(isinstance(handler, _ToOurLog) for handler in theirs.handlers):
        theirs.addHandler(_ToOurLog())
