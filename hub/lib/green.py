"""Makes psycopg2 wait politely: its C code blocks the whole process unless it is told how to wait under gevent."""

from typing import Any

import psycopg2
from gevent.socket import wait_read, wait_write
from psycopg2 import extensions


def patch() -> None:
    """From now on a query of one greenlet lets the others run."""
    extensions.set_wait_callback(_wait)


def _wait(connection: Any) -> None:
    # The loop that psycopg2's documentation gives for coroutine support.
    while True:
        state = connection.poll()
        if state == extensions.POLL_OK:
            return
        if state == extensions.POLL_READ:
            wait_read(connection.fileno())
        elif state == extensions.POLL_WRITE:
            wait_write(connection.fileno())
        else:
            raise psycopg2.OperationalError(f"poll() answered {state}")
