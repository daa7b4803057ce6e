"""Feature flags over the API: seen by who views the log, switched for the own business, for all by the platform."""

from typing import Any

import pytest

from hub.access import flags
from hub.access.flags import Flag
from tests import factories
from tests.client import Client
from tests.factories import People

FLAGS = "/api/admin/feature-flags"
RAG = f"{FLAGS}/RAG_ENABLED"


@pytest.fixture
def root(app: Any, people: People) -> Client:
    """An administrator of the platform."""
    return Client(app, factories.make_user(factories.make_tenant(), "owner", is_platform_admin=True))


def test_every_flag_is_listed_with_who_decides(alice: Client) -> None:
    assert alice.get(FLAGS) == [{"name": str(flag), "enabled": True, "source": "default"} for flag in Flag]
    assert alice.get(RAG) == alice.get("/api/feature-flags/FEATURE_RAG_ENABLED/check") == alice.get(FLAGS)[0]


def test_an_owner_switches_it_for_the_own_business_only(alice: Client, dave: Client, people: People) -> None:
    off = {"enabled": False, "tenantId": str(people.tenant.uuid)}
    assert alice.post(f"{RAG}/toggle", off) == {"name": "RAG_ENABLED", "enabled": False, "source": "tenant"}
    assert not flags.on(Flag.RAG, people.tenant) and dave.get(RAG)["enabled"]
    for other in (str(people.other.uuid), None):
        alice.refused("POST", f"{RAG}/toggle", {"enabled": False, "tenantId": other}, status=403,
                      code="platform_admin_only")


def test_the_platform_switches_it_for_all_and_for_one(root: Client, alice: Client, people: People) -> None:
    assert root.post(f"{RAG}/toggle", {"enabled": False})["source"] == "everybody"
    assert not alice.get(RAG)["enabled"]
    assert root.post(f"{RAG}/toggle", {"enabled": True, "tenantId": str(people.tenant.uuid)})["enabled"]
    assert alice.get(RAG) == {"name": "RAG_ENABLED", "enabled": True, "source": "tenant"}
    root.refused("POST", f"{RAG}/toggle", {"enabled": True, "tenantId": str(people.alice.uuid)}, status=404)
    assert [event["newValues"] for event in root.get("/api/admin/audit-events?entityType=feature_flag")] == [
        {"name": "RAG_ENABLED", "enabled": False}]


def test_the_environment_goes_before_what_is_switched(alice: Client, people: People, use: Any) -> None:
    use(feature_rag="true")
    off = {"enabled": False, "tenantId": str(people.tenant.uuid)}
    assert alice.post(f"{RAG}/toggle", off) == {"name": "RAG_ENABLED", "enabled": True, "source": "environment"}


def test_whoever_lacks_the_permission_is_refused_and_an_unknown_flag_is_none(
        alice: Client, carol: Client, app: Any, people: People) -> None:
    guest = Client(app, factories.make_user(people.tenant, "guest"))
    for who, method, path in ((carol, "GET", FLAGS), (carol, "GET", RAG), (carol, "POST", f"{RAG}/toggle"),
                              (guest, "GET", "/api/feature-flags/RAG_ENABLED/check")):
        who.refused(method, path, {"enabled": True} if method == "POST" else None, status=403)
    assert carol.get("/api/feature-flags/rag_enabled/check")["enabled"]
    alice.refused("GET", f"{FLAGS}/CAKES", status=404)
    alice.refused("POST", f"{FLAGS}/CAKES/toggle", {"enabled": True}, status=404)
