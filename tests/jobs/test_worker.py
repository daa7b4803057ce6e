"""The worker process: it does what waits, outlives an outage of Redis, keeps its claims, and ends in good order."""

import signal
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from hub import queue
from hub.lib import clock
from hub.models.conversations.message import Message
from hub.models.accounts.tenant import Tenant
from hub.models.conversations.turn import Turn
from hub.queue import LANES, Job
from hub.services import work
from hub.services.conversations import outbox
from tests import factories
from tests.fakes import FakeServer
from tests.jobs.conftest import OwnRedis, Start
from tests.services import steps
from tests.waits import PATIENCE, STUCK_S

_QUESTION = "How much is delivery to Kazan?"


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


def _expire(line: Message) -> None:
    """As if the time of its claim had passed; that it does pass is seen where the whole stack is (tests/faults)."""
    Message.update(answer_lease=clock.ahead(-1)).where(Message.id == line.id).execute()


def with_model(fake: FakeServer) -> dict[str, str]:
    return {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": fake.openai_url}


def test_it_answers_what_waits_and_runs_nothing_that_is_not_the_hubs(
        shop: Tenant, start: Start, tmp_path: Path) -> None:
    foreign = Queue(Job.ANSWER.lane, connection=queue.redis(), serializer=JSONSerializer)
    foreign.enqueue_call("os.mkdir", args=(str(tmp_path / "foreign"),))
    line = asks(shop)
    start("jobs.worker")
    # On a slow machine the sweeper asks for it a second time.
    steps.until(lambda: answered(line) and foreign.failed_job_registry.count == 1 and not queue.waiting(Job.ANSWER))
    assert not (tmp_path / "foreign").exists()


@pytest.mark.slow
def test_ten_slow_answers_run_at_the_same_time(shop: Tenant, start: Start, fake: FakeServer) -> None:
    fake.mode("openai", "hold")
    lines = [asks(shop, f"v-{number}") for number in range(LANES["ai-generation"].greenlets)]
    start("jobs.worker", **with_model(fake))
    fake.wait_for("openai", len(lines))
    assert fake.load()["openai"]["peak"] == len(lines)
    fake.release("openai")
    steps.until(lambda: all(answered(line) for line in lines))


def test_a_slow_lane_does_not_hold_up_the_others(shop: Tenant, start: Start, fake: FakeServer) -> None:
    fake.mode("openai", "hold")
    for number in range(LANES["ai-generation"].greenlets + 2):
        asks(shop, f"v-{number}")
    start("jobs.worker", **with_model(fake))
    fake.wait_for("openai", LANES["ai-generation"].greenlets)
    channel = factories.make_custom(shop, fake.channel_url("shop"))
    conversation = factories.make_conversation(channel, "Hello", who="anna")
    outbox.reply(factories.caller(factories.make_user(shop)), conversation, "Hello Anna", "c-1")
    fake.wait_for("channel", 1)


@pytest.mark.slow
def test_its_claims_are_kept_for_as_long_as_it_works(shop: Tenant, start: Start, fake: FakeServer) -> None:
    fake.mode("openai", "hold")
    line = asks(shop)
    start("jobs.worker", **with_model(fake), AI_DEADLINE_SECONDS="30")
    fake.wait_for("openai")
    first = steps.fresh(line).answer_lease
    assert first < clock.ahead(work.LASTS_S + 1)
    steps.until(lambda: steps.fresh(line).answer_lease > first)
    fake.release("openai")
    steps.until(lambda: answered(line))
    assert steps.fresh(line).answer_lease is None


@pytest.mark.slow
def test_a_killed_worker_loses_its_claim_and_another_one_answers_once(shop: Tenant, start: Start,
                                                                      fake: FakeServer) -> None:
    fake.mode("openai", "hold")
    line = asks(shop)
    first = start("jobs.worker", **with_model(fake))
    fake.wait_for("openai")
    first.kill()
    first.wait(STUCK_S)
    assert steps.fresh(line).answer_lease is not None, "its claim outlives it"
    _expire(line)
    fake.mode("openai", "ok")
    start("jobs.worker", **with_model(fake))
    steps.repeat(lambda: queue.later(Job.SWEEP, 0), lambda: answered(line), pause_s=0.5)
    turn = Turn.get(question=line)
    assert (turn.state, turn.attempts, len(steps.said(line.conversation_id))) == ("replied", 2, 1)


@pytest.mark.slow
def test_told_to_stop_it_ends_what_it_began_and_takes_no_more(shop: Tenant, start: Start, fake: FakeServer) -> None:
    fake.mode("openai", "hold")
    running = asks(shop)
    worker = start("jobs.worker", **with_model(fake))
    fake.wait_for("openai")
    worker.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(1)
    fake.release("openai")
    assert worker.wait(STUCK_S) == 0 and answered(running)


def test_told_to_stop_with_nothing_to_do_it_ends_at_once(start: Start) -> None:
    worker = start("jobs.worker")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(STUCK_S) == 0     # the grace that it gives to running jobs is longer


@pytest.mark.slow
def test_a_redis_that_dies_under_running_jobs_leaves_every_lane_working(shop: Tenant, start: Start, fake: FakeServer,
                                                                       own_redis: OwnRedis) -> None:
    """RQ ends a worker's loop, without an error, when it cannot write down how a job ended."""
    fake.mode("openai", "hold")
    lines = [asks(shop, f"v-{number}") for number in range(LANES["ai-generation"].greenlets)]
    worker = start("jobs.worker", **with_model(fake), REDIS_URL=own_redis.url, AI_DEADLINE_SECONDS="60")
    fake.wait_for("openai", len(lines))
    own_redis.stop()
    fake.mode("openai", "ok")
    fake.release("openai")
    steps.until(lambda: all(answered(line) for line in lines))
    fake.mode("openai", "hold")
    own_redis.begin()
    more = [asks(shop, f"more-{number}") for number in range(LANES["ai-generation"].greenlets)]
    steps.until(lambda: fake.load()["openai"]["active"] == len(more))
    fake.release("openai")
    steps.until(lambda: all(answered(line) for line in more))
    assert worker.poll() is None


@pytest.mark.slow
def test_a_job_that_takes_too_long_is_ended_and_its_line_answered_all_the_same(shop: Tenant, start: Start,
                                                                              fake: FakeServer) -> None:
    fake.mode("openai", "hang", times=1)
    line = asks(shop)
    queue.redis().flushall()
    queue.queues()["ai-generation"].enqueue(queue.RUN, str(Job.ANSWER), line.id, job_timeout=round(3 * PATIENCE))
    start("jobs.worker", **with_model(fake), AI_DEADLINE_SECONDS="60")
    fake.wait_for("openai")
    steps.until(lambda: fake.calls("openai")[0].is_hung_up)
    _expire(line)
    steps.repeat(lambda: queue.later(Job.SWEEP, 0), lambda: answered(line), pause_s=0.5)
    assert len(steps.said(line.conversation_id)) == 1


def test_each_of_its_greenlets_listens_to_one_queue(start: Start) -> None:
    """Listening to several, RQ takes a job with BLPOP: a kill at that moment loses it."""
    start("jobs.worker")
    wanted = Counter({job.lane: LANES[job.lane].greenlets for job in Job})
    steps.until(lambda: Counter(",".join(worker.queue_names()) for worker in SimpleWorker.all(queue.redis())) == wanted)
