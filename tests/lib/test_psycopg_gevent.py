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


def said(where: str, program: str = _PROGRAM) -> str:
    return subprocess.run([sys.executable, "-c", program, where], cwd=ROOT, capture_output=True, text=True,
                          timeout=STUCK_S, check=True).stdout.strip()


def test_a_postgres_that_says_nothing_is_given_up() -> None:
    assert said("") == "the server does not answer"


@pytest.mark.postgres
def test_a_query_may_take_longer_than_a_connect(database_url: str) -> None:
    if not database_url.startswith("postgres"):
        pytest.skip("a query needs Postgres")
    assert said(database_url) == "slept"


_GIVEN_UP = """
from gevent import monkey; monkey.patch_all()
import sys, gevent
from hub.models.base import connection, db
from hub.services.start import start
from hub.settings import Settings
start(Settings.load({"DATABASE_URL": sys.argv[1], "SESSION_SECRET": "x" * 32, "DATABASE_POOL": "4"}))

def ask(number, sleeps=0):
    with connection():
        return db.execute_sql("SELECT %s FROM pg_sleep(%s)", (number, sleeps)).fetchone()[0]

def given_up(number):
    with gevent.Timeout(0.02, False):
        return ask(number, 30)

for number in range(0, 400, 8):
    waits = [gevent.spawn(given_up, number + 4 + more) for more in range(2)]
    got = [gevent.spawn(ask, number + more) for more in range(2)]
    gevent.joinall(waits + got, raise_error=True)
    got += [gevent.spawn(ask, number + more) for more in range(2, 4)]
    gevent.joinall(got, raise_error=True)
    assert [one.value for one in got] == [number + more for more in range(4)], [one.value for one in got]
print("each its own")
"""


@pytest.mark.postgres
def test_what_a_query_that_was_given_up_is_answered_is_told_to_nobody_else(database_url: str) -> None:
    if not database_url.startswith("postgres"):
        pytest.skip("a query needs Postgres")
    assert said(database_url, _GIVEN_UP) == "each its own"
