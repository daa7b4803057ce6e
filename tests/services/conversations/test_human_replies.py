"""When the AI goes on: after a pause, and after a person's reply where the business wants that."""

from datetime import timedelta

import pytest

from hub.lib import clock
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.services import tenant_settings
from hub.services.conversations import floor, human_replies, outbox
from hub.services.conversations.human_replies import HumanReplies
from tests import factories
from tests.factories import People


@pytest.fixture
def conversation(people: People) -> Conversation:
    factories.make_agent(people.tenant)
    return factories.make_conversation(factories.make_site(people.tenant), "Where is my cake?")


def set_pause(people: People, hours: int) -> None:
    tenant_settings.change(factories.caller(people.alice), HumanReplies, {
        "stop_on_human_reply": True, "auto_resume_after": hours, "auto_resume_unit": "hours"})


def reply(people: People, conversation: Conversation) -> None:
    outbox.reply(factories.caller(people.bob), conversation, "On its way.", "client-1")


def passed(conversation: Conversation, days: float, *, is_silent: bool = True) -> Conversation:
    """So much time goes by, in which nobody wrote or somebody just did, and the schedule asks for what is over."""
    ago = clock.now() - timedelta(days=days)
    Conversation.update(floor_at=ago).execute()
    if is_silent:
        Message.update(created_at=ago).execute()
    factories.forget()
    human_replies.resume()
    return Conversation.get_by_id(conversation.id)


def test_a_paused_conversation_goes_on_after_its_time(people: People, conversation: Conversation) -> None:
    floor.pause(factories.caller(people.bob), conversation)
    assert passed(conversation, 29.9).status == "paused"
    assert passed(conversation, 30.1).floor == "ai"


def test_a_reply_keeps_the_conversation_unless_it_is_a_pause(
        people: People, conversation: Conversation) -> None:
    reply(people, conversation)
    assert passed(conversation, 400).floor == "operator"
    set_pause(people, hours=3)
    assert passed(conversation, 0.1).floor == "operator"
    assert passed(conversation, 0.2).floor == "ai"


def test_a_person_who_wrote_lately_keeps_it_and_so_does_whoever_closed_it(
        people: People, conversation: Conversation) -> None:
    set_pause(people, hours=1)
    reply(people, conversation)
    assert passed(conversation, 1, is_silent=False).floor == "operator"
    floor.close(factories.caller(people.bob), Conversation.get_by_id(conversation.id))
    assert passed(conversation, 400).status == "resolved"
