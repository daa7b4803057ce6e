"""The worker process: it does what waits, outlives an outage of Redis, keeps its claims, and ends in good order."""

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from rq import SimpleWorker

from hub import queue
from hub.lib import clock
from hub.models.conversations.message import Message
from hub.models.accounts.tenant import Tenant
from hub.models.conversations.turn import Turn
from hub.queue import LANES, Job
from hub.services import leases
from hub.services.conversations import outbox
from tests import factories
from tests.fakes import FakeServer
from tests.jobs.conftest import OwnRedis, Start
from tests.services import steps

_QUESTION = "How much is delivery to Kazan?"


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    with FakeServer() as server:
        yield server


@pytest.fixture
def shop(app: Any) -> Tenant:
    """A business that knows one thing."""
    tenant = factories.make_tenant()
    factories.make_agent(tenant)
    factories.make_doc(tenant, "Delivery", "Delivery to Kazan costs 300 rubles and takes two days.")
    return tenant


def asks(tenant: Tenant, who: str = "v-1") -> Message:
    return factories.make_line(factories.make_site(tenant), _QUESTION, who=who)


def answered(line: Message) -> bool:
    return bool(steps.said(line.conversation_id))


def with_model(fake: FakeServer) -> dict[str, str]:
    return {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": fake.openai_url}


def test_it_answers_what_waits(shop: Tenant, start: Start) -> None:
    line = asks(shop)
    start("jobs.worker")
    steps.until(lambda: answered(line), 15)
    assert queue.waiting(Job.ANSWER) == 0


@pytest.mark.slow
def test_ten_slow_answers_run_at_the_same_time(shop: Tenant, start: Start, fake: FakeServer) -> None:
    fake.mode("openai", "hold")
    lines = [asks(shop, f"v-{number}") for number in range(LANES["answers"].greenlets)]
    start("jobs.worker", **with_model(fake))
    fake.wait_for("openai", len(lines), within_s=15)
    assert fake.load()["openai"]["peak"] == len(lines)
    fake.release("openai")
    steps.until(lambda: all(answered(line) for line in lines), 15)


def test_a_slow_lane_does_not_hold_up_the_others(shop: Tenant, start: Start, fake: FakeServer) -> None:
    fake.mode("openai", "hold")
    for number in range(LANES["answers"].greenlets + 2):
        asks(shop, f"v-{number}")
    start("jobs.worker", **with_model(fake))
    fake.wait_for("openai", LANES["answers"].greenlets, within_s=15)
    channel = factories.make_custom(shop, fake.channel_url("shop"))
    conversation = factories.make_conversation(channel, "Hello", who="anna")
    outbox.reply(factories.make_user(shop), conversation, "Hello Anna", "c-1")
    fake.wait_for("channel", 1, within_s=15)


@pytest.mark.slow
def test_its_claims_are_kept_for_as_long_as_it_works(shop: Tenant, start: Start, fake: FakeServer) -> None:
    fake.mode("openai", "hold")
    line = asks(shop)
    start("jobs.worker", **with_model(fake), AI_DEADLINE_SECONDS="30")
    fake.wait_for("openai", within_s=15)
    first = steps.fresh(line).answer_lease
    assert first < clock.ahead(leases.LASTS_S + 1)
    steps.until(lambda: steps.fresh(line).answer_lease > first, 3 * leases.EVERY_S)
    fake.release("openai")
    steps.until(lambda: answered(line))
    assert steps.fresh(line).answer_lease is None


@pytest.mark.slow
def test_a_killed_worker_loses_its_claim_and_another_one_answers_once(shop: Tenant, start: Start,
                                                                      fake: FakeServer) -> None:
    fake.mode("openai", "hold")
    line = asks(shop)
    first = start("jobs.worker", **with_model(fake))
    fake.wait_for("openai", within_s=15)
    first.kill()
    fake.mode("openai", "ok")
    start("jobs.worker", **with_model(fake))
    began = time.monotonic()
    steps.repeat(lambda: queue.later(Job.SWEEP, 0), lambda: answered(line), leases.LASTS_S + 10, pause_s=0.5)
    assert time.monotonic() - began < leases.LASTS_S + 8, "not later than its claim lasts"
    turn = Turn.get(question=line)
    assert (turn.state, turn.attempts, len(steps.said(line.conversation_id))) == ("replied", 2, 1)


@pytest.mark.slow
def test_told_to_stop_it_ends_what_it_began_and_takes_no_more(shop: Tenant, start: Start, fake: FakeServer) -> None:
    fake.mode("openai", "hold")
    running = asks(shop)
    worker = start("jobs.worker", **with_model(fake))
    fake.wait_for("openai", within_s=15)
    worker.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(1)
    fake.release("openai")
    assert worker.wait(15) == 0 and answered(running)


def test_told_to_stop_with_nothing_to_do_it_ends_at_once(start: Start) -> None:
    worker = start("jobs.worker")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(15) == 0     # the grace that it gives to running jobs is longer


@pytest.mark.slow
def test_a_redis_that_dies_under_running_jobs_leaves_every_lane_working(shop: Tenant, start: Start, fake: FakeServer,
                                                                       own_redis: OwnRedis) -> None:
    """RQ ends a worker's loop, without an error, when it cannot write down how a job ended."""
    fake.mode("openai", "hold")
    lines = [asks(shop, f"v-{number}") for number in range(LANES["answers"].greenlets)]
    worker = start("jobs.worker", **with_model(fake), REDIS_URL=own_redis.url, AI_DEADLINE_SECONDS="60")
    fake.wait_for("openai", len(lines), within_s=30)
    own_redis.stop()
    fake.mode("openai", "ok")
    fake.release("openai")
    steps.until(lambda: all(answered(line) for line in lines), 30)
    fake.mode("openai", "hold")
    own_redis.begin()
    more = [asks(shop, f"more-{number}") for number in range(LANES["answers"].greenlets)]
    steps.until(lambda: fake.load()["openai"]["active"] == len(more), 30)
    fake.release("openai")
    steps.until(lambda: all(answered(line) for line in more), 30)
    assert worker.poll() is None


@pytest.mark.slow
def test_a_job_that_takes_too_long_is_ended_and_its_line_answered_all_the_same(shop: Tenant, start: Start,
                                                                              fake: FakeServer) -> None:
    fake.mode("openai", "hang", times=1)
    line = asks(shop)
    queue.redis().flushall()
    queue.queues()["answers"].enqueue(str(Job.ANSWER), line.id, job_timeout=2)
    start("jobs.worker", **with_model(fake), AI_DEADLINE_SECONDS="60")
    fake.wait_for("openai", within_s=15)
    steps.until(lambda: fake.calls("openai")[0].is_hung_up, 15)
    steps.repeat(lambda: queue.later(Job.SWEEP, 0), lambda: answered(line), leases.LASTS_S + 10, pause_s=0.5)
    assert len(steps.said(line.conversation_id)) == 1


def test_each_of_its_greenlets_listens_to_one_queue(start: Start) -> None:
    """Listening to several, RQ takes a job with BLPOP: a kill at that moment loses it."""
    start("jobs.worker")
    wanted = Counter({name: lane.greenlets for name, lane in LANES.items()})
    steps.until(lambda: Counter(",".join(worker.queue_names()) for worker in SimpleWorker.all(queue.redis())) == wanted)
