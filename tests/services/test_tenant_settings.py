"""Settings of a business: defaults until somebody sets something else, a row for that, and work that follows them."""

from datetime import timedelta
from typing import Any

import pytest

from hub.errors import BadInput
from hub.models.accounts.tenant import Tenant
from hub.models.platform.event import Event
from hub.models.platform.tenant_setting import TenantSetting
from hub.services import tenant_settings
from hub.services.agents.answer_timing import AnswerTiming
from tests import factories
from tests.factories import People
from tests.services import steps
from tests.there import there


def waits(tenant: Tenant) -> float:
    """Seconds after which the second of two quick lines is due."""
    _, written = steps.open_talk(tenant, "Hi", "one more thing")
    return float((there(written[1].answer_at) - written[1].created_at).total_seconds())


def change(tenant: Tenant, **values: Any) -> AnswerTiming:
    return tenant_settings.change(steps.by(tenant), AnswerTiming, values)


def test_a_business_that_says_nothing_follows_the_installation(people: People, use: Any) -> None:
    use(answer_pause_ms=3000)
    assert tenant_settings.of(people.tenant, AnswerTiming) == AnswerTiming(pause_seconds=3, burst_seconds=20)
    assert TenantSetting.select().count() == 0


def test_the_ai_waits_as_the_business_says_and_no_other_business_does(people: People) -> None:
    for tenant in (people.tenant, people.other):
        factories.make_agent(tenant)
    assert 0.9 < waits(people.other) < 1.1
    change(people.tenant, pause_seconds=7.5)
    assert 7.4 < waits(people.tenant) < 7.6
    assert 0.9 < waits(people.other) < 1.1


def test_lines_further_apart_than_a_burst_are_answered_at_once(people: People) -> None:
    factories.make_agent(people.tenant)
    change(people.tenant, pause_seconds=7, burst_seconds=0)
    assert waits(people.tenant) < 0.1
    change(people.tenant, burst_seconds=30)
    assert 6.9 < waits(people.tenant) < 7.1


def test_the_agents_own_longer_delay_is_kept(people: People) -> None:
    factories.make_agent(people.tenant, response_delay_seconds=45)
    change(people.tenant, pause_seconds=3)
    assert 44.9 < waits(people.tenant) < 45.1


def test_only_what_differs_is_stored_and_what_is_given_is_changed(people: People) -> None:
    change(people.tenant, pause_seconds=2, burst_seconds=20)
    assert TenantSetting.get().values == {"pause_seconds": 2.0}
    change(people.tenant, burst_seconds=5)
    assert TenantSetting.get().values == {"pause_seconds": 2.0, "burst_seconds": 5.0}
    change(people.tenant, pause_seconds=1, burst_seconds=20)
    assert TenantSetting.get().values == {}
    assert TenantSetting.select().count() == 1


def test_a_change_is_recorded_with_its_old_and_new_values(people: People) -> None:
    change(people.tenant, pause_seconds=2)
    change(people.tenant, pause_seconds=3)
    change(people.tenant, pause_seconds=3)
    told = [(event.old, event.new) for event in Event.select().where(Event.kind == "tenant_setting.changed")
            .order_by(Event.id)]
    assert told == [({"values": {}}, {"values": {"pause_seconds": 2.0}}),
                    ({"values": {"pause_seconds": 2.0}}, {"values": {"pause_seconds": 3.0}})]


@pytest.mark.parametrize("wrong", [-1, 10.5, "soon", None, float("nan"), float("inf")])
def test_what_does_not_fit_is_refused_with_its_field_and_nothing_changes(people: People, wrong: Any) -> None:
    change(people.tenant, pause_seconds=2)
    with pytest.raises(BadInput) as caught:
        change(people.tenant, pause_seconds=wrong)
    assert caught.value.details["field"] in ("pause_seconds", "pauseSeconds")
    assert tenant_settings.of(people.tenant, AnswerTiming).pause_seconds == 2


@pytest.mark.parametrize("stored", [{"pause_seconds": 99}, {"pause_seconds": "?"}, {"pause_seconds": None},
                                    {"gone": 1}])
def test_a_stored_value_that_is_not_allowed_any_more_is_as_by_default(people: People, stored: Any) -> None:
    TenantSetting.create(tenant=people.tenant, name="answer_timing", values={**stored, "burst_seconds": 5})
    assert tenant_settings.of(people.tenant, AnswerTiming) == AnswerTiming(pause_seconds=1, burst_seconds=5)


def test_two_who_change_different_fields_at_once_both_do(people: People) -> None:
    steps.good(steps.at_once(lambda: change(people.tenant, pause_seconds=2),
                             lambda: change(people.tenant, burst_seconds=5)))
    assert TenantSetting.get().values == {"pause_seconds": 2.0, "burst_seconds": 5.0}


def test_a_burst_is_counted_from_the_line_before(people: People) -> None:
    factories.make_agent(people.tenant)
    change(people.tenant, pause_seconds=7, burst_seconds=60)
    conversation, _ = steps.open_talk(people.tenant, "Hi")
    conversation.last_message_at -= timedelta(seconds=50)
    conversation.save(only=["last_message_at"])
    line = factories.make_line(conversation.channel, "and?", who=f"v-{people.tenant.id}-{conversation.channel_id}")
    assert (there(line.answer_at) - line.created_at).total_seconds() > 6.9
