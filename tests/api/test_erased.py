"""Who was erased is nowhere to be found, neither in rows and files nor in what is kept for repeated writes."""

import io

from hub.models.channels.inbound_event import InboundEvent
from hub.models.conversations import line_search
from hub.models.conversations.message import Message
from hub.models.platform.file import FileKind
from hub.models.platform.task import Task
from hub.services import files
from hub.services.customers import erasing
from hub.settings import Settings
from tests import factories, needle
from tests.client import Client
from tests.factories import People


def test_nothing_of_an_erased_person_can_be_found_anywhere(
        alice: Client, bob: Client, people: People, settings: Settings) -> None:
    word, site = needle.NEEDLE, factories.make_site(people.tenant)
    others = [factories.make_line(site, f"Somebody else {number}") for number in range(3)]
    line = factories.make_line(site, f"I am {word}", who=f"v-{word}", name=f"{word} V", email=f"{word}@example.com")
    line_search.index(100)
    file = files.store(people.tenant, FileKind.ATTACHMENT, f"{word}.txt", io.BytesIO(word.encode()))
    files.belongs_to(file, line)
    Message.update(content_type="file").where(Message.id == line.id).execute()
    shop = factories.make_custom(people.tenant, "http://127.0.0.1:9/")
    InboundEvent.create(tenant=people.tenant, channel=shop, external_id="1", state="done",
                        body=b'{"id": "1", "from": {"id": "boris"}, "text": "to %s@example.com"}' % word.encode())
    path, key = f"/api/customers/{line.conversation.customer.uuid}", {"Idempotency-Key": "once"}
    writes = [(bob.patch, path, {"phone": "+77010000000"}, 200),
              (bob.post, f"{path}/notes", {"noteText": f"Of {word}"}, 201),
              (bob.post, f"/api/conversations/{line.conversation.uuid}/messages", {"content": f"Dear {word}"}, 201)]
    for write, at, body, status in writes:
        write(at, body, status, headers=key | {"Idempotency-Key": at})
    of_other = f"/api/customers/{others[0].conversation.customer.uuid}/notes"
    other = bob.post(of_other, {"noteText": "Cake"}, 201, headers=key)
    assert {place.split(":")[0] for place in needle.found(settings)} >= {
        "customer", "message", "event", "inbound_event", "idempotency_key", "file"}
    task = Task.get(Task.uuid == alice.delete(f"{path}/data", expect=200)["taskId"])
    alice.refused("POST", f"/api/tasks/{task.uuid}/cancel", {}, status=409, code="task_not_stoppable")
    erasing.run(task.id)
    assert needle.found(settings) == []
    for _, at, body, _ in writes:
        bob.refused("PATCH" if at == path else "POST", at, body, status=410, code="answer_erased",
                    headers={"Idempotency-Key": at})
    assert bob.post(of_other, {"noteText": "Cake"}, 201, headers=key) == other
    erasing.run(task.id)
