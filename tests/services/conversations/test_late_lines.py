"""Lines that come late stand where they were said; what a client asks for by change number brings them all the same."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from hub.channels.base import Inbound
from hub.lib import clock
from hub.models.agents.agent import Agent
from hub.models.channels.channel import Channel
from hub.models.conversations.message import Message
from hub.services.agents import decide
from hub.services.conversations import inbox, outbox
from tests import factories
from tests.factories import People
from tests.services import steps


@pytest.fixture
def channel(people: People) -> Channel:
    return factories.make_custom(people.tenant, "http://127.0.0.1:9/")


def say(channel: Channel, text: str, at: datetime | None) -> Message:
    return inbox.receive(channel, Inbound(f"id-{text}", ("person", "vera"), text, "vera", at=at)).message


def minutes(count: float) -> datetime:
    """So many minutes after a moment of an hour ago."""
    return clock.now() - timedelta(hours=1) + timedelta(minutes=count)


def shown(line: Message, before: float | None = None, limit: int = 500) -> list[str]:
    return [one.text for one in Message.history(line.conversation_id, before, limit)]


def test_a_hundred_shuffled_lines_are_shown_in_the_order_in_which_they_were_said(channel: Channel) -> None:
    order = list(range(100))
    random.Random(5).shuffle(order)
    start = minutes(0)
    lines = [say(channel, str(number), start + timedelta(seconds=number)) for number in order]
    assert shown(lines[0]) == [str(number) for number in range(100)]
    assert sorted(line.created_at for line in lines) == [line.created_at for line in lines], "the arrival is kept"


def test_a_late_line_is_brought_to_whoever_asks_by_change_and_to_pages_of_earlier_ones(channel: Channel) -> None:
    for number in (1, 2, 4, 5):
        say(channel, str(number), minutes(number))
    late = say(channel, "3", minutes(3))
    assert [line.text for line in Message.since(late.conversation_id, late.change - 1)] == ["3"]
    pages, before = list[list[str]](), None
    while page := Message.history(late.conversation_id, before, 2):
        pages.append([line.text for line in page])
        before = page[0].position
    assert pages == [["4", "5"], ["2", "3"], ["1"]]
    assert Message.position_of(late.conversation_id, late.number) == Message.get_by_id(late.id).position


def test_our_answer_is_not_moved_by_a_providers_clock_that_is_behind(channel: Channel, people: People) -> None:
    first = say(channel, "Hello?", minutes(0))
    outbox.reply(factories.caller(people.bob), first.conversation, "Good day", "client-1")
    say(channel, "Thank you", minutes(1))               # by their clock long before our answer
    assert [line.text for line in Message.history(first.conversation_id) if line.role != "system"] == [
        "Hello?", "Good day", "Thank you"]


def test_a_line_that_came_late_stands_before_the_answer_that_did_not_know_it(channel: Channel, people: People) -> None:
    first = say(channel, "second", minutes(2))
    outbox.reply(factories.caller(people.bob), first.conversation, "Good day", "client-1")
    say(channel, "first", minutes(1))
    assert [line.text for line in Message.history(first.conversation_id) if line.role != "system"] == [
        "first", "second", "Good day"]


@pytest.mark.parametrize("moments", [
    (None, None), (minutes(0), minutes(0)), (minutes(0), None),
    (minutes(0), minutes(0) - timedelta(days=300)),     # a clock that was never set
    (minutes(0) + timedelta(days=300), minutes(1))])    # and one that is far ahead
def test_lines_without_a_usable_moment_stay_as_they_came(channel: Channel, moments: Any) -> None:
    say(channel, "1", moments[0])
    last = say(channel, "2", moments[1])
    if moments[0] is not None and moments[0] > clock.now():
        assert shown(say(channel, "3", clock.now())) == ["2", "1", "3"], "its line counts as said when it came"
    else:
        assert shown(last) == ["1", "2"]


def test_a_late_line_stands_behind_one_without_a_moment(channel: Channel) -> None:
    first = factories.make_line(channel, "0", "vera", identity=("person", "vera"))
    for number in (4, 2, 3, 1):
        say(channel, str(number), minutes(number))
    assert shown(first) == ["0", "1", "2", "3", "4"]


def test_lines_that_come_together_are_put_in_order_too(channel: Channel) -> None:
    factories.make_line(channel, "0", "vera", identity=("person", "vera"))
    steps.good(steps.at_once(*[lambda number=number: say(channel, str(number), minutes(number))
                               for number in (3, 1, 2, 5, 4)]))
    assert shown(Message.get(Message.text == "3")) == ["0", "1", "2", "3", "4", "5"]


def test_the_ai_reads_a_late_line_in_its_place_and_still_answers_it(channel: Channel, people: People) -> None:
    agent = factories.make_agent(people.tenant)
    say(channel, "to Kazan?", minutes(2))
    late = say(channel, "How much is delivery", minutes(1))
    context = decide.load(Message.get_by_id(late.id))
    assert isinstance(agent, Agent) and [line.text for line in context.lines] == ["How much is delivery", "to Kazan?"]
    assert decide.decide(context).act == "answer"
