"""The audit log over the API: who did what, to what, with the values of before and after."""

import csv
import io
from typing import Any

import pytest

from hub.access.callers import Service
from hub.lib import ids
from hub.models.platform.event import Event
from hub.services import changes, events
from hub.web import export
from tests import factories
from tests.api.callers import Acting
from tests.api.noun import Wrong
from tests.client import Client
from tests.factories import People

RECENT = "/api/admin/audit-events"
LISTED = Wrong(f"GET {RECENT}", {"since": ["soon"], "action": ["x" * 65]})


def test_a_change_is_listed_with_who_did_it_and_the_values_of_before_and_after(alice: Client, people: People) -> None:
    alice.patch("/api/tenant", {"name": "Bakery and more"}, headers={"X-Request-Id": "req-1", "User-Agent": "tests"})
    found = alice.get(f"{RECENT}?limit=1")[0]
    assert found.pop("id") and found.pop("createdAt")
    assert found == {"action": "tenant.changed", "entityType": "tenant", "entityId": str(people.tenant.uuid),
                     "actor": f"user:{people.alice.uuid}", "impersonator": None, "oldValues": {"name": "Bakery"},
                     "newValues": {"name": "Bakery and more"}, "requestId": "req-1", "ipAddress": "127.0.0.1",
                     "userAgent": "tests"}


@pytest.mark.parametrize(("query", "count"), [
    ("", 3), ("action=user.changed", 2), ("entityType=tenant", 1), ("actor=service:clock", 1), ("entity_type=none", 0),
    ("since=2000-01-01", 3), ("until=2000-01-01", 0), ("limit=2", 2), ("limit=9999", 3)])
def test_it_is_filtered(alice: Client, people: People, query: str, count: int) -> None:
    alice.patch("/api/tenant", {"name": "Bakery and more"})
    alice.put("/api/users/me", {"first_name": "Alicia"})
    changes.apply(Service("clock", people.tenant), people.bob, {"is_active": False})
    changes.apply(Service("clock", people.other), people.dave, {"first_name": "David"})
    assert len(alice.get(f"{RECENT}?{query}")) == count


def test_one_thing_has_a_timeline_also_after_it_was_deleted(alice: Client, people: People) -> None:
    site = factories.make_site(people.tenant)
    customer = factories.make_conversation(site, name="Vera").customer
    alice.patch(f"/api/customers/{customer.uuid}", {"name": "Vera Ivanova"})
    alice.delete(f"/api/customers/{customer.uuid}/data", expect=200)
    shown = [event["action"] for event in alice.get(f"{RECENT}/customer/{customer.uuid}?limit=50")]
    assert shown[0] == "customer.erased" and shown[-1] == "customer.created"


def test_what_has_no_events_yet_has_an_empty_timeline_and_what_is_not_there_has_none(
        alice: Client, people: People) -> None:
    site = factories.make_site(people.tenant)
    assert alice.get(f"{RECENT}/channel/{site.uuid}") == []
    assert alice.get(f"{RECENT}/tenant/{people.tenant.uuid}") == []
    foreign = factories.make_site(people.other)
    for path in (f"channel/{foreign.uuid}", f"tenant/{people.other.uuid}", f"cake/{site.uuid}",
                 f"channel/{ids.uuid7()}", "channel/1"):
        alice.refused("GET", f"{RECENT}/{path}", status=404)


def test_either_spelling_of_a_thing_is_understood(alice: Client, people: People) -> None:
    agent = factories.make_agent(people.tenant)
    for said in ("knowledge_doc", "knowledgeDoc"):
        doc = factories.make_doc(people.tenant)
        alice.patch(f"/api/knowledge-docs/{doc.uuid}", {"title": "Hours"})
        assert alice.get(f"{RECENT}/{said}/{doc.uuid}")[0]["entityType"] == "knowledge_doc"
    assert alice.get(f"{RECENT}/Agent/{agent.uuid}") == []


def test_a_conversation_has_its_own_log(alice: Client, people: People) -> None:
    conversation = factories.make_conversation(factories.make_site(people.tenant))
    alice.patch(f"/api/conversations/{conversation.uuid}", {"status": "paused"})
    first = alice.get(f"/api/conversations/{conversation.uuid}/audit?limit=50")[0]
    assert (first["entityType"], first["entityId"]) == ("conversation", str(conversation.uuid))


def test_whoever_acts_in_somebodys_place_is_named_without_their_address(
        app: Any, alice: Client, people: People) -> None:
    root = factories.make_user(factories.make_tenant(), "owner", is_platform_owner=True)
    Acting(app, people.bob, root).put("/api/users/me", {"first_name": "Robert"})
    found = alice.get(f"{RECENT}?action=user.changed")[0]
    assert (found["actor"], found["impersonator"]) == (f"user:{people.bob.uuid}", f"user:{root.uuid}")
    assert found["ipAddress"] is None and found["userAgent"] is None
    assert Event.get(Event.kind == "user.changed").ip == "127.0.0.1"


def test_secrets_are_not_in_the_log(alice: Client, people: People) -> None:
    events.record(factories.caller(people.alice), "channel.changed", factories.make_site(people.tenant), None,
                  {"api_key": "sk-123", "name": "Site"})
    assert alice.get(f"{RECENT}?limit=1")[0]["newValues"] == {"api_key": "***", "name": "Site"}


@pytest.mark.parametrize("batch", [2, 500])
def test_the_whole_log_is_a_file_whatever_it_is_long(
        alice: Client, people: People, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(export, "_BATCH", batch)
    for number in range(5):
        events.record(factories.caller(people.alice), "tenant.changed", people.tenant, None,
                      {"name": f"=Shop {number}"})
    events.record(factories.caller(people.dave), "tenant.changed", people.other, None, {"name": "Foreign"})
    query = "?action=tenant.changed"
    wanted = alice.get(RECENT + query)
    assert alice.get(f"{RECENT}.json{query}") == wanted and len(wanted) == 5
    answer = alice.call("GET", f"{RECENT}.csv{query}", expect=200)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit-events.csv"'
    lines = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [line["id"] for line in lines] == [event["id"] for event in wanted]
    assert lines[0]["newValues"] == '{"name":"=Shop 4"}' and lines[0]["impersonator"] == ""
    assert alice.get(f"{RECENT}.json?action=none") == []
