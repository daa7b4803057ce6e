"""Businesses over the API of the platform: found, suspended, let go on, given access; every action with its reason."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hub.access import subscription
from hub.lib import clock, ids
from hub.models.accounts.tenant import Tenant
from hub.models.channels.channel import Channel
from hub.models.platform.event import Event
from hub.models.platform.grant import Grant
from tests import factories
from tests.client import Client
from tests.factories import People

BASE, WHY = "/api/admin/tenants", {"reason": "Asked by phone"}
Platform = Callable[..., Client]


def test_a_business_is_found_by_its_name_or_its_people(platform: Platform, people: People) -> None:
    ada = platform()
    for words, names in (("bakery", ["Bakery"]), ("DAVE", ["Florist"]), ("alice@bakery", ["Bakery"]), ("none", [])):
        found = ada.get(f"{BASE}/search?q={words}&limit=5&offset=0")
        assert ([one["name"] for one in found["results"]], found["count"], found["query"]) == (
            names, len(names), words)
    assert ada.get(f"{BASE}/search?limit=1")["count"] == 3 == 1 + len(ada.get(f"{BASE}/search?offset=1")["results"])


def test_a_suspended_business_is_refused_and_its_channels_are_off(
        platform: Platform, alice: Client, people: People) -> None:
    site = factories.make_site(people.tenant)
    action = platform().post(f"{BASE}/{people.tenant.uuid}/restrict", WHY)
    event = Event.get(Event.uuid == action["actionId"])
    assert (event.kind, event.new) == ("tenant.restricted", {"status": "restricted", **WHY})
    alice.refused("GET", "/api/tenant", status=403, code="TENANT_RESTRICTED")
    assert not Channel.get_by_id(site.id).is_active
    platform().refused("POST", f"{BASE}/{people.tenant.uuid}/unrestrict", WHY, status=403)
    assert platform(owner=True).post(f"{BASE}/{people.tenant.uuid}/unrestrict", WHY)["success"]
    assert alice.get("/api/tenant")["status"] == "active" and not Channel.get_by_id(site.id).is_active


def test_the_business_of_an_administrator_cannot_be_suspended(platform: Platform) -> None:
    root = platform(owner=True)
    assert root.user is not None
    root.refused("POST", f"{BASE}/{root.user.tenant.uuid}/restrict", WHY, status=409, code="platform_tenant")


def test_access_is_given_for_days_or_between_moments_and_taken_back(platform: Platform, people: People) -> None:
    ada, moment = platform(), clock.now()
    Tenant.update(trial_ends_at=moment - timedelta(days=1)).execute()
    path = f"{BASE}/{people.tenant.uuid}"
    given = ada.post(f"{path}/grant", {"days": 30, **WHY}, expect=201)["grant"]
    assert clock.parse(given["endsAt"]) - clock.parse(given["startsAt"]) == timedelta(days=30)
    later = {"startsAt": "2090-01-01T00:00:00+03:00", "endsAt": "2091-01-01T00:00:00Z", **WHY}
    assert ada.post(f"{path}/grants", later, expect=201)["grant"]["startsAt"] == "2089-12-31T21:00:00.000Z"
    assert ada.get("/api/admin/billing/metrics") == {
        "activeSubscriptions": 0, "activeGrants": 1, "trialCount": 0, "expiredTrials": 3}
    assert subscription.is_active(people.tenant, Grant.of(people.tenant), clock.now())
    assert ada.delete(f"/api/admin/grants/{given['id']}", expect=200, json=WHY) == {
        "success": True, "grantId": given["id"]}
    assert ada.get(f"{path}/grants")["count"] == 1
    found = ada.get(f"{path}/grants?includeRevoked=true")
    assert found["count"] == 2 and found["grants"][1]["revokedAt"] and found["grants"][1]["reason"] == WHY["reason"]
    assert {event.kind for event in Event.of(people.tenant).where(Event.entity == "grant")} == {
        "grant.created", "grant.revoked"}


@pytest.mark.parametrize(("path", "given", "field"), [
    ("restrict", {"reason": "no"}, "reason"), ("restrict", {"reason": "x" * 501}, "reason"),
    ("restrict", {}, "reason"), ("grant", {"days": 0, **WHY}, "days"), ("grant", {"days": 366, **WHY}, "days"),
    ("grants", {"startsAt": "2026-02-01T00:00:00Z", "endsAt": "2026-02-01T00:00:00Z", **WHY}, "endsAt"),
    ("grants", {"startsAt": "soon", "endsAt": "2026-02-01T00:00:00Z", **WHY}, "startsAt")])
def test_what_does_not_fit_is_refused(
        platform: Platform, people: People, path: str, given: dict[str, Any], field: str) -> None:
    platform().refused("POST", f"{BASE}/{people.tenant.uuid}/{path}", given, status=400, field=field)
    assert not Event.select().where(Event.entity.in_(("tenant", "grant"))).exists()


def test_whoever_does_not_look_after_the_platform_is_refused(alice: Client, people: People) -> None:
    for method, path in (("GET", "/api/admin/health"), ("GET", "/api/admin/billing/metrics"), ("GET", f"{BASE}/search"),
                         ("GET", f"{BASE}/{people.tenant.uuid}/grants"), ("DELETE", f"/api/admin/grants/{ids.uuid7()}"),
                         *(("POST", f"{BASE}/{people.tenant.uuid}/{verb}") for verb in (
                             "restrict", "unrestrict", "grant", "grants"))):
        alice.refused(method, path, status=403, code="INSUFFICIENT_PERMISSIONS")


def test_what_there_is_not_is_not_found(platform: Platform) -> None:
    for method, path in (("POST", f"{BASE}/{ids.uuid7()}/restrict"), ("DELETE", f"/api/admin/grants/{ids.uuid7()}"),
                         ("POST", f"{BASE}/nothing/restrict")):
        platform().refused(method, path, WHY, status=404)


def test_the_administration_says_that_it_works(platform: Platform) -> None:
    ada = platform()
    assert ada.user is not None
    found = ada.get("/api/admin/health")
    assert (found["status"], found["adminId"]) == ("ok", str(ada.user.uuid)) and found["timestamp"]
