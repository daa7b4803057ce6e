"""Feature flags: the environment goes before the business, the business before all, all before the code."""

from typing import Any

import pytest
from peewee import IntegrityError

from hub.access import flags
from hub.access.callers import Service
from hub.access.flags import Flag
from hub.models.accounts.tenant import Tenant
from hub.models.agents.agent import Agent
from hub.models.conversations.turn import Turn
from hub.models.platform.event import Event
from hub.models.platform.feature_flag import FeatureFlag
from hub.services.knowledge import retrieval
from hub.services.platform.flags import switch
from tests import factories
from tests.factories import People
from tests.services import steps
from tests.there import there

_QUESTION = "How much is delivery to Kazan?"
_ANYBODY = Service("test")


@pytest.mark.parametrize(("environment", "ours", "everybody", "is_on"), [
    ("", None, None, True), ("", None, False, False), ("", None, True, True),
    ("", True, False, True), ("", False, True, False), ("", False, None, False),
    ("true", False, False, True), ("true", None, False, True), ("false", True, True, False),
    ("false", None, None, False)])
def test_the_nearest_word_counts(people: People, use: Any, environment: str, ours: bool | None,
                                 everybody: bool | None, is_on: bool) -> None:
    for tenant, enabled in ((people.tenant, ours), (None, everybody)):
        if enabled is not None:
            switch(_ANYBODY, Flag.RAG, tenant, enabled)
    use(feature_rag=environment)
    assert flags.on(Flag.RAG, people.tenant) is flags.on(Flag.RAG, people.tenant.id) is is_on


def test_a_flag_of_one_business_is_nobody_elses_and_no_other_flag(people: People) -> None:
    switch(_ANYBODY, Flag.RAG, people.tenant, False)
    assert flags.on(Flag.RAG, people.other) and flags.on(Flag.RAG, None)
    assert flags.on(Flag.AI_SUGGESTIONS, people.tenant)


def test_it_is_switched_again_and_again_in_one_row_at_once(people: People) -> None:
    for tenant in (people.tenant, None):
        for enabled in (False, True, False):
            switch(_ANYBODY, Flag.RAG, tenant, enabled)
            assert flags.on(Flag.RAG, tenant) is enabled
    assert FeatureFlag.select().count() == 2
    with pytest.raises(IntegrityError):
        FeatureFlag.create(tenant=None, name=Flag.RAG, enabled=True)


def test_who_switched_it_for_a_business_is_recorded(people: People) -> None:
    switch(steps.by(people.tenant), Flag.RAG, people.tenant, False)
    switch(steps.by(people.tenant), Flag.RAG, people.tenant, True)
    told = [(event.kind, event.actor, there(event.new)["enabled"]) for event in Event.select().order_by(Event.id)
            if event.entity == "feature_flag"]
    assert told == [("feature_flag.created", "service:test", False), ("feature_flag.changed", "service:test", True)]


def test_a_flag_goes_with_its_business(people: People) -> None:
    switch(_ANYBODY, Flag.RAG, people.other, False)
    people.other.delete_instance()
    assert FeatureFlag.select().count() == 0


def test_without_meaning_articles_are_found_by_their_words(knowledge: Tenant) -> None:
    assert any(found.vector for found in retrieval.search(knowledge, _QUESTION))
    switch(_ANYBODY, Flag.RAG, knowledge, False)
    found = retrieval.search(knowledge, _QUESTION)
    assert found and not any(one.vector for one in found) and found[0].lexical > 0


@pytest.mark.parametrize("is_on", [True, False])
def test_what_may_not_be_sent_is_drafted_only_where_suggestions_are_on(knowledge: Tenant, is_on: bool) -> None:
    factories.make_agent(knowledge, check_before_send=True)
    switch(_ANYBODY, Flag.AI_SUGGESTIONS, knowledge, is_on)
    conversation, (line,) = steps.open_talk(knowledge, _QUESTION)
    assert bool(steps.take(line)) is is_on and bool(Turn.suggestion(conversation)) is is_on
    assert steps.said(conversation) == [] and steps.fresh(line).answer_at is None


def test_what_may_be_sent_is_sent_without_suggestions(knowledge: Tenant, agent: Agent) -> None:
    switch(_ANYBODY, Flag.AI_SUGGESTIONS, knowledge, False)
    conversation, (line,) = steps.open_talk(knowledge, _QUESTION)
    assert steps.take(line).state == "replied" and len(steps.said(conversation)) == 1
