"""The rows say what is due: whatever hint was lost, the sweeper asks again; and claims end with their worker."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from hub import queue
from hub.lib import clock, ids
from hub.models.agents.agent import Agent
from hub.models.conversations.delivery import Delivery
from hub.models.platform.idempotency import IdempotencyKey
from hub.models.channels.inbound_event import InboundEvent
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.conversations.message import Message
from hub.models.accounts.session import RevokedToken, UserSession
from hub.models.accounts.tenant import Tenant
from hub.models.conversations.turn import Turn
from hub.queue import JOBS, Job
from hub.services import work
from hub.services.conversations import outbox
from hub.services.platform import sweep
from hub.settings import current_settings
from tests import factories
from tests.factories import People
from tests.services import steps


@pytest.fixture
def owed(people: People, agent: Agent) -> dict[Job, int]:
    """One piece of work of every kind, all of whose hints were lost."""
    tenant = people.tenant
    line = factories.make_line(factories.make_site(tenant), "Hello")
    shop = factories.make_custom(tenant, "http://127.0.0.1:9/")
    outbox.reply(factories.caller(people.bob), factories.make_conversation(shop), "Hello", "c-1")
    event = InboundEvent.create(tenant=tenant, channel=shop, external_id="e-1", body=b"{}")
    doc = KnowledgeDoc.create(tenant=tenant, title="T", content="C")
    queue.redis().flushall()
    return {Job.PROCESS_INBOUND: event.id, Job.ANSWER: line.id, Job.DELIVER: Delivery.get().id, Job.INDEX: doc.id}


def hints() -> dict[Job, int]:
    """Job -> row, as they wait in the queues."""
    found = {}
    for waiting in queue.queues().values():
        for job in waiting.get_jobs():
            found[JOBS[job.args[0]]] = job.args[1]
    return found


def later(seconds: float) -> Any:
    return time_machine.travel(clock.ahead(seconds), tick=True)


def test_everything_that_is_due_is_asked_for_again(owed: dict[Job, int]) -> None:
    with later(6):
        assert sweep.sweep() == 4
    assert hints() == owed


def test_what_is_fresh_has_a_hint_of_its_own(owed: dict[Job, int]) -> None:
    assert sweep.sweep() == 0 and hints() == {}


def test_what_somebody_works_on_is_left_alone(owed: dict[Job, int]) -> None:
    Message.update(answer_lease=clock.ahead(12)).execute()
    Delivery.update(state="sending", lease_until=clock.ahead(12)).execute()
    InboundEvent.update(state="processing", lease_until=clock.ahead(12)).execute()
    KnowledgeDoc.update(state="indexing", lease_until=clock.ahead(12)).execute()
    with later(6):
        assert sweep.sweep() == 0
    with later(70):
        assert sweep.sweep() == 4


def test_what_is_done_is_not_asked_for(owed: dict[Job, int]) -> None:
    Message.update(answer_at=None).execute()
    InboundEvent.update(state="failed").execute()
    KnowledgeDoc.update(state="ready").execute()
    for state in ("sent", "failed", "unknown"):
        Delivery.update(state=state).execute()
        with later(100):
            assert sweep.sweep() == 0


def test_a_lane_with_much_to_do_is_not_given_the_same_again(owed: dict[Job, int]) -> None:
    queue.later_all([(Job.ANSWER, number, 0) for number in range(500)])
    with later(6):
        assert sweep.sweep() == 3
    assert queue.waiting(Job.ANSWER) == 500


def test_only_the_first_of_a_conversations_deliveries_is_asked_for(people: People, owed: dict[Job, int]) -> None:
    first = Delivery.get()
    conversation = first.conversation
    whole = conversation.with_people(people.tenant.id).where(type(conversation).id == conversation.id).get()
    outbox.reply(factories.caller(people.bob), whole, "Two", "c-2")
    queue.redis().flushall()
    with later(6):
        sweep.sweep()
    assert hints()[Job.DELIVER] == first.id and queue.waiting(Job.DELIVER) == 1


def test_without_redis_nothing_breaks_and_the_next_sweep_finds_it(owed: dict[Job, int], settings: Any) -> None:
    try:
        queue.connect("redis://127.0.0.1:9/0")
        with later(6):
            sweep.sweep()
            assert queue.waiting(Job.ANSWER) == 0
    finally:
        queue.connect(settings.redis_url)
    with later(6):
        assert sweep.sweep() == 4


def test_what_has_expired_is_deleted(people: People) -> None:
    for days in (-1, 1):
        moment = clock.now() + timedelta(days=days)
        UserSession.create(user=people.bob, digest=ids.digest(str(days)), ip="", user_agent="", expires_at=moment)
        RevokedToken.create(jti=str(days), expires_at=moment)
    IdempotencyKey.create(tenant=people.tenant, key="k", request="d", created_at=clock.now() - timedelta(days=2))
    sweep._tidy()
    assert (UserSession.select().count(), RevokedToken.select().count(), IdempotencyKey.select().count()) == (1, 1, 0)


def test_a_turn_whose_worker_died_and_whose_line_was_covered_is_ended(tenant: Tenant, agent: Agent) -> None:
    conversation, (covered, owed) = steps.open_talk(tenant, "Hi", "How much?")
    for line in (covered, owed):
        Turn.create(tenant=tenant, conversation=conversation, question=line, floor_version=0)
    sweep._tidy()
    assert {turn.state for turn in Turn.select()} == {"running"}, "it may still be at it"
    with later(700):
        sweep._tidy()
    assert [turn.state for turn in Turn.select().order_by(Turn.question)] == ["overtaken", "running"]


# Claims

def test_a_held_claim_is_renewed_and_a_given_back_one_is_not(tenant: Tenant, agent: Agent) -> None:
    mine, given_back = (factories.make_line(factories.make_site(tenant)) for _ in range(2))
    Message.update(answer_lease=clock.ahead(1)).where(Message.id == mine.id).execute()
    with work.held(outbox.OWED, mine.id), work.held(outbox.OWED, given_back.id):
        work.renew()
        assert steps.fresh(mine).answer_lease > clock.ahead(work.LASTS_S - 2)
        assert steps.fresh(given_back).answer_lease is None
        Message.update(answer_lease=clock.ahead(1)).where(Message.id == mine.id).execute()
    work.renew()
    assert steps.fresh(mine).answer_lease < clock.ahead(2), "not held any more"


def test_a_claim_ends_with_the_work_even_when_it_fails(tenant: Tenant) -> None:
    with pytest.raises(RuntimeError), work.held(outbox.OWED, 1):
        raise RuntimeError
    assert work._held == set()


def test_claims_last_longer_than_two_heartbeats_and_shorter_than_patience() -> None:
    assert 2 * work.EVERY_S < work.LASTS_S <= 30 and current_settings().sweep_seconds <= 15
