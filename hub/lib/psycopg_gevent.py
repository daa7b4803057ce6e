"""Makes psycopg2 wait through gevent: its C code blocks the whole process unless it is given another way to wait."""

import time

import psycopg2
from gevent.socket import wait_read, wait_write
from psycopg2 import extensions

# libpq itself does not heed connect_timeout in a connection that waits like this; the default is ours.
_CONNECT_S = 5.0
_WAITS = {extensions.POLL_READ: wait_read, extensions.POLL_WRITE: wait_write}
_OPEN = (extensions.STATUS_READY, extensions.STATUS_BEGIN, extensions.STATUS_PREPARED)


def patch() -> None:
    """From now on a query of one greenlet lets the others run."""
    extensions.set_wait_callback(_wait)


def _wait(connection: extensions.connection) -> None:
    # The loop that psycopg2's documentation gives for coroutine support. A query may take as long as it likes, but a
    # host that says nothing at all must not hold a request for ever.
    give_up = None if connection.status in _OPEN else time.monotonic() + _connect_s(connection)
    while (state := connection.poll()) != extensions.POLL_OK:
        if state not in _WAITS:
            raise psycopg2.OperationalError(f"poll() answered {state}")
        left = None if give_up is None else max(0.0, give_up - time.monotonic())
        _WAITS[state](connection.fileno(), left, psycopg2.OperationalError("the server does not answer"))


def _connect_s(connection: extensions.connection) -> float:
    """Seconds of the connection's own connect_timeout; as for libpq, 0 or nothing means no limit of the caller's."""
    given = extensions.parse_dsn(connection.dsn).get("connect_timeout", "")
    return float(given) if given.isdecimal() and int(given) else _CONNECT_S
