"""What customers do at their messenger beside writing: seen here with a change number, once, in whatever order."""

from itertools import permutations
from typing import Any

import orjson
import pytest
import time_machine

from hub.channels.base import Hook
from hub.lib import clock
from hub.models.channels.channel import Channel
from hub.models.channels.inbound_event import InboundEvent
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.delivery import Delivery
from hub.models.conversations.message import Message
from hub.models.customers.customer import Customer
from hub.services.agents import answer
from hub.services.channels import webhooks
from hub.services.conversations import deliver, outbox, statuses
from tests import factories
from tests.factories import People
from tests.fakes import signed
from tests.services import steps

ANNA = {"id": "anna", "name": "Anna"}


def came(shop: Channel, *items: dict[str, Any]) -> InboundEvent:
    """The items as one event, accepted and processed."""
    raw = orjson.dumps(list(items))
    headers = {name.lower(): value for name, value in signed(shop.secret.reveal(), raw).items()}
    headers["idempotency-key"] = f"e-{InboundEvent.select().count()}"
    webhooks.accept("custom", str(shop.token), Hook(headers, raw))
    event = InboundEvent.select().order_by(InboundEvent.id.desc()).get()
    webhooks.process(event.id)
    return InboundEvent.get_by_id(event.id)


def line(number: int, text: str, **more: Any) -> dict[str, Any]:
    return {"id": f"m-{number}", "from": ANNA, "text": text, **more}


def item(kind: str, number: int = 1, **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": f"m-{number}", "from": ANNA, **more}


def one() -> Message:
    return Message.select().order_by(Message.id).get()


def test_an_edited_line_has_its_new_text_and_a_change_of_its_own(shop: Channel) -> None:
    came(shop, line(1, "How mush?"))
    before = one()
    with steps.listening() as heard:
        assert came(shop, item("edit", text="How much?")).state == "done"
    now = one()
    assert (now.text, now.change) == ("How much?", before.change + 1) and now.edited_at is not None
    assert Conversation.get().last_text == "How much?" and Conversation.get().change == now.change
    (told,) = heard.of("message.changed")
    assert (told["seq"], told["data"]["message"]["text"]) == (now.change, "How much?")
    assert told["data"]["message"]["edited_at"]


def test_lists_show_the_last_line_of_a_conversation_as_it_is_now(shop: Channel) -> None:
    came(shop, line(1, "one"), line(2, "two"), {"id": "m-3", "from": {"id": "boris"}, "text": "from somebody else"})
    talk = Conversation.get_by_id(one().conversation_id)
    for number, shown in ((1, "two"), (2, "TWO")):
        came(shop, item("edit", number, text={1: "ONE", 2: "TWO"}[number]))
        assert steps.fresh(talk).last_text == shown


def test_the_same_edit_again_and_an_older_one_change_nothing(shop: Channel) -> None:
    came(shop, line(1, "one"))
    came(shop, item("edit", text="three", at="2026-11-27T10:00:02+03:00"))
    change = one().change
    for text, at in (("three", "2026-11-27T10:00:02+03:00"), ("two", "2026-11-27T07:00:01Z")):
        assert came(shop, item("edit", text=text, at=at)).state == "done"
    assert (one().text, one().change) == ("three", change)


def test_an_edit_after_the_answer_is_not_answered_again(knowledge: Any, shop: Channel) -> None:
    came(shop, line(1, "How much is delivery to Kazan?"))
    answer.answer(one().id)
    said = steps.said(one().conversation_id)
    came(shop, item("edit", text="How much is delivery to Tomsk?"))
    assert one().answer_at is None and steps.said(one().conversation_id) == said != []


def test_a_deleted_line_is_gone_and_nothing_is_owed_for_it(shop: Channel) -> None:
    came(shop, line(1, "My card is 4111", attachments=[{"url": "https://x.example/card.png"}]))
    with steps.listening() as heard:
        came(shop, item("delete"))
        came(shop, item("delete"))
    now = one()
    assert (now.text, now.attachments, now.answer_at) == ("", [], None) and now.deleted_at is not None
    assert Conversation.get().last_text == "" and len(heard.of("message.changed")) == 1
    came(shop, item("edit", text="back again?"))
    assert one().text == ""


def test_a_deleted_line_leaves_the_one_before_to_be_answered(shop: Channel) -> None:
    came(shop, line(1, "How much?"), line(2, "Wrong chat, sorry"), {"id": "m-3", "from": {"id": "b"}, "text": "Hello?"})
    first, second, others = Message.select().order_by(Message.id)
    assert first.answer_at is None and second.answer_at is not None
    came(shop, item("delete", 2))
    assert steps.fresh(first).answer_at is not None and steps.fresh(second).answer_at is None
    assert steps.fresh(others).answer_at == others.answer_at is not None


def test_reactions_come_and_go_on_their_lines_and_on_ours(people: People, shop: Channel) -> None:
    came(shop, line(1, "Hello"))
    outbox.reply(factories.caller(people.bob), Conversation.with_people(people.tenant.id).get(), "Hello Anna", "c-1")
    deliver.deliver(Delivery.get().id)
    ours = Delivery.get().message
    for name in ("m-1", str(Delivery.get().external_id), str(ours.uuid)):
        came(shop, {"type": "reaction", "id": name, "from": ANNA, "emoji": "👍"})
    assert [message.reactions for message in Message.select().where(Message.role.in_(("customer", "operator")))] == [
        [{"emoji": "👍", "by": "customer"}]] * 2
    with steps.listening() as heard:
        came(shop, item("reaction", emoji="❤️"))
        came(shop, item("reaction", emoji="❤️"))
        came(shop, item("reaction"))
    assert [event["data"]["message"]["reactions"] for event in heard.of("message.changed")] == [
        [{"emoji": "❤️", "by": "customer"}], []]


def test_typing_is_told_and_leaves_no_trace(shop: Channel) -> None:
    came(shop, line(1, "Hello"))
    with steps.listening() as heard:
        came(shop, {"type": "typing", "from": ANNA}, {"type": "typing", "from": ANNA, "on": False})
        came(shop, {"type": "typing", "from": {"id": "nobody"}})
    assert [(event["data"]["who"], event["data"]["name"], event["data"]["on"]) for event in heard.of("typing")] == [
        ("customer", "Anna", True), ("customer", "Anna", False)]
    assert Message.select().count() == 1


def test_a_contact_card_changes_what_is_given_and_nothing_else(shop: Channel) -> None:
    came(shop, {**line(1, "Hello"), "from": {**ANNA, "email": "anna@example.com"}})
    came(shop, {"type": "contact", "from": {"id": "anna", "phone": 79001112233, "name": None}})
    anna = Customer.get()
    assert (anna.name, anna.email, anna.phone) == ("Anna", "anna@example.com", "79001112233")


def test_files_come_with_a_line_or_alone_and_answers_name_their_line(shop: Channel) -> None:
    file = {"url": "https://x.example/cake.png", "name": "cake.png", "mime": "image/png", "size": 7}
    came(shop, line(1, "This one?", attachments=[file]), line(2, "", attachments=[file]), line(3, "Yes", replyTo="m-1"))
    first, second, third = Message.select().order_by(Message.id)
    assert first.attachments == second.attachments == [{**file, "file": None}]
    assert (second.text, second.content_type, third.reply_to) == ("", "file", str(first.uuid))


@pytest.mark.parametrize("kind", ["edit", "delete", "reaction"])
def test_what_overtakes_its_line_waits_for_it(shop: Channel, kind: str) -> None:
    early = came(shop, item(kind, text="edited", emoji="👍"))
    assert (early.state, early.error) == ("received", "There is no such line.")
    came(shop, line(1, "written"))
    with time_machine.travel(clock.ahead(6), tick=True):
        webhooks.process(early.id)
    assert steps.fresh(early).state == "done" and one().change > 1


def test_what_is_about_nothing_is_shown_as_failed_in_the_end(shop: Channel) -> None:
    event, ahead = came(shop, item("edit", 9, text="edited")), 0.0
    for wait_s in (6, 31):
        ahead += wait_s
        with time_machine.travel(clock.ahead(ahead), tick=True):
            webhooks.process(event.id)
    assert (steps.fresh(event).state, steps.fresh(event).error) == ("failed", "There is no such line.")


# Statuses

def sent(people: People, shop: Channel, text: str = "Hello Anna") -> list[Delivery]:
    came(shop, line(1, "Hello"))
    outbox.reply(factories.caller(people.bob), Conversation.with_people(people.tenant.id).get(), text, "c-1")
    for delivery in Delivery.select().order_by(Delivery.id):
        deliver.deliver(delivery.id)
    return list(Delivery.select().order_by(Delivery.id))


def status(shop: Channel, name: object, word: str, **more: Any) -> InboundEvent:
    return came(shop, {"type": "status", "id": str(name), "status": word, **more})


def test_a_status_finds_its_line_by_our_name_and_by_theirs(people: People, shop: Channel) -> None:
    (delivery,) = sent(people, shop)
    change = delivery.message.change
    with steps.listening() as heard:
        status(shop, delivery.external_id, "delivered")
        status(shop, delivery.message.uuid, "read")
    assert (steps.fresh(delivery).state, steps.fresh(delivery.message).status) == ("read", "read")
    assert [event["data"]["message"]["status"] for event in heard.of("message.changed")] == ["delivered", "read"]
    assert steps.fresh(delivery.message).change > change + 1


@pytest.mark.parametrize("order", sorted(set(permutations(("sent", "delivered", "read", "failed", "delivered")))))
def test_a_status_never_goes_back_in_whatever_order_they_come(people: People, order: tuple[Any, ...]) -> None:
    shop = factories.make_custom(people.tenant, "http://127.0.0.1:9/")
    conversation = factories.make_conversation(shop)
    message = outbox.reply(factories.caller(people.bob), conversation, "Hello", "c-1")
    Delivery.update(state="sent", external_id="x-1").execute()
    seen = []
    for word in order:
        statuses.take(shop, statuses.Status("x-1", word))
        seen.append(steps.fresh(message).status)
    ranks = [statuses._ORDER.index(word) if word != "queued" else 0 for word in seen]
    assert seen[-1] == "read" and ranks == sorted(ranks)


def test_a_failure_that_is_told_later_says_why(people: People, shop: Channel) -> None:
    (delivery,) = sent(people, shop)
    status(shop, delivery.external_id, "failed", error="The number is not on WhatsApp.")
    now = steps.fresh(delivery)
    assert (now.state, now.error, steps.fresh(now.message).status) == (
        "failed", "The number is not on WhatsApp.", "failed")


def test_a_status_that_comes_while_we_still_send_waits(people: People, shop: Channel) -> None:
    came(shop, line(1, "Hello"))
    outbox.reply(factories.caller(people.bob), Conversation.with_people(people.tenant.id).get(), "Hello Anna", "c-1")
    delivery = Delivery.get()
    early = status(shop, delivery.message.uuid, "delivered")
    assert early.state == "received" and steps.fresh(delivery).state == "queued"
    deliver.deliver(delivery.id)
    with time_machine.travel(clock.ahead(6), tick=True):
        webhooks.process(early.id)
    assert (steps.fresh(early).state, steps.fresh(delivery.message).status) == ("done", "delivered")


def test_a_line_in_doubt_that_was_delivered_after_all_says_so(people: People, shop: Channel) -> None:
    (delivery,) = sent(people, shop)
    Delivery.update(state="unknown").execute()
    status(shop, delivery.message.uuid, "delivered")
    assert steps.fresh(delivery.message).status == "delivered"


def test_the_status_of_another_channels_line_is_not_taken(people: People, shop: Channel) -> None:
    (delivery,) = sent(people, shop)
    stranger = factories.make_custom(people.other, "http://127.0.0.1:9/")
    for name in (delivery.external_id, delivery.message.uuid):
        assert status(stranger, name, "read").state == "received"
    assert steps.fresh(delivery).state == "sent"
