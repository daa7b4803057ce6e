"""What a person or a platform runs: start, test, check, lock, migrate. The hub imports nothing from here."""

import sys

if sys.version_info < (3, 11):      # before anything that an old Python would not even read
    sys.stderr.write("Parley needs Python 3.11 or newer; this is %d.%d.\n" % sys.version_info[:2])
    sys.exit(2)

from collections.abc import Iterator
from contextlib import contextmanager


class StartError(Exception):
    """Why Parley cannot start; the text is one sentence for the person who tried."""


@contextmanager
def one_sentence() -> Iterator[None]:
    """A StartError inside becomes its sentence on standard error and exit status 2; Ctrl-C ends quietly."""
    try:
        yield
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
