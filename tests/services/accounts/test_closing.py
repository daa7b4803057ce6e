"""A business is erased a week after it was asked for, to the last row, file and vector; and taken back until then."""

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.errors import BadInput, Conflict, NotFound
from hub.lib import clock
from hub.models import ALL
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.channels.channel import Channel
from hub.models.conversations import line_search
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.platform.event import Event
from hub.models.platform.file import File, FileKind
from hub.models.platform.mail import Mail
from hub.models.platform.scheduled_run import ScheduledRun
from hub.queue import Job
from hub.services import changes, files, tenant_settings
from hub.services.accounts import bridge_keys, closing
from hub.services.platform import retention, scheduled, sweep
from hub.services.platform.retention_settings import Retention
from hub.settings import Settings
from tests import factories, needle
from tests.api import world as worlds
from tests.factories import PASSWORD, People
from tests.there import there


def ask(people: People) -> Tenant:
    return closing.ask(factories.caller(people.alice), PASSWORD)


def its_time(tenant: Tenant) -> None:
    Tenant.update(closing_at=clock.now() - timedelta(seconds=1)).where(Tenant.id == tenant.id).execute()


def test_nothing_of_an_erased_business_can_be_found_anywhere_and_all_of_another_can(
        app: Any, settings: Settings, use: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(settings, tenants_dir=str(tmp_path))
    monkeypatch.setattr(closing, "_AT_ONCE", 2)
    world = worlds.make()
    tenant = world.people.tenant
    for name in world.nouns:
        world.fill(f"<{name}>")
    factories.make_doc(tenant, f"{needle.NEEDLE} hours")
    files.store(tenant, FileKind.ATTACHMENT, "secret.txt", io.BytesIO(needle.NEEDLE.encode()))
    changes.apply(factories.caller(world.people.alice), tenant, {"name": f"Bakery {needle.NEEDLE}"})
    use(tenants_dir=settings.tenants_dir)
    bridge_keys.provider_token(factories.caller(world.people.alice), tenant)
    for model in ALL:
        if "tenant" in model._meta.fields and "id" in model._meta.fields and model is not Event:
            for row in list(model.select().where(model.tenant == tenant)):
                needle.hide(row)
    bridge_keys.provider_token(factories.caller(world.people.alice), tenant)
    uuid = str(tenant.uuid)
    assert {place.split(":")[0] for place in needle.found(settings, uuid)} > {"customer", "message", "file", "event"}
    assert [path.name for path in tmp_path.rglob("*.json")] == ["provider_token.json"]
    its_time(tenant)
    factories.make_conversation(factories.make_site(world.people.other), "Where are my roses?")
    others = {model: sorted_rows(model, model.tenant.is_null() | (model.tenant != tenant))
              for model in ALL if "tenant" in model._meta.fields and model is not Mail}
    assert all(others[model] for model in (Channel, Conversation, Message, User))
    closing.erase(tenant.id)
    line_search.forget_deleted()
    assert needle.found(settings, uuid, uuid.replace("-", "")) == []
    assert {model: sorted_rows(model, True) for model in others} == others
    closing.erase(tenant.id)


def sorted_rows(model: Any, which: object) -> list[object]:
    return list(model.select().where(which).order_by(*model._meta.get_primary_keys()).tuples())


def test_a_business_works_until_its_week_is_over_and_can_be_kept(people: People) -> None:
    until = there(ask(people).closing_at)
    assert timedelta(days=6, hours=23) < until - clock.now() <= closing.DELAY
    assert there(ask(people).closing_at) == until, "asked again it does not begin anew"
    closing.erase(people.tenant.id)
    assert sweep.sweep() == 0 and Tenant.get_by_id(people.tenant.id).status == "active"
    closing.take_back(factories.caller(people.alice))
    its = Tenant.get_by_id(people.tenant.id)
    assert its.closing_at is None
    assert [event.kind for event in Event.of(people.tenant).order_by(Event.id)] == [
        "tenant.closing", "tenant.closing", "tenant.closing_taken_back"]


def test_a_wrong_password_erases_nothing(people: People) -> None:
    with pytest.raises(BadInput, match="password"):
        closing.ask(factories.caller(people.alice), "Wrong-horse-7")
    assert Tenant.get_by_id(people.tenant.id).closing_at is None


def test_the_sweeper_finds_a_business_whose_time_has_come(people: People) -> None:
    its_time(people.tenant)
    Tenant.update(closing_at=clock.now() - timedelta(minutes=1)).where(Tenant.id == people.tenant.id).execute()
    assert sweep.sweep() == 1


def test_what_has_begun_is_not_taken_back_and_the_platform_itself_not_closed(people: People) -> None:
    its_time(people.tenant)
    with pytest.raises(Conflict, match="erased already"):
        closing.take_back(factories.caller(User.get_by_id(people.alice.id)))
    assert Tenant.get_by_id(people.tenant.id).closing_at is not None
    User.update(is_platform_owner=True).where(User.id == people.dave.id).execute()
    with pytest.raises(Conflict, match="platform"):
        closing.ask_for(factories.SOMEBODY, people.other, "Asked by phone")


def test_who_read_the_business_before_its_time_came_changes_nothing_any_more(people: People) -> None:
    read_before = ask(people)
    caller = factories.caller(User.get_by_id(people.alice.id))
    assert there(caller.tenant.closing_at) > clock.now()
    its_time(people.tenant)
    due = Tenant.get_by_id(people.tenant.id).closing_at
    for late in (lambda: closing.take_back(caller),
                 lambda: closing.take_back_for(factories.SOMEBODY, read_before, "Asked by phone")):
        with pytest.raises(Conflict, match="erased already"):
            late()
    read_before.closing_at = None
    closing.ask_for(factories.SOMEBODY, read_before, "Asked by phone")
    assert Tenant.get_by_id(people.tenant.id).closing_at == due, "what was begun goes on"
    closing.erase(people.tenant.id)
    with pytest.raises(NotFound):
        closing.take_back(caller)


def test_the_bytes_of_files_are_not_read_to_erase_them(
        people: People, use: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(_: object) -> None:
        raise AssertionError("bytes of a file were read")

    use(files_in_database=True)
    for number in range(3):
        files.store(people.tenant, FileKind.ATTACHMENT, "a.txt", io.BytesIO(f"Photo {number}".encode()))
    File.update(created_at=clock.now() - timedelta(days=9)).where(File.id == File.get().id).execute()
    monkeypatch.setattr(File.data, "python_value", read)
    tenant_settings.change(factories.caller(people.alice), Retention, {"attachment_days": 1})
    scheduled.begin(Job.CLEAN, clock.now(), timedelta(days=1))
    retention.clean(ScheduledRun.get().id)
    assert File.select().count() == 2
    monkeypatch.setattr(closing, "_AT_ONCE", 1)
    its_time(people.tenant)
    closing.erase(people.tenant.id)
    assert File.select().count() == 0 and Tenant.get_or_none(Tenant.id == people.tenant.id) is None
