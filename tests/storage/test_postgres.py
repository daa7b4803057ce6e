"""Postgres crashes, ends connections and has none left, in the middle of the traffic."""

import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import httpx2
import psycopg2
import pytest

from tests.fakes import FakeProcess
from tests.faults.conftest import Run
from tests.storage.postgres import Postgres
from tests.faults.stack import Stack, wait
from tests.faults.traffic import Traffic
from tests.waits import STUCK_S

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
_CONNECTIONS, _CALLERS = 80, 200


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with tempfile.TemporaryDirectory(prefix="parley-test-", ignore_cleanup_errors=True) as folder:
        postgres = Postgres(Path(folder), "-c", f"max_connections={_CONNECTIONS}")
        postgres.start()
        yield postgres
        postgres.kill()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, fake: FakeProcess, postgres: Postgres) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("stack"), fake, DATABASE_URL=postgres.url, SWEEP_SECONDS="2",
               ANSWER_PAUSE_MS="300") as stack:
        yield stack


def test_a_postgres_that_crashes_five_times_costs_no_line_and_no_second_answer(
        stack: Stack, under_load: Run, postgres: Postgres) -> None:
    took = []

    def crash(traffic: Traffic) -> None:
        for count in (20, 55, 90, 125, 160):
            traffic.after(count, postgres.kill)
            postgres.start()
            took.append(wait(stack.is_up, stack.tree.text))

    under_load(crash)
    print("ready again after a crash, in seconds: " + ", ".join(f"{seconds:.1f}" for seconds in took))


def test_connections_that_are_ended_in_mid_transaction_leave_nothing_half_done(
        stack: Stack, under_load: Run, postgres: Postgres) -> None:
    ended = []

    def end(traffic: Traffic) -> None:
        for count in range(10, 200, 10):
            traffic.after(count, lambda: ended.append(postgres.end_connections(0.5)))

    under_load(end)
    assert sum(ended) > 10
    assert stack.rows("SELECT COUNT(*) FROM message m WHERE role = 'assistant' AND NOT EXISTS "
                      "(SELECT 1 FROM turn t WHERE t.reply_id = m.id)") == [(0,)], "an answer without its turn"


def test_with_no_connection_left_callers_are_told_to_come_back_and_then_served(
        stack: Stack, postgres: Postgres) -> None:
    def ask(_: int) -> tuple[int, str]:
        answer = http.post("/widget/session", json={"site": stack.site})
        return answer.status_code, answer.headers.get("Retry-After", "")

    with ExitStack() as taken, httpx2.Client(
            base_url=stack.url, timeout=STUCK_S, headers={"Origin": "https://shop.example"},
            limits=httpx2.Limits(max_connections=None)) as http, ThreadPoolExecutor(_CALLERS) as pool:
        _take_all(postgres, taken)
        said = list(pool.map(ask, range(_CALLERS)))
        assert {status for status, _ in said} <= {200, 503}, said
        refused = [after for status, after in said if status == 503]
        assert refused and all(int(after) > 0 for after in refused)
        assert httpx2.get(f"{stack.url}/health", timeout=STUCK_S).status_code == 200
        taken.close()
        wait(stack.is_up, stack.tree.text)
        assert {status for status, _ in pool.map(ask, range(_CALLERS))} == {200}


def _take_all(postgres: Postgres, taken: ExitStack) -> None:
    """What the hub holds is taken from it, and then all that there is."""
    postgres.end_connections()
    with pytest.raises(psycopg2.OperationalError, match="too many clients"):
        while True:
            taken.enter_context(closing(psycopg2.connect(postgres.url)))


def test_a_power_cut_of_everything_at_once_costs_nothing(stack: Stack, under_load: Run, postgres: Postgres) -> None:
    postgres.kill()
    postgres.start(signal.SIGKILL)
    wait(stack.is_up, stack.tree.text)

    def cut() -> None:
        stack.tree.kill()
        postgres.kill()
        postgres.start()
        stack.start()

    under_load(lambda traffic: traffic.after(90, cut))
