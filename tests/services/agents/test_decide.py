"""Whether the AI answers: a table of situations, each with its verdict and the reason that the ledger keeps."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from hub.models.agents.agent import Agent
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.accounts.tenant import Tenant
from hub.services.agents import decide
from hub.services.conversations import floor
from hub.services.agents.decide import Context, Verdict
from tests import factories
from tests.factories import People
from tests.services import steps

_NEVER: list[dict[str, str]] = []
_QUESTION = "How much is delivery to Kazan?"


def context(text: str = _QUESTION, *, conversation: dict[str, Any] | None = None, agent: dict[str, Any] | None = None,
            has_agent: bool = True, newer: bool = False) -> Context:
    """A situation without any database: what is not said is as usual."""
    question = Message(id=7, role="customer", text=text)
    lines = [question, Message(id=8, role="customer", text="And to Tomsk?")] if newer else [question]
    chosen = Agent(name="Aino", is_active=True, **(agent or {})) if has_agent else None
    return Context(Conversation(**(conversation or {})), Tenant(timezone="Europe/Moscow"), chosen, question, lines, [])


@pytest.mark.parametrize(("situation", "verdict"), [
    (context(), Verdict("answer", "question")),
    (context("Hello!"), Verdict("greet", "small_talk")),
    (context("Спасибо большое"), Verdict("greet", "small_talk")),
    (context("Hello, how much is delivery?"), Verdict("answer", "question")),
    (context("I want to talk to a human"), Verdict("hand_over", "asked_for_person")),
    (context("Позовите оператора"), Verdict("hand_over", "asked_for_person")),
    (context(conversation={"floor": "operator"}), Verdict("silent", "not_our_floor")),
    (context(conversation={"floor": "nobody"}), Verdict("silent", "not_our_floor")),
    (context(conversation={"is_open": 0}), Verdict("silent", "not_our_floor")),
    (context(newer=True), Verdict("silent", "newer_line")),
    (context(has_agent=False), Verdict("hand_over", "no_agent")),
    (context(agent={"schedule_enabled": True, "working_schedule": _NEVER}), Verdict("hand_over", "outside_hours")),
    (context(agent={"schedule_enabled": False, "working_schedule": _NEVER}), Verdict("answer", "question")),
    (context(agent={"check_before_send": True}), Verdict("answer", "question", False, "CHECK_BEFORE_SEND")),
    (context("Hello!", agent={"check_before_send": True}), Verdict("greet", "small_talk", False, "CHECK_BEFORE_SEND")),
    (context(conversation={"mode": "learning"}), Verdict("answer", "question", False, "MODE_LEARNING")),
    (context(conversation={"mode": "semi-auto"}), Verdict("answer", "question", False, "MODE_SEMI_AUTO")),
    # Several at once: silence first, then a person, then approval.
    (context("a human please", conversation={"floor": "operator"}, has_agent=False),
     Verdict("silent", "not_our_floor")),
    (context("a human please", agent={"check_before_send": True}), Verdict("hand_over", "asked_for_person")),
])
def test_it_decides(situation: Context, verdict: Verdict) -> None:
    assert decide.decide(situation) == verdict


_WEEK = [{"day": day, "start": "09:00", "end": "18:00"} for day in ("monday", "Tuesday")]


@pytest.mark.parametrize(("moment", "zone", "is_within"), [
    ("2026-03-02T09:00", "Europe/Moscow", True),        # a Monday
    ("2026-03-02T08:59", "Europe/Moscow", False),
    ("2026-03-02T17:59", "Europe/Moscow", True),
    ("2026-03-02T18:00", "Europe/Moscow", False),
    ("2026-03-03T12:00", "Europe/Moscow", True),
    ("2026-03-04T12:00", "Europe/Moscow", False),       # a Wednesday
    ("2026-03-01T23:30", "Asia/Vladivostok", False),    # Monday has begun there, the working day has not
    ("2026-10-26T08:59", "Europe/Berlin", False),       # the day after clocks were put back
    ("2026-10-26T09:00", "Europe/Berlin", True),
    ("2027-03-29T08:59", "Europe/Berlin", False),       # the day after they were put forward
    ("2027-03-29T17:59", "Europe/Berlin", True),
    ("2028-02-29T12:00", "Europe/Moscow", True),        # a Tuesday
    ("2028-03-01T12:00", "Europe/Moscow", False),       # so this is a Wednesday
])
def test_hours_are_those_on_the_wall_of_the_business(moment: str, zone: str, is_within: bool) -> None:
    here = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
    with time_machine.travel(here, tick=False):
        assert decide.within_hours(_WEEK, zone) is is_within


_SUNDAY = [{"day": "sunday", "start": "02:00", "end": "03:00"}]


@pytest.mark.parametrize(("moment", "is_within"), [
    ("2026-10-24T23:59:59Z", False), ("2026-10-25T00:00:00Z", True), ("2026-10-25T00:59:59Z", True),
    ("2026-10-25T01:30:00Z", True), ("2026-10-25T02:00:00Z", False),        # two o'clock comes twice
    ("2027-03-28T00:59:59Z", False), ("2027-03-28T01:00:00Z", False)])      # and never
def test_an_hour_that_comes_twice_or_never_is_open_as_often(moment: str, is_within: bool) -> None:
    with time_machine.travel(datetime.fromisoformat(moment), tick=False):
        assert decide.within_hours(_SUNDAY, "Europe/Berlin") is is_within


_NIGHTS = [{"day": "monday", "start": "22:00", "end": "06:00"}, {"day": "wednesday", "start": "00:00", "end": "00:00"}]


@pytest.mark.parametrize(("moment", "is_within"), [
    ("2026-03-02T21:59", False), ("2026-03-02T22:00", True), ("2026-03-02T05:00", False),       # a Monday
    ("2026-03-03T05:59", True), ("2026-03-03T06:00", False), ("2026-03-03T22:30", False),
    ("2026-03-04T00:00", True), ("2026-03-04T23:59", True), ("2026-03-05T00:00", False),        # round the clock
])
def test_hours_go_on_past_midnight_and_equal_ends_are_the_whole_day(moment: str, is_within: bool) -> None:
    here = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/Moscow"))
    with time_machine.travel(here, tick=False):
        assert decide.within_hours(_NIGHTS, "Europe/Moscow") is is_within


@pytest.mark.parametrize("schedule", [[], [{}], [{"day": "monday"}], [{"start": "09:00", "end": "18:00"}]])
def test_a_schedule_with_holes_has_no_hours(schedule: list[dict[str, Any]]) -> None:
    assert not decide.within_hours(schedule, "No/Such_Zone")


def test_it_reads_all_unanswered_lines_as_one_question(tenant: Tenant, agent: Agent) -> None:
    _, written = steps.open_talk(tenant, "Hi", "how much is delivery", "to Kazan?")
    read = decide.load(written[-1])
    assert read.text == "Hi\nhow much is delivery\nto Kazan?" and read.history == []
    assert decide.decide(decide.load(written[0])) == Verdict("silent", "newer_line")


def test_what_was_said_before_is_history(people: People, agent: Agent) -> None:
    conversation, (first,) = steps.open_talk(people.tenant, "Hi")
    steps.take(first)
    floor.request(factories.SOMEBODY, conversation, "please")       # a system line is neither a question nor an answer
    floor.release(factories.caller(people.bob), conversation)
    _, (second,) = steps.open_talk(people.tenant, "How long?", channel=conversation.channel)
    read = decide.load(second)
    assert [line.text for line in read.lines] == ["How long?"]
    assert [line.role for line in read.history] == ["customer", "assistant"]


@pytest.mark.parametrize(("settings", "text", "language"), [
    ({}, "Сколько стоит?", "ru"), ({}, "How much?", "en"),
    ({"auto_detect_language": False, "response_language": "ru"}, "How much?", "ru"),
    ({"auto_detect_language": False, "response_language": None}, "How much?", "en"),
])
def test_the_language_is_the_customers_unless_fixed(settings: dict[str, Any], text: str, language: str) -> None:
    assert context(text, agent=settings).language == language
