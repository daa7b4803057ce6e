"""What is exported: everything of a business or about a person, nothing of anybody else and no secret; not for ever."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import orjson
import pytest

from hub.lib import clock
from hub.models import ALL
from hub.models.channels.channel import Channel
from hub.models.conversations.message import Message
from hub.models.customers.customer import CustomerIdentity
from hub.models.platform.event import Event
from hub.models.platform.file import File, FileKind
from hub.models.platform.task import Task
from hub.services import files
from hub.services.customers import erasing
from hub.services.platform import exports, retention
from tests import factories
from tests.api import world as worlds
from tests.client import Client
from tests.factories import People
from tests.services.channels.test_forgetting import OF_ANNA, handle, of_boris, post
from tests.services.steps import by
from tests.there import there


def made(client: Client, path: str) -> Task:
    """The export that was asked for there, done."""
    task = Task.get(Task.uuid == client.post(path, expect=202)["id"])
    exports.run(task.id)
    return Task.get_by_id(task.id)


def fetched(client: Client, task: Task) -> zipfile.ZipFile:
    url = client.get(f"/api/tasks/{task.uuid}")["url"]
    answer = client.call("GET", url, expect=200)
    assert int(answer.headers["Content-Length"]) == len(answer.data) == task.result["size"]
    return zipfile.ZipFile(io.BytesIO(answer.data))


def everything(of: zipfile.ZipFile) -> str:
    assert of.testzip() is None
    return " ".join(of.read(name).decode(errors="replace") for name in of.namelist())


def rows(of: zipfile.ZipFile, table: str) -> list[dict[str, Any]]:
    return [orjson.loads(row) for row in of.read(f"tables/{table}.jsonl").splitlines()]


def test_a_business_gets_every_table_of_its_own_and_no_secret(app: Any) -> None:
    world = worlds.make()
    tenant, hidden = world.people.tenant, world.people.alice.password_hash
    for name in world.nouns:
        world.fill(f"<{name}>")
    counts = {model._meta.table_name: model.select().where(model.tenant == tenant).count()
              for model in ALL if "tenant" in model._meta.fields}
    task = made(Client(app, world.people.alice), "/api/tenant/export")
    got = fetched(Client(app, world.people.alice), task)
    tables = {name.split("/")[1].removesuffix(".jsonl") for name in got.namelist() if name.startswith("tables/")}
    assert tables == {*counts, "tenant"} - {"chunk_term", "tenant_number"}, "only counters and a word index are not"
    told = {name: len(rows(got, name)) for name in tables & counts.keys() - {"event", "task"}}
    assert told == {name: counts[name] for name in told}
    assert [got.read(name) for name in got.namelist() if name.startswith("files/")][:1] == [b"Hello"]
    said = everything(got)
    assert "Vera Ivanova" in said and "Likes poppy seeds." in said and "no poppy" in said
    secrets = [channel.secret.reveal() for channel in Channel.of(tenant)]
    for secret in (hidden, world.people.dave.email, str(world.people.other.uuid), *world.keys.values(), *secrets):
        assert str(secret) not in said
    (event,) = Event.select().where(Event.kind == "tenant.exported")
    assert (event.actor, event.tenant_id) == (f"user:{world.people.alice.uuid}", tenant.id)


@pytest.fixture
def anna(people: People) -> CustomerIdentity:
    shop = factories.make_custom(people.tenant, "http://127.0.0.1:9/")
    post(shop, [OF_ANNA, of_boris("Secret of Boris")])
    handle()
    known = there(CustomerIdentity.known(people.tenant.id, "custom", "42"))
    line = Message.get(Message.text == "Hello")
    sent = [{"file": "none"}, {"file": None}]
    Message.update(content_type="file", attachments=sent).where(Message.id == line.id).execute()
    files.belongs_to(files.store(people.tenant, FileKind.ATTACHMENT, "photo.txt", io.BytesIO(b"Her own picture")), line)
    files.store(people.tenant, FileKind.ATTACHMENT, "other.txt", io.BytesIO(b"Of somebody else"))
    return known


@pytest.mark.parametrize("in_database", [False, True])
def test_a_person_gets_what_is_about_them_alone_in_parts_of_any_size(
        bob: Client, anna: CustomerIdentity, use: Any, in_database: bool) -> None:
    use(max_upload_bytes=700, files_in_database=in_database)
    path = f"/api/customers/{anna.customer.uuid}"
    bob.post(f"{path}/notes", {"noteText": "Likes cake"}, expect=201)
    task = made(bob, f"{path}/export")
    assert File.select().where(File.kind == FileKind.EXPORT).count() > 2
    got = fetched(bob, task)
    said = everything(got)
    for word in ("anna@example.com", "Likes cake", "Hello", "Her own picture", '\\"from\\"'):
        assert word in said, word
    assert "Boris" not in said and "boris" not in said and "somebody else" not in said
    assert {"customer", "customer_identity", "customer_note", "conversation", "message", "turn", "delivery", "event",
            "inbound_event", "file"} <= {name.split("/")[-1].removesuffix(".jsonl") for name in got.namelist()}


def test_whoever_is_erased_leaves_every_export_and_one_that_is_being_made_begins_anew(
        alice: Client, bob: Client, people: People, anna: CustomerIdentity, monkeypatch: pytest.MonkeyPatch) -> None:
    of_anna = made(bob, f"/api/customers/{anna.customer.uuid}/export")
    task = Task.get(Task.uuid == alice.post("/api/tenant/export", expect=202)["id"])
    real = exports._keep

    def erased_meanwhile(of: Task, copy: Any) -> None:
        real(of, copy)
        monkeypatch.setattr(exports, "_keep", real)
        erasing.run(Task.get(Task.uuid == erasing.erase(by(people.tenant), anna.customer).task_id).id)

    monkeypatch.setattr(exports, "_keep", erased_meanwhile)
    exports.run(task.id)
    assert File.select().where(File.kind == FileKind.EXPORT).count() == 0
    assert bob.get(f"/api/tasks/{of_anna.uuid}")["url"] is None
    Task.update(due_at=clock.now()).where(Task.id == task.id).execute()
    exports.run(task.id)
    assert "anna@example.com" not in (now := everything(fetched(alice, Task.get_by_id(task.id)))) and "boris" in now
    Task.update(state="queued", attempts=0).where(Task.id == of_anna.id).execute()
    exports.run(of_anna.id)
    assert Task.get_by_id(of_anna.id).state == "cancelled", "there is nobody any more"


def test_a_worker_that_was_killed_leaves_no_second_copy_and_nothing_stays_for_ever(
        alice: Client, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    task = made(alice, "/api/tenant/export")
    Task.update(state="queued", attempts=0).where(Task.id == task.id).execute()
    exports.run(task.id)
    assert File.select().where(File.kind == FileKind.EXPORT).count() == 1
    retention.expire()
    assert File.select().count() == 1
    File.update(created_at=clock.now() - exports.KEPT - timedelta(minutes=1)).execute()
    retention.expire()
    assert File.select().count() == 0 and alice.get(f"/api/tasks/{task.uuid}")["url"] is None
