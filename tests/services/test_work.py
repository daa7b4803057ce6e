"""One mechanism for all work: claimed by one at a time, tried again, given up, and never lost to a clock."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from hub.lib import clock
from hub.models.agents.agent import Agent
from hub.models.channels.inbound_event import InboundEvent
from hub.models.conversations.delivery import Delivery
from hub.models.conversations.message import Message
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.platform.mail import Mail, MailKind
from hub.models.platform.proxy import Proxy
from hub.models.platform.update import Update
from hub.queue import Job
from hub.services import work
from hub.services.conversations import outbox
from hub.services.platform import sweep
from tests import factories
from tests.factories import People
from tests.services import steps


def at(seconds: float) -> Any:
    return time_machine.travel(clock.ahead(seconds), tick=True)


@pytest.fixture
def rows(people: People, agent: Agent) -> dict[Job, Any]:
    """One row of every kind of work, due now."""
    line = factories.make_line(factories.make_site(people.tenant), "Hello")
    shop = factories.make_custom(people.tenant, "http://127.0.0.1:9/")
    outbox.reply(factories.caller(people.bob), factories.make_conversation(shop), "Hello", "c-1")
    event = InboundEvent.create(tenant=people.tenant, channel=shop, external_id="e-1", body=b"{}")
    doc = KnowledgeDoc.create(tenant=people.tenant, title="T", content="C")
    mail = Mail.create(kind=MailKind.RESET, recipient="ann@bakery.example")
    people.other.closing_at = clock.now()
    people.other.save()
    proxy = Proxy.create(host="proxy.example", port=8080, protocol="http", digest="d-1")
    return {Job.PROCESS_INBOUND: event, Job.ANSWER: line, Job.DELIVER: Delivery.get(), Job.INDEX: doc,
            Job.SEND_MAIL: mail, Job.ERASE_TENANT: people.other, Job.CHECK_PROXY: proxy,
            Job.UPDATE: Update.create(version="9.0.0", state="queued")}


KINDS = {kind.job: kind for kind in sweep.kinds() if isinstance(kind.job, Job)}
DONE = {Job.INDEX: "ready", Job.SEND_MAIL: "sent", Job.UPDATE: "applied"}
LINE = sorted(KINDS)
STATEFUL = sorted(job for job, kind in KINDS.items() if kind.has_state)


@pytest.mark.parametrize("job", LINE)
def test_of_many_who_ask_at_once_one_gets_it(rows: dict[Job, Any], job: Job) -> None:
    got = steps.good(steps.at_once(*[lambda: work.claim(KINDS[job], rows[job].id)] * 6))
    assert sum(row is not None for row in got) == 1


@pytest.mark.parametrize("job", LINE)
def test_a_lease_ends_by_itself_and_is_found(rows: dict[Job, Any], job: Job) -> None:
    kind, number = KINDS[job], rows[job].id
    assert work.claim(kind, number) is not None
    with at(10):
        assert work.forgotten(kind, clock.now(), 9) == []
    with at(work.LASTS_S + 1):
        assert work.forgotten(kind, clock.now(), 9) == [(job, number)]


@pytest.mark.parametrize("job", LINE)
def test_a_lease_holds_up_to_its_very_end(rows: dict[Job, Any], job: Job) -> None:
    now = clock.ahead(1)
    with time_machine.travel(now, tick=False):
        assert work.claim(KINDS[job], rows[job].id) is not None
    with time_machine.travel(now + timedelta(seconds=work.LASTS_S), tick=False):
        assert work.claim(KINDS[job], rows[job].id) is None and work.forgotten(KINDS[job], clock.now(), 9) == []


@pytest.mark.parametrize("back_s", [60, 3600, 86_400, 400 * 86_400])
@pytest.mark.parametrize("job", LINE)
def test_a_lease_of_a_clock_that_was_set_back_holds_nobody_up(rows: dict[Job, Any], job: Job, back_s: int) -> None:
    kind, number = KINDS[job], rows[job].id
    with at(back_s):
        assert work.claim(kind, number) is not None         # and its worker dies, and the clock is set right
    assert work.forgotten(kind, clock.now(), 9) == [(job, number)]
    assert (work.abandoned(kind, number) if job == Job.DELIVER else work.claim(kind, number)) is not None


@pytest.mark.parametrize("back_s", [600, 3600, 86_400])
@pytest.mark.parametrize("job", LINE)
def test_what_became_due_before_the_clock_was_set_back_is_due_now(rows: dict[Job, Any], job: Job, back_s: int) -> None:
    kind, number = KINDS[job], rows[job].id
    kind.model.update(**{kind.due: clock.ahead(kind.first_s + back_s)}).where(kind.model.id == number).execute()
    assert work.forgotten(kind, clock.now(), 9) == [(job, number)]
    assert work.claim(kind, number) is not None


@pytest.mark.parametrize("wait_s", [1, 299])
def test_an_agent_that_waits_before_it_answers_still_waits(rows: dict[Job, Any], wait_s: int) -> None:
    Message.update(answer_at=clock.ahead(wait_s)).execute()
    assert work.claim(outbox.OWED, rows[Job.ANSWER].id) is None
    with at(wait_s):
        assert work.claim(outbox.OWED, rows[Job.ANSWER].id) is not None


@pytest.mark.parametrize("job", STATEFUL)
def test_it_is_tried_again_at_the_kinds_own_intervals_and_then_has_failed(rows: dict[Job, Any], job: Job) -> None:
    kind, number, ahead = KINDS[job], rows[job].id, 0.0
    for attempt in range(kind.attempts):
        with at(ahead):
            row = work.claim(kind, number)
            assert row is not None and row.attempts == attempt + 1
            wait_s = work.retry(kind, row, "It did not work.")
            assert work.claim(kind, number) is None, "not before it is due"
        last = attempt + 1 == kind.attempts
        expected = None if last else kind.back_off_s[min(attempt, len(kind.back_off_s) - 1)]
        assert wait_s == expected
        ahead += wait_s or 0
    now = steps.fresh(rows[job])
    assert (now.state, now.error, now.lease_until) == (kind.failed, "It did not work.", None)


@pytest.mark.parametrize("job", [job for job in STATEFUL if KINDS[job].repeatable])
def test_who_was_frozen_past_its_lease_writes_nothing(rows: dict[Job, Any], job: Job) -> None:
    kind, number = KINDS[job], rows[job].id
    frozen = work.claim(kind, number)
    with at(work.LASTS_S + 1):
        second = work.claim(kind, number)
        assert work.finish(kind, frozen, "failed") is False and work.retry(kind, frozen, "late") is None
        assert steps.fresh(second).state == kind.running
        assert work.finish(kind, second, DONE.get(job, "done")) is True


@pytest.mark.parametrize("job", [job for job in STATEFUL if KINDS[job].repeatable])
def test_what_kills_its_worker_again_and_again_is_given_up(rows: dict[Job, Any], job: Job) -> None:
    kind, number, ahead = KINDS[job], rows[job].id, 0.0
    for _ in range(kind.attempts + 1):
        with at(ahead):
            work.claim(kind, number)
        ahead += work.LASTS_S + 1
    assert (steps.fresh(rows[job]).state, steps.fresh(rows[job]).error) == (kind.failed, "It failed too often.")


def test_a_claim_of_this_process_is_renewed_by_its_kind(rows: dict[Job, Any]) -> None:
    for job, kind in KINDS.items():
        with work.taken(kind, rows[job].id) as row, at(10):
            assert row is not None
            work.renew()
            lease = getattr(steps.fresh(rows[job]), kind.lease)
            assert lease > clock.now() + timedelta(seconds=work.LASTS_S - 2)
    assert work._held == set()
