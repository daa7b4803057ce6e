"""What a key opens: its own business, for as long as it is good; a key of the platform, every one."""

from typing import Any

import pytest

from hub.access.roles import Scope
from hub.lib import clock
from hub.models.accounts.api_key import ApiKey
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from tests import factories
from tests.api.plans import statements
from tests.client import Client
from tests.factories import People

OWN = "/chat/api/tenants/tnt_default"


def program(app: Any, tenant: Tenant, *scopes: Scope, **values: Any) -> Client:
    text = ApiKey.new_text()
    factories.make_api_key(tenant, *scopes, text=text, **values)
    return Client(app, headers={"X-API-Key": text})


@pytest.fixture
def key(app: Any, people: People) -> Client:
    return program(app, people.tenant)


@pytest.fixture
def platform(app: Any, people: People) -> Client:
    User.update(is_platform_owner=True).where(User.id == people.dave.id).execute()
    return program(app, people.other, Scope.PLATFORM, made_by=people.dave)


def refused(client: Client, path: str, status: int, **headers: str) -> Any:
    """The refusal in the contract's own words."""
    answer = client.call("GET", path, expect=status, headers=headers)
    assert set(answer.get_json()) == {"error", "message"} and answer.get_json()["message"]
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.get_json()["error"]


def named(tenant: Tenant) -> str:
    return f"tnt_{tenant.uuid.hex}"


def test_a_key_opens_its_own_business(key: Client, people: People) -> None:
    for name in ("tnt_default", named(people.tenant), str(people.tenant.uuid)):
        assert key.get(f"/chat/api/tenants/{name}") == {
            "data": {"tenantId": named(people.tenant), "name": "Bakery", "isActive": True}}
        assert key.get(OWN, headers={"X-Tenant-ID": name})["data"]["name"] == "Bakery"


def test_no_key_and_a_wrong_one_are_refused_alike(client: Client, people: People) -> None:
    for given in ({}, {"X-API-Key": ""}, {"X-API-Key": "pky_wrong"}, {"X-API-Key": "я"}):
        for path in (OWN, "/chat/api/tenants"):
            assert refused(client, path, 401, **given) == "Unauthorized"


def test_another_business_is_closed_to_a_key_by_address_and_by_header(key: Client, people: People) -> None:
    for other in (named(people.other), "tnt_nobody", str(people.alice.uuid)):
        assert refused(key, f"/chat/api/tenants/{other}", 403) == "Forbidden"
        assert refused(key, OWN, 403, **{"X-Tenant-ID": other}) == "Forbidden"
    refused(key, "/chat/api/tenants", 403)


def test_a_key_of_the_platform_opens_every_business(platform: Client, people: People) -> None:
    page = platform.get("/chat/api/tenants?page=1&limit=1")
    assert [one["name"] for one in page["data"]] == ["Florist"]
    assert page["pagination"] == {"page": 1, "limit": 1, "total": 2, "pages": 2}
    assert platform.get(f"/chat/api/tenants/{named(people.tenant)}")["data"]["name"] == "Bakery"
    platform.get(OWN, headers={"X-Tenant-ID": named(people.tenant)})
    for unknown in ("tnt_nobody", f"tnt_{people.alice.uuid.hex}"):
        assert refused(platform, f"/chat/api/tenants/{unknown}", 404) == "Not Found"
    assert refused(platform, "/chat/api/tenants?limit=101", 400) == "Bad Request"


def test_a_key_of_the_platform_is_none_any_more_when_its_maker_has_lost_it(platform: Client, people: People) -> None:
    platform.get("/chat/api/tenants")
    User.update(is_platform_owner=False).where(User.id == people.dave.id).execute()
    refused(platform, "/chat/api/tenants", 403)


def test_a_revoked_key_is_refused_by_the_very_next_call(app: Any, alice: Client) -> None:
    made = alice.post("/api/api-keys", {"name": "Shop", "scopes": ["VIEW_CONVERSATIONS"]}, expect=201)
    shop = Client(app, headers={"X-API-Key": made["apiKey"]})
    shop.get(OWN)
    alice.delete(f"/api/api-keys/{made['id']}")
    refused(shop, OWN, 401)


def test_a_key_ends_at_its_moment(app: Any, people: People) -> None:
    program(app, people.tenant, expires_at=clock.ahead(3600)).get(OWN)
    refused(program(app, people.tenant, expires_at=clock.now()), OWN, 401)


def test_a_key_of_a_suspended_business_opens_nothing(key: Client, people: People) -> None:
    Tenant.update(status="restricted").where(Tenant.id == people.tenant.id).execute()
    refused(key, OWN, 403)


def test_using_a_key_is_noted_now_and_then_and_asks_the_database_once(key: Client, people: People) -> None:
    def used() -> Any:
        return ApiKey.get(ApiKey.tenant == people.tenant).last_used_at

    key.get(OWN)
    before = used()
    with statements() as asked:
        key.get(OWN)
    assert len(asked) == 1 and '"api_key"' in asked[0][0]
    assert used() == before, "it was noted a moment ago"
    ApiKey.update(last_used_at=clock.ahead(-3600)).execute()
    key.get(OWN)
    assert used() >= before
