"""/widget/read, /typing, /handoff: what a visitor does besides writing."""

from typing import Any

import orjson
import pytest

from hub import queue
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.customers.customer import Customer
from hub.models.conversations.message import Message
from hub.services.conversations import outbox
from tests import factories
from tests.api import world as worlds
from tests.api.callers import code
from tests.client import Client, Visitor
from tests.factories import People
from tests.waits import STUCK_S, until


def reply(people: People, text: str) -> str:
    conversation = Conversation.with_people(people.tenant).get()
    return str(outbox.reply(factories.caller(people.bob), conversation, text, f"bob-{text}").uuid)


def test_reading_marks_our_lines_up_to_that_one(visitor: Visitor, people: People) -> None:
    visitor.say("Hello")
    first, second = reply(people, "One"), reply(people, "Two")
    assert visitor.get("/widget/messages")["conversation"]["unread"] == 2
    assert visitor.post("/widget/read", {"upTo": first}) == {"unread": 0}
    status = {line["id"]: line["status"] for line in visitor.lines()}
    assert (status[first], status[second]) == ("read", "sent")
    visitor.post("/widget/read", {"up_to": second})
    assert {line["status"] for line in visitor.lines() if line["role"] == "operator"} == {"read"}
    change = Conversation.get().change
    visitor.post("/widget/read", {"upTo": second})
    assert Conversation.get().change == change


def test_reading_tells_the_team_by_change(visitor: Visitor, bob: Client, people: People) -> None:
    conversation = visitor.say("Hello")["conversation"]["id"]
    line = reply(people, "One")
    change = bob.get(f"/api/conversations/{conversation}")["change"]
    visitor.post("/widget/read", {"upTo": line})
    seen, = bob.get(f"/api/conversations/{conversation}/messages?since={change}")
    assert (seen["id"], seen["status"]) == (line, "read")


def test_reading_what_is_not_there_is_refused(app: Any, visitor: Visitor, site: Channel) -> None:
    foreign = Visitor(app, str(site.token)).say("Not yours")["message"]["id"]
    assert code(visitor.post("/widget/read", {"upTo": foreign}, expect=404)) == "no_conversation"
    visitor.say("Hello")
    for line in (foreign, "nonsense", "00000000-0000-7000-8000-000000000000"):
        assert code(visitor.post("/widget/read", {"upTo": line}, expect=404)) == "not_found"
    for body in ({}, {"upTo": ""}, {"upTo": None}, {"upTo": "x" * 37}):
        visitor.post("/widget/read", body, expect=404 if body.get("upTo") == "" else 400)


def test_typing_is_told_and_not_stored(visitor: Visitor, people: People) -> None:
    visitor.say("Hello")
    before = worlds.picture()
    with queue.redis().pubsub(ignore_subscribe_messages=True) as line:
        line.psubscribe("parley:events:*")
        line.get_message(timeout=STUCK_S)       # that it listens
        visitor.post("/widget/typing", {"on": True}, expect=204)
        heard = until(lambda: line.get_message(timeout=1))
    (event,) = orjson.loads(heard["data"])
    assert (event["type"], event["tenant"], event["data"]["who"], event["data"]["on"]) == (
        "typing", people.tenant.id, "customer", True)
    assert worlds.picture() == before


def test_typing_before_the_first_line_is_nothing(visitor: Visitor) -> None:
    visitor.post("/widget/typing", {}, expect=204)
    assert Customer.select().count() == 0


def test_asking_for_a_person_silences_the_ai(visitor: Visitor, bob: Client) -> None:
    visitor.say("Hello")
    found = visitor.post("/widget/handoff", {"reason": "I want a person"})["conversation"]
    assert (found["handoff"], found["status"], found["floor"]) == ("requested", "waiting_operator", "nobody")
    assert Message.select().where(Message.answer_at.is_null(False)).count() == 0
    assert visitor.lines()[-1]["event"] == "handoff.requested"
    assert bob.get(f"/api/conversations/{found['id']}")["floorNote"] == "I want a person"


def test_asking_for_a_person_works_before_the_first_line(visitor: Visitor) -> None:
    found = visitor.post("/widget/handoff")["conversation"]
    assert (found["handoff"], Conversation.select().count()) == ("requested", 1)
    assert [line["event"] for line in visitor.lines()] == ["handoff.requested"]
    visitor.say("Hello?")
    assert Conversation.select().count() == 1


def test_asking_again_changes_nothing(visitor: Visitor) -> None:
    first = visitor.post("/widget/handoff")["conversation"]
    assert visitor.post("/widget/handoff", {"reason": "Please"})["conversation"] == first
    assert len(visitor.lines()) == 1


def test_asking_while_a_person_is_there_changes_nothing(visitor: Visitor, people: People) -> None:
    visitor.say("Hello")
    reply(people, "Here I am")
    assert visitor.post("/widget/handoff")["conversation"]["handoff"] == "active"


@pytest.mark.parametrize("reason", ["paused", "escalated", "released", "closed", "reopened"])
def test_a_visitors_words_are_not_taken_for_the_hubs(visitor: Visitor, reason: str) -> None:
    visitor.say("Hello")
    found = visitor.post("/widget/handoff", {"reason": reason})["conversation"]
    assert (found["handoff"], found["status"]) == ("requested", "waiting_operator")


@pytest.mark.parametrize("reason", ["x" * 256, 7, ["x"]])
def test_a_reason_is_a_short_text(visitor: Visitor, reason: Any) -> None:
    visitor.post("/widget/handoff", {"reason": reason}, expect=400)


def test_a_reason_is_cleaned(visitor: Visitor) -> None:
    visitor.post("/widget/handoff", {"reason": " I\x00 want\n\u202ea person "})
    assert Conversation.get().floor_note == "I want a person"
