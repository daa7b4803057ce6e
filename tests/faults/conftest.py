"""One stack and one fake model for all faults: starting costs more than most of the faults take to heal."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import servers
from tests.fakes import FakeProcess
from tests.faults import books
from tests.faults.stack import Stack, shown, wait
from tests.faults.traffic import LINES, PAUSES_S, VISITORS, Traffic

Run = Callable[[Callable[[Traffic], None]], Traffic]


@pytest.fixture(scope="session")
def fake() -> Iterator[FakeProcess]:
    """A model that takes its time, so that a kill finds answers in the making."""
    with FakeProcess() as fake:
        fake.mode("openai", "slow", delay_s=0.3, path="chat")
        yield fake


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, fake: FakeProcess, database_url: str) -> Iterator[Stack]:
    with brisk(tmp_path_factory.mktemp("stack"), fake, database_url) as stack:
        yield stack


@contextmanager
def brisk(folder: Path, fake: FakeProcess, database_url: str, **env: str) -> Iterator[Stack]:
    """A stack that sweeps often, on a database of its own of the kind that the suite runs on."""
    env |= {"SWEEP_SECONDS": "2", "ANSWER_PAUSE_MS": "300"}
    with servers.empty_database(database_url, folder) as own, Stack(folder, fake, DATABASE_URL=own, **env) as stack:
        yield stack


@pytest.fixture
def pauses_s() -> Sequence[float]:
    """What a visitor may wait between two lines; a file whose fault takes long has a fixture of its own."""
    return PAUSES_S


@pytest.fixture
def under_load(stack: Stack, fake: FakeProcess, pauses_s: Sequence[float], request: pytest.FixtureRequest) -> Run:
    """under_load(harm): 200 lines flow, `harm(traffic)` in their midst; then all is up, done and in the books."""
    def run(harm: Callable[[Traffic], None]) -> Traffic:
        traffic = Traffic(stack.url, stack.site, pauses_s)
        with traffic:
            harm(traffic)
        ended = time.monotonic()
        assert len(traffic.lines) == VISITORS * LINES
        wait(stack.is_up, stack.tree.text)
        wait(lambda: not any(books.owed(stack, fake).values()),
             lambda: shown(books.owed(stack, fake)) + stack.tree.text()[-3000:])
        healed = time.monotonic() - ended
        faults = books.audit(stack, traffic, fake)
        slowest = max(traffic.lines, key=lambda line: line.took_s)
        print(f"\n{request.node.name}: all done {healed:.1f} s after the last line; the slowest line was accepted "
              f"in {slowest.took_s:.1f} s ({slowest.tries} tries); {_turns(stack)}")
        traffic.close()
        assert not faults, "\n".join(faults) + "\n" + stack.tree.text()[-3000:]
        return traffic

    return run


def _turns(stack: Stack) -> dict[str, int]:
    return dict(stack.rows("SELECT state, COUNT(*) FROM turn GROUP BY state"))
