"""A Postgres of these tests' own, which can be ended as a crash ends it and comes back with all that was committed."""

import signal
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import psycopg2

from tests import servers


class Postgres:
    """One cluster at one address for all its lives; `folder` must be one that the database's own user may enter."""

    def __init__(self, folder: Path, *options: str) -> None:
        self._folder, self._port, self._options = folder, servers.free_port(), options
        self._life = ExitStack()
        servers.init_postgres(folder)

    def start(self, end: signal.Signals = signal.SIGQUIT) -> str:
        """Its URL; `end` is what `kill` will send: SIGQUIT is `pg_ctl stop -m immediate`."""
        self.url = self._life.enter_context(
            servers.postgres_on(self._folder, self._port, *self._options, stop=end))
        return self.url

    def kill(self) -> None:
        self._life.close()

    def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of one statement, run outside of the hub."""
        with closing(psycopg2.connect(self.url)) as link, link.cursor() as cursor:
            link.autocommit = True
            cursor.execute(statement, values)
            return list(cursor.fetchall()) if cursor.description else []

    def end_connections(self, share: float = 1.0) -> int:
        """pg_terminate_backend for that share of everybody else, in the middle of whatever they do; how many."""
        ended = self.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                         "AND application_name = 'parley' AND random() < %s", share)
        return len(ended)
