"""Under gevent: a Postgres that says nothing is given up, a slow query is not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.waits import STUCK_S

ROOT = Path(__file__).resolve().parent.parent.parent
_PROGRAM = """
from gevent import monkey; monkey.patch_all()
import socket, sys, psycopg2
from hub.lib import psycopg_gevent
psycopg_gevent.patch()
psycopg_gevent._CONNECT_S = 0.5
silent = socket.create_server(("127.0.0.1", 0))
where = sys.argv[1] or f"host=127.0.0.1 port={silent.getsockname()[1]} user=nobody dbname=nothing"
try:
    with psycopg2.connect(where) as open, open.cursor() as cursor:
        cursor.execute("SELECT 'slept' || pg_sleep(1)")
        print(*cursor.fetchone())
except psycopg2.OperationalError as error:
    print(error)
"""


def said(where: str) -> str:
    return subprocess.run([sys.executable, "-c", _PROGRAM, where], cwd=ROOT, capture_output=True, text=True,
                          timeout=STUCK_S, check=True).stdout.strip()


def test_a_postgres_that_says_nothing_is_given_up() -> None:
    assert said("") == "the server does not answer"


@pytest.mark.postgres
def test_a_query_may_take_longer_than_a_connect(database_url: str) -> None:
    if not database_url.startswith("postgres"):
        pytest.skip("a query needs Postgres")
    assert said(database_url) == "slept"
