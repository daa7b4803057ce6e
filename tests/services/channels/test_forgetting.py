"""Raw events when a person is erased: what they sent is gone, what others sent is whole, nothing accepted is lost."""

from typing import Any

import orjson
import pytest

from hub.channels.base import Hook
from hub.errors import Conflict
from hub.lib import clock
from hub.lib.contacts import Contacts
from hub.models.channels.channel import Channel
from hub.models.channels.inbound_event import InboundEvent
from hub.models.channels.inbound_identity import InboundIdentity
from hub.models.conversations.message import Message
from hub.models.customers.customer import Customer, CustomerIdentity
from hub.models.platform.task import Task
from hub.services.channels import inbound_events, webhooks
from hub.services.customers import erasing
from tests import factories
from tests.factories import People
from tests.fakes import signed
from tests.services.steps import by
from tests.there import there

ANNA: dict[str, Any] = {"id": "42", "name": "Anna", "email": "anna@example.com", "phone": "8 (701) 000-00-00"}
OF_ANNA = {"id": "a-1", "from": ANNA, "text": "Hello"}


@pytest.fixture
def shop(people: People) -> Channel:
    shop = factories.make_custom(people.tenant, "http://127.0.0.1:9/")
    Channel.update(config={**shop.config, "refuse": False}).where(Channel.id == shop.id).execute()
    return shop


def of_boris(text: str, number: int = 1) -> dict[str, Any]:
    return {"id": f"b-{number}", "from": {"id": "boris"}, "text": text}


def post(shop: Channel, body: Any) -> bool:
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    headers = {name.lower(): value for name, value in signed(shop.secret.reveal(), raw).items()}
    return webhooks.accept("custom", str(shop.token), Hook(headers, raw)).is_new


def handle() -> None:
    for (number,) in list(InboundEvent.select(InboundEvent.id).where(InboundEvent.state == "received").tuples()):
        webhooks.process(number)


def forget(people: People) -> Task:
    """Anna is erased, and the task done as far as it goes; the task."""
    known = there(CustomerIdentity.known(people.tenant.id, "custom", "42"))
    return go_on(Task.get(Task.uuid == erasing.erase(by(people.tenant), known.customer).task_id))


def go_on(task: Task) -> Task:
    Task.update(due_at=clock.now()).where(Task.id == task.id).execute()
    erasing.run(task.id)
    return Task.get_by_id(task.id)


def bodies() -> list[bytes]:
    return [bytes(event.body) for event in InboundEvent.select().order_by(InboundEvent.id)]


def test_what_the_person_sent_is_gone_and_the_same_event_again_is_none(people: People, shop: Channel) -> None:
    post(shop, OF_ANNA)
    post(shop, [{**OF_ANNA, "id": "a-2"}, of_boris("Hi"), {"id": "a-3", "from": {"id": 42}}])
    post(shop, b'{"broken": "ANNA@example.com"')
    handle()
    assert forget(people).state == "done" and Task.get().params == {}
    assert bodies() == [b"", orjson.dumps([of_boris("Hi")]), b'{"broken": "***"']
    assert InboundIdentity.select().where(InboundIdentity.value == "42").count() == 0
    assert post(shop, OF_ANNA) is False and Customer.select().count() == 1
    with pytest.raises(Conflict):
        inbound_events.replay(factories.SOMEBODY, InboundEvent.get())


def test_a_number_a_name_or_a_part_of_an_address_touches_nothing_of_another(
        people: People, shop: Channel) -> None:
    post(shop, OF_ANNA)
    said = [of_boris("Order 42 for Anna, hanna@example.com or anna@example.com.kz, 870100000001")]
    post(shop, said)
    post(shop, [of_boris("Unhandled 42", 2)])
    webhooks.process(InboundEvent.select().order_by(InboundEvent.id).get().id)
    forget(people)
    assert bodies() == [b"", orjson.dumps(said), orjson.dumps([of_boris("Unhandled 42", 2)])]
    handle()
    assert [line.text for line in Message.select()] == [said[0]["text"], "Unhandled 42"]


def test_what_another_was_promised_to_be_handled_is_handled_as_it_came_and_masked_then(
        people: People, shop: Channel) -> None:
    post(shop, OF_ANNA)
    handle()
    post(shop, [{**OF_ANNA, "id": "a-2"}, of_boris("Call +7 701 000 00 00 or Anna@Example.com")])
    post(shop, {**OF_ANNA, "id": "a-3"})
    task = forget(people)
    assert task.state == "queued" and task.attempts == 1
    assert bodies()[1:] == [orjson.dumps([of_boris("Call +7 701 000 00 00 or Anna@Example.com")]), b""]
    handle()
    assert [line.text for line in Message.select()] == ["Call +7 701 000 00 00 or Anna@Example.com"]
    assert [customer.name for customer in Customer.select()] == [""], "who was erased does not come back"
    assert go_on(task).state == "done" and bodies()[1] == orjson.dumps([of_boris("Call *** or ***")])


def test_what_failed_keeps_what_another_sent_so_that_it_can_be_done_again(people: People, shop: Channel) -> None:
    post(shop, OF_ANNA)
    handle()
    edit = {"type": "edit", "id": "b-9", "from": {"id": "boris"}, "text": "Later"}
    post(shop, [{**OF_ANNA, "id": "a-2"}, edit])
    InboundEvent.update(attempts=2).where(InboundEvent.state == "received").execute()
    handle()
    forget(people)
    post(shop, of_boris("First", 9))
    handle()
    inbound_events.replay(factories.SOMEBODY, InboundEvent.get(InboundEvent.state == "failed"))
    handle()
    assert [line.text for line in Message.select()] == ["Later"]


def test_who_is_being_handled_at_that_moment_is_waited_for(people: People, shop: Channel) -> None:
    post(shop, OF_ANNA)
    handle()
    InboundEvent.update(state="processing", lease_until=clock.ahead(9)).execute()
    task = forget(people)
    assert task.state == "queued" and bodies() == [orjson.dumps(OF_ANNA)]
    InboundEvent.update(state="done", lease_until=None).execute()
    assert go_on(task).state == "done" and bodies() == [b""]


def test_an_erasing_that_was_killed_goes_on_where_it_stopped(
        people: People, shop: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "_EVENTS", 1)
    post(shop, OF_ANNA)
    for number in range(3):
        post(shop, of_boris("anna@example.com", number))
    handle()
    real, left = erasing._went_on, [2]

    def killed(task: Task, progress: int, **values: object) -> None:
        real(task, progress, **values)
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt

    monkeypatch.setattr(erasing, "_went_on", killed)
    with pytest.raises(KeyboardInterrupt):
        forget(people)
    assert sum(b"anna@" in body for body in bodies()) == 2
    Task.update(lease_until=None).execute()
    assert go_on(Task.get()).state == "done" and not any(b"anna@" in body for body in bodies())
    go_on(Task.get())


@pytest.mark.parametrize(("said", "shown"), [
    ("mail ANNA@example.com.", "mail ***."), ("anna%40example.com", "***"), ("x.anna@example.com", None),
    ("87010000000", "***"), ("+7 (701) 000-00-00", "***"), ("77010000000", "***"), ("177010000000", None),
    ({"anna@example.com": [77010000000, 42, True, None]}, {"***": ["***", 42, True, None]})])
def test_whole_addresses_are_masked_however_they_are_written(said: Any, shown: Any) -> None:
    contacts = Contacts(["anna@example.com", "anna"], ["8 701 000 00 00", "42", ""])
    assert contacts.masked(said) == (said if shown is None else shown)
