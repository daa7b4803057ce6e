"""Filters by time, as the kit makes them of a column: whole days of the business, and moments within the calendar."""

from datetime import datetime

import pytest

from hub.models.conversations.conversation import Conversation
from tests import factories
from tests.api.callers import code
from tests.client import Client
from tests.factories import People


@pytest.fixture
def conversation(people: People) -> Conversation:
    return factories.make_conversation(factories.make_site(people.tenant), "Hello")


@pytest.mark.parametrize(("zone", "at", "day"), [
    ("Europe/Moscow", "2026-11-27T20:59:59", "2026-11-27"), ("Europe/Moscow", "2026-11-26T21:00:00", "2026-11-27"),
    ("Europe/Moscow", "2026-11-26T20:59:59", "2026-11-26"), ("Asia/Vladivostok", "2026-11-26T14:00:00", "2026-11-27")])
def test_a_bare_date_is_a_whole_day_of_the_business(alice: Client, conversation: Conversation, zone: str, at: str,
                                                    day: str) -> None:
    alice.patch("/api/tenant", {"timezone": zone})
    Conversation.update(last_message_at=datetime.fromisoformat(at)).execute()
    for query, count in ((f"date_from={day}&date_to={day}", 1), (f"dateTo={day}", 1), (f"dateFrom={day}", 1),
                         ("date_from=2026-11-28", 0), ("date_to=2026-11-25", 0)):
        assert len(alice.get(f"/api/conversations?{query}")) == count, query


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59"])
def test_a_moment_outside_the_calendar_is_refused(bob: Client, moment: str) -> None:
    assert code(bob.call("GET", f"/api/conversations?dateFrom={moment}", expect=400)) == "moment_invalid"
