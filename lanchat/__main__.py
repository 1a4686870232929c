"""`python -m lanchat` is `lanchat`."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the one file that an older Python must be able to read
    sys.stderr.write(
        "lanchat needs Python 3.11 or newer; this is Python %d.%d. Install a newer Python and run it with that.\n"  # noqa: UP031
        % sys.version_info[:2]
    )
    sys.exit(1)

from lanchat.cli import main

sys.exit(main())
