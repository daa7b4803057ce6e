"""A Redis that is not ours dies with all it held, and nobody answers at its address for 20 seconds."""

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import pytest

from tests import servers
from tests.fakes import FakeProcess
from tests.faults import books
from tests.faults.conftest import Run, brisk
from tests.faults.stack import Stack, shown, wait
from tests.faults.traffic import Traffic

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
_AWAY_S = 20.0
_LAST_ANSWERS_S = 5.0   # what was in the making when Redis went is still finished


class Elsewhere:
    """A Redis at one address for all its lives; each begins empty."""

    def __init__(self) -> None:
        # Below the ports that the system hands out: one of those could be given away while nobody listens there, even
        # to a client that knocks there and so meets itself.
        self._port = servers.free_port()
        self._life = ExitStack()

    def start(self) -> str:
        return self._life.enter_context(servers.redis_on(self._port, stop=signal.SIGKILL))

    def kill(self) -> None:
        self._life.close()


@pytest.fixture(scope="module")
def redis() -> Iterator[Elsewhere]:
    redis = Elsewhere()
    yield redis
    redis.kill()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, fake: FakeProcess, redis: Elsewhere,
          database_url: str) -> Iterator[Stack]:
    with brisk(tmp_path_factory.mktemp("elsewhere"), fake, database_url, REDIS_URL=redis.start()) as stack:
        yield stack


@pytest.fixture
def pauses_s() -> Sequence[float]:
    """Half a minute of traffic: before the outage, all through it and after it."""
    return 0.2, 1.0, 4.0, 7.0


def test_a_redis_that_is_away_for_20_seconds_costs_no_line_and_no_visitor_waits(
        stack: Stack, fake: FakeProcess, under_load: Run, redis: Elsewhere) -> None:
    went: list[float] = []

    def outage(traffic: Traffic) -> None:
        traffic.after(40, redis.kill)
        went.append(time.monotonic())
        time.sleep(_AWAY_S)
        owed = _newest(traffic, went[0] + _LAST_ANSWERS_S)
        assert len(owed) > 5 and not any(books.is_answered(stack, line) for line in owed), "there was no outage"
        redis.start()
        took = wait(lambda: all(books.is_answered(stack, line) for line in owed),
                    lambda: shown(books.owed(stack, fake)) + stack.tree.text()[-3000:])
        print(f"\n{len(owed)} visitors who wrote while Redis was away had their answer {took:.1f} s after its return")

    lines = under_load(outage).lines
    during = [line for line in lines if 0 < line.began - went[0] < _AWAY_S]
    slowest = max(during, key=lambda line: line.took_s)
    usual_s = max(line.took_s for line in lines if line not in during)
    print(f"{len(during)} lines were accepted without Redis, the slowest in {slowest.took_s * 1000:.0f} ms")
    assert all(line.tries == 1 for line in during), "a visitor was refused"
    assert slowest.took_s < 1 + 2 * usual_s, "a visitor waited for Redis"


def _newest(traffic: Traffic, since: float) -> list[str]:
    """The newest line of each visitor who has written since then."""
    return [visitor.accepted[-1].uuid for visitor in traffic.visitors
            if visitor.accepted and visitor.accepted[-1].began > since]
