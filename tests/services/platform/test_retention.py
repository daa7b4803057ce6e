"""What a business keeps, for how long, and what leaves then: by default, by its own days, and never."""

import io
from datetime import timedelta
from types import SimpleNamespace

import pytest

from hub.lib import clock, request_facts
from hub.lib.request_facts import RequestFacts
from hub.models.accounts.tenant import Tenant
from hub.models.base import Model
from hub.models.channels.channel import Channel
from hub.models.channels.inbound_event import InboundEvent
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.customers.customer import Customer, CustomerIdentity
from hub.models.customers.customer_note import CustomerNote
from hub.models.platform.event import Event
from hub.models.platform.file import File, FileKind
from hub.models.platform.mail import Mail
from hub.models.platform.scheduled_run import ScheduledRun
from hub.models.platform.task import Task
from hub.queue import Job
from hub.services import changes, files, tenant_settings
from hub.services.platform import retention, scheduled
from hub.services.platform.retention_settings import Retention
from tests import factories
from tests.factories import People


def clean() -> None:
    ScheduledRun.delete().execute()
    scheduled.begin(Job.CLEAN, clock.now(), timedelta(days=1))
    retention.clean(ScheduledRun.get().id)


def keep(people: People, **days: int | None) -> None:
    tenant_settings.change(factories.caller(people.alice), Retention, days)


def days_ago(row: Model, days: float, *columns: str) -> None:
    moment = clock.now() - timedelta(days=days)
    type(row).update(dict.fromkeys(columns or ("created_at",), moment)).where(type(row).id == row.id).execute()


def closed(site: Channel, days: float) -> Conversation:
    conversation = factories.make_conversation(site, "The parcel is lost")
    Conversation.update(is_open=0).where(Conversation.id == conversation.id).execute()
    days_ago(conversation, days, "last_message_at", "floor_at")
    return conversation


def test_closed_conversations_stay_for_ever_or_for_as_long_as_their_business_wants(
        people: People, site: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_AT_ONCE", 2)
    old, recent = closed(site, 41), closed(site, 39)
    open_one = factories.make_conversation(site)
    days_ago(open_one, 41, "last_message_at", "floor_at")
    elsewhere = closed(factories.make_site(people.other), 41)
    for number in range(5):
        factories.make_line(site, f"Line {number}", str(old.customer.identities[0].value))
    Conversation.update(is_open=0).where(Conversation.id == old.id).execute()
    days_ago(old, 41, "last_message_at", "floor_at")
    clean()
    assert Conversation.select().count() == 4
    keep(people, conversation_days=40)
    clean()
    left = {row.id for row in Conversation.select()}
    assert left == {recent.id, open_one.id, elsewhere.id}
    assert {line.conversation_id for line in Message.select()} == left
    told = Event.select().where(Event.kind == "tenant.cleaned").get()
    assert (told.tenant, told.actor, told.new) == (people.tenant, "service:retention", {"conversation": 1})


def test_a_visitor_leaves_who_never_said_anything_to_anybody(people: People, site: Channel) -> None:
    def visitor(kind: str = "visitor", **values: object) -> Customer:
        customer = Customer.create(tenant=people.tenant, last_seen_at=clock.now() - timedelta(days=91), **values)
        CustomerIdentity.create(tenant=people.tenant, customer=customer, kind=kind, value=f"v-{customer.id}")
        return customer

    silent, noted = visitor(name="Curious"), visitor()
    changes.apply(factories.SOMEBODY, silent, {"name": "Very curious"})
    CustomerNote.create(tenant=people.tenant, customer=noted, author=people.bob, text="Came by")
    stays = {noted.id, visitor(email="a@b.example").id, visitor(phone="+77010000000").id, visitor("telegram_user").id,
             Customer.create(tenant=people.tenant, last_seen_at=clock.now() - timedelta(days=91)).id,
             factories.make_conversation(site).customer_id}
    Customer.update(last_seen_at=clock.now() - timedelta(days=91)).execute()
    clean()
    assert {row.id for row in Customer.select()} == stays
    assert "curious" not in str(list(Event.select().dicts())).lower()


def test_files_of_conversations_leave_with_their_bytes(people: People) -> None:
    keep(people, attachment_days=1)
    sent, article = (files.store(people.tenant, kind, "photo.txt", io.BytesIO(content)) for kind, content in (
        (FileKind.ATTACHMENT, b"A photo"), (FileKind.KNOWLEDGE, b"An article")))
    for file in (sent, article):
        days_ago(file, 2)
    clean()
    assert [file.id for file in File.select()] == [article.id]
    assert not [path for _, path in files.on_disk() if path.name == sent.sha256]


def test_records_leave_after_the_days_that_hold_for_their_business(people: People) -> None:
    keep(people, inbound_event_days=5, letter_days=None, task_days=3)
    for tenant in (people.tenant, people.other):
        shop = factories.make_custom(tenant, "http://127.0.0.1:9/")
        for days in (4, 6, 31):
            days_ago(InboundEvent.create(tenant=tenant, channel=shop, external_id=str(days), body=b"{}", state="done"),
                     days)
        for state in ("received", "processing", "failed"):
            days_ago(InboundEvent.create(tenant=tenant, channel=shop, external_id=state, body=b"{}", state=state), 6)
        days_ago(Mail.create(tenant=tenant, kind="platform.contact.letter", recipient="a@b.example", state="sent"), 8)
        for state in ("queued", "running", "done", "failed"):
            days_ago(Task.create(tenant=tenant, job=Job.RESTORE, permission="signed-in", state=state), 4, "updated_at")
    days_ago(Mail.create(kind="platform.contact.letter", recipient="a@b.example", state="kept"), 8)
    days_ago(Mail.create(kind="platform.contact.letter", recipient="a@b.example", state="queued"), 8)
    clean()
    assert _left(InboundEvent, people.tenant, "external_id") == ["4", "received", "processing"]
    assert _left(InboundEvent, people.other, "external_id") == ["4", "6", "received", "processing", "failed"]
    assert _left(Task, people.tenant, "state") == ["queued", "running"]
    assert _left(Task, people.other, "state") == ["queued", "running", "done", "failed"]
    assert [(mail.tenant_id, mail.state) for mail in Mail.select().order_by(Mail.id)] == [
        (people.tenant.id, "sent"), (None, "queued")]


def _left(model: type[Model], tenant: Tenant, column: str) -> list[str]:
    return [str(getattr(row, column)) for row in model.select().where(model.tenant == tenant).order_by(model.id)]


def test_the_log_keeps_its_entries_without_what_they_told_after_the_days_of_their_business(
        people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    def changed() -> list[tuple[object, ...]]:
        return [(event.actor, event.old, event.new, event.ip)
                for event in Event.select().where(Event.kind == "user.changed").order_by(Event.id)]

    monkeypatch.setattr(request_facts, "current", lambda: RequestFacts("r-1", "203.0.113.9", "Firefox"))
    for who, whom in ((people.alice, people.bob), (people.dave, people.dave)):
        changes.apply(factories.caller(who), whom, {"last_name": "Rye"})
    keep(people, event_days=2)
    before, now = changed(), clock.now()
    clean()
    assert changed() == before and [told[2:] for told in before] == [({"last_name": "Rye"}, "203.0.113.9")] * 2
    # A trigger lets nobody alter an entry's moment: the clock is ahead instead.
    monkeypatch.setattr(retention, "clock", SimpleNamespace(now=lambda: now + timedelta(days=3)))
    clean()
    assert changed() == [(f"user:{people.alice.uuid}", None, None, ""), before[1]]


def test_a_conversation_that_is_written_in_at_the_last_moment_stays(people: People, site: Channel) -> None:
    conversation = closed(site, 41)
    old = retention.TIMERS[0].is_old(clock.now() - timedelta(days=40))
    factories.make_line(site, "One more thing", str(conversation.customer.identities[0].value))
    assert retention._delete_conversations(Conversation, [conversation.id], old) == 0
    assert Message.select().count() == 2
    assert told(people) == [], "nothing was deleted, nothing is told"


def told(people: People) -> list[object]:
    return [event.new for event in Event.of(people.tenant).where(Event.kind == "tenant.cleaned").order_by(Event.id)]


def test_what_was_deleted_is_told_in_the_same_step_and_nothing_else(
        people: People, site: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    old = retention.TIMERS[0].is_old(clock.now() - timedelta(days=40))
    first, second, kept = closed(site, 41), closed(site, 41), closed(site, 41)
    factories.make_line(site, "One more thing", str(kept.customer.identities[0].value))
    numbers = [first.id, second.id, kept.id]
    assert retention._delete_conversations(Conversation, numbers, old) == 2
    assert told(people) == [{"conversation": 2}]
    photos = [files.store(people.tenant, FileKind.ATTACHMENT, "a.txt", io.BytesIO(data)) for data in (b"One", b"Two")]
    File.update(created_at=clock.now() - timedelta(days=9)).execute()
    keep(people, attachment_days=1)
    remove = files.remove
    gone: list[str] = []

    def stops(file: File) -> bool:
        if gone:
            raise KeyboardInterrupt
        gone.append(file.sha256)
        return remove(file)

    monkeypatch.setattr(files, "remove", stops)
    with pytest.raises(KeyboardInterrupt):
        clean()
    assert File.select().count() == 2 and {path.name for _, path in files.on_disk()} >= {one.sha256 for one in photos}
    monkeypatch.setattr(retention, "_AT_ONCE", 1)
    gone.clear()
    with pytest.raises(KeyboardInterrupt):
        clean()
    assert File.select().count() == 1 and told(people) == [{"conversation": 2}, {"attachment": 1}]
