"""Every state is one of few values: Python refuses another one, and so does the database, whoever writes."""

from enum import StrEnum
from typing import Any

import pytest
from peewee import DataError, IntegrityError

from hub.lib import clock
from hub.models import ALL, base
from hub.models.accounts.account_token import AccountToken
from hub.models.accounts.invite import Invite
from hub.models.accounts.onboarding import Onboarding
from hub.models.accounts.user import User
from hub.models.channels.inbound_event import InboundEvent
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.delivery import Delivery
from hub.models.conversations.turn import Turn
from hub.models.fields import EnumField
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.platform.file import File
from hub.models.platform.mail import Mail, MailKind
from hub.models.platform.mail_server import MailServer
from hub.models.platform.proxy import Proxy
from hub.models.platform.scheduled_run import ScheduledRun
from hub.models.platform.task import Task
from hub.models.platform.update import Update
from hub.queue import Job
from hub.services.platform import catch_up
from tests import factories
from tests.factories import People
from tests.there import there

STATES = [(model, field) for model in ALL for field in model._meta.sorted_fields if isinstance(field, EnumField)]


@pytest.fixture
def conversation(people: People) -> Conversation:
    factories.make_agent(people.tenant)
    conversation = factories.make_conversation(factories.make_site(people.tenant))
    Turn.create(tenant=people.tenant, conversation=conversation, question=conversation.messages.get(), floor_version=0)
    KnowledgeDoc.create(tenant=people.tenant, title="Delivery")
    Delivery.create(tenant=people.tenant, conversation=conversation, message=conversation.messages.get(),
                    channel=conversation.channel)
    InboundEvent.create(tenant=people.tenant, channel=conversation.channel, external_id="1", body=b"{}")
    Onboarding.create(tenant=people.tenant)
    Task.create(tenant=people.tenant, job=Job.RESTORE, permission="MANAGE_KNOWLEDGE_BASE")
    ScheduledRun.create(job=Job.TIDY, slot=clock.now())
    File.create(tenant=people.tenant, name="a.md", mime="text/markdown", size=1, sha256="0" * 64, data=b"x")
    Invite.create(tenant=people.tenant, email="e@bakery.example", role="viewer", digest="d", expires_at=clock.now())
    AccountToken.create(user=people.bob, purpose="reset", digest="d", mark="m", expires_at=clock.now())
    Mail.create(kind=MailKind.RESET, recipient=people.bob.email)
    MailServer.create(tenant=people.tenant)
    Proxy.create(host="proxy.example", port=8080, protocol="http", digest="d")
    Update.create(version="1.0.0")
    return conversation


def write(model: Any, column: str, value: str | None) -> None:
    """Past the models, as an older release or a person with a console would."""
    mark = "?" if there(base.db.obj).param == "?" else "%s"
    with base.db.atomic():
        base.db.execute_sql(f'UPDATE "{model._meta.table_name}" SET "{column}" = {mark}', (value,))


@pytest.mark.parametrize(("model", "field"), STATES, ids=lambda one: getattr(one, "__name__", getattr(one, "name", "")))
def test_the_database_takes_each_of_the_values_and_no_other(conversation: Conversation, model: Any,
                                                            field: EnumField) -> None:
    if not model.select().exists():     # the suite allows nothing to be left out: make one above
        pytest.skip("no row of this kind here")
    for value in field.allowed:
        write(model, field.column_name, value)
        assert {getattr(row, field.name) for row in model.select()} == {value}
    for nonsense in ("nonsense", field.allowed[-1].upper() + " ", "x'"):
        with pytest.raises((IntegrityError, DataError)):        # not allowed, or too long
            write(model, field.column_name, nonsense)


@pytest.mark.parametrize(("model", "field"), STATES, ids=lambda one: getattr(one, "__name__", getattr(one, "name", "")))
def test_python_gives_members_and_takes_no_other_value(app: Any, model: Any, field: EnumField) -> None:
    for member in field.kind:
        assert field.db_value(member) == member.value and isinstance(field.python_value(member.value), StrEnum)
    for nonsense in ("nonsense", "x'", 7):
        with pytest.raises(ValueError, match="none of"):
            field.db_value(nonsense)


def test_every_column_named_like_a_state_is_one(app: Any) -> None:
    names = ("state", "status", "role", "mode", "floor", "theme", "tone")
    plain = {f"{model.__name__}.{field.name}" for model in ALL for field in model._meta.sorted_fields
             if field.name in names and type(field).__name__ == "CharField"}
    assert plain <= LATER


# Work of jobs has states of its own; an idempotency key keeps an HTTP status.
LATER = {"Delivery.state", "InboundEvent.state", "KnowledgeDoc.state", "Task.state", "ScheduledRun.state"}


@pytest.mark.parametrize(("written", "code", "note", "status"), [
    ("paused", "paused", "", "paused"), ("escalated", "escalated", "", "escalated"),
    ("Нужен бухгалтер", "asked_for_person", "Нужен бухгалтер", "waiting_operator"),
    ("", "", "", "waiting_operator")])
def test_why_the_release_before_moved_the_floor_is_understood(conversation: Conversation, written: str, code: str,
                                                              note: str, status: str) -> None:
    Conversation.update(floor_code="released", floor_reason="released").execute()
    write(Conversation, "floor", "nobody")
    write(Conversation, "floor_reason", written)
    catch_up.catch_up()
    now = Conversation.get()
    assert (now.floor_code, now.floor_note, now.status) == (code, note, status)
    assert catch_up.catch_up() == 0


@pytest.mark.parametrize("typed", ["KATE@Shop.Example", " kate@shop.example ", "Kate@shop.example\n"])
def test_an_address_belongs_to_one_person_however_it_is_typed(people: People, typed: str) -> None:
    kate = factories.make_user(people.tenant, email="Kate@shop.example")
    found = User.by_email(typed)
    assert found is not None and found.id == kate.id and User.get_by_id(kate.id).email == "kate@shop.example"
    with pytest.raises(IntegrityError), base.db.atomic():
        factories.make_user(people.other, email=typed)
