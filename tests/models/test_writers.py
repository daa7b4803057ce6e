"""Two processes that write at once wait for each other, and neither stops its other greenlets meanwhile."""

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from hub.models import base
from hub.models.base import Away, connection, db, transaction
from hub.models.customers.customer import Customer
from hub.settings import Settings, current_settings
from tests.factories import People
from tests.services import steps
from tests.there import there
from tests.waits import STUCK_S, Watch, until


@pytest.fixture
def file(app: object) -> str:
    """The SQLite file of this run; on Postgres rows are locked, not the file."""
    if not current_settings().sqlite:
        pytest.skip("Postgres locks rows")
    return current_settings().database_url.removeprefix("sqlite:///")


def hold(file: str, seconds: float) -> threading.Thread:
    """Somebody else writes for so long."""
    holding = threading.Event()

    def run() -> None:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        holding.set()
        time.sleep(seconds)
        other.execute("COMMIT")
        other.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert holding.wait(STUCK_S)
    return thread


def test_a_transaction_begins_when_the_other_one_ends(file: str, people: People) -> None:
    began, other = time.monotonic(), hold(file, 0.4)
    with connection(), transaction():
        assert time.monotonic() - began >= 0.4
        Customer.create(tenant=people.tenant, name="Ann")
    other.join()
    assert Customer.select().where(Customer.name == "Ann").count() == 1


def test_a_single_statement_waits_too_also_after_a_transaction(file: str, people: People) -> None:
    with connection(), transaction():
        pass
    began, other = time.monotonic(), hold(file, 0.4)
    Customer.create(tenant=people.tenant, name="Bea")
    assert time.monotonic() - began >= 0.4
    other.join()


def test_what_is_wrong_for_another_reason_is_said_at_once(file: str, people: People) -> None:
    with Watch() as watch, connection(), transaction(), pytest.raises(Away, match="within a transaction"):
        db.begin("IMMEDIATE")
    assert watch.seconds < 1


def test_more_writers_than_connections_wait_for_each_other(file: str, people: People) -> None:
    """Each waits before it takes a connection, so that the pool is not emptied by those who cannot begin yet."""
    began, other = time.monotonic(), hold(file, 1.5)

    def write(number: int) -> None:
        Customer.select().count()           # who has read holds a connection
        with transaction():
            Customer.create(tenant=people.tenant, name=f"at once {number}")

    count = 3 * current_settings().database_pool
    steps.good(steps.at_once(*[lambda number=number: write(number) for number in range(count)]))
    assert time.monotonic() - began >= 1.5
    other.join()
    assert Customer.select().where(Customer.name.startswith("at once")).count() == count


def test_waiting_for_another_process_stops_nobody_here(file: str, people: People) -> None:
    """Also a single statement waits in Python, so that other greenlets, or threads, go on."""
    steps_done, stop = [0], threading.Event()

    def tick() -> None:
        while not stop.wait(0.01):
            steps_done[0] += 1

    ticking = threading.Thread(target=tick)
    ticking.start()
    other = hold(file, 0.5)
    Customer.create(tenant=people.tenant, name="Ann")
    stop.set()
    ticking.join()
    other.join()
    assert steps_done[0] >= 5


@pytest.mark.parametrize(("setting", "pragma"), [("full", 2), ("normal", 1)])
def test_a_commit_waits_for_the_disk_where_that_is_asked(file: str, setting: str, pragma: int) -> None:
    settings = replace(current_settings(), sqlite_synchronous=setting)
    kept = there(base.db.obj)
    try:
        with base.connect(settings).connection_context():
            assert db.execute_sql("PRAGMA synchronous").fetchone() == (pragma,)
    finally:
        base.db.initialize(kept)


def test_a_commit_waits_for_the_disk_unless_told_otherwise() -> None:
    assert Settings.load({"SESSION_SECRET": "x" * 32}).sqlite_synchronous == "full"


def test_who_waits_for_another_writer_of_this_process_keeps_no_connection(file: str, people: People) -> None:
    """Or as many waiters as the pool has places would keep out everybody who only reads."""
    may_end, is_waiting = threading.Event(), threading.Event()

    def write_long() -> None:
        with transaction():
            is_waiting.wait(STUCK_S) and may_end.wait(STUCK_S)

    def wait() -> None:
        Customer.select().count()           # has a connection now
        is_waiting.set()
        with transaction():
            pass

    base.release()
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(in_connection, write_long)]
        until(lambda: len(db._in_use) == 1)
        both.append(pool.submit(in_connection, wait))
        assert is_waiting.wait(STUCK_S)
        until(lambda: len(db._in_use) == 1, lambda: "who waits keeps its connection")
        may_end.set()
    assert [step.result() for step in both] == [None, None]


def in_connection(step: Callable[[], None]) -> None:
    with connection():
        step()
