"""People over the API of the platform: found with masked e-mails, let in or not, promoted, acted for."""

from collections.abc import Callable
from typing import Any

import pytest

from hub.access.identity import COOKIE
from hub.lib import clock, ids
from hub.models.accounts.session import UserSession
from hub.models.accounts.user import User
from hub.models.platform.event import Event
from hub.services.accounts import accounts
from tests import factories, letters, second_factors
from tests.access.signing_in import login
from tests.api.callers import browser
from tests.client import Client
from tests.factories import People

BASE, WHY = "/api/admin/users", {"reason": "Asked by phone"}
Platform = Callable[..., Client]


def test_people_are_found_with_masked_addresses(platform: Platform, people: People) -> None:
    found = platform().get(f"{BASE}/search?q=bob&limit=5&offset=0")
    assert (found["count"], found["query"]) == (1, "bob")
    one = found["results"][0]
    assert (one["email"], one["tenantName"], one["role"]) == ("b***@bakery.example", "Bakery", "operator")
    assert "bob@" not in str(found)


def test_the_list_says_what_their_businesses_have(platform: Platform, people: People) -> None:
    factories.make_agent(people.tenant)
    factories.make_conversation(factories.make_site(people.tenant))
    User.update(last_login_at=clock.now(), username="bob").where(User.id == people.bob.id).execute()
    found = platform().get(f"{BASE}?q=bob&limit=5&offset=0")
    (one,) = found["users"]
    assert (found["total"], one["assistants_count"], one["dialogs_count"], one["is_admin"]) == (1, 1, 1, False)
    assert one["last_login_at"] and one["tenant_id"] == str(people.tenant.uuid) and one["username"] == "bob"
    assert platform().get(f"{BASE}?limit=2")["total"] == 6


def test_one_person_is_shown_whole_and_the_log_says_who_looked(
        platform: Platform, alice: Client, people: People) -> None:
    User.update(username="bob").where(User.id == people.bob.id).execute()
    found = platform().get(f"{BASE}/{people.bob.uuid}")
    assert (found["email"], found["authProvider"], found["tenant"]["name"]) == ("bob@bakery.example", "local", "Bakery")
    assert found["subscription"]["isActive"] and found["subscription"]["plan"] == "trial"
    logs = platform().get(f"{BASE}/{people.bob.uuid}/audit?limit=50")["logs"]
    assert logs[0]["action"] == "user.viewed" and logs[0]["ipAddress"] == "127.0.0.1"
    seen = alice.get("/api/admin/audit-events?action=user.viewed")[0]
    assert seen["actor"] == logs[0]["actor"] and seen["ipAddress"] is None


def test_a_disabled_person_is_out_at_once_until_enabled(platform: Platform, app: Any, people: People) -> None:
    page = browser(app, people.bob)
    action = platform().post(f"{BASE}/{people.bob.uuid}/disable", WHY)["actionId"]
    event = Event.get(Event.uuid == action)
    assert (event.kind, event.new) == ("user.disabled", {"is_active": False, **WHY})
    page.get("/api/users/me", expect=401)
    assert platform().post(f"{BASE}/{people.bob.uuid}/enable", WHY)["success"]
    browser(app, people.bob).get("/api/users/me")


def test_who_lost_phone_and_codes_is_let_in_with_the_password_and_told(
        platform: Platform, app: Any, people: People) -> None:
    off, page = f"{BASE}/{people.bob.uuid}/second-factor-off", browser(app, people.bob)
    platform().refused("POST", off, WHY, status=409, code="totp_off")
    second_factors.turned_on(people.bob)
    event = Event.get(Event.uuid == platform().post(off, WHY)["actionId"])
    assert (event.kind, event.new) == ("user.totp_disabled", WHY)
    page.get("/api/users/me", expect=401)
    login(Client(app), people.bob.email, expect=200)
    assert "Whoever runs this installation" in letters.text(letters.written(people.bob.email)[-1])


def test_an_administrator_is_made_and_unmade_by_the_owner_alone(
        platform: Platform, bob: Client, people: People) -> None:
    for verb in ("promote-admin", "demote-admin"):
        platform().refused("POST", f"{BASE}/{people.bob.uuid}/{verb}", WHY, status=403)
    assert platform(owner=True).post(f"{BASE}/{people.bob.uuid}/promote-admin", WHY)["actionId"]
    bob.get("/api/admin/health")
    assert platform(owner=True).post(f"{BASE}/{people.bob.uuid}/demote-admin", WHY)["actionId"]
    bob.get("/api/admin/health", expect=403)


@pytest.mark.parametrize(("by_owner", "whom", "verb", "status"), [
    (False, "self", "disable", 409), (False, "owner", "disable", 403), (False, "admin", "disable", 403),
    (True, "self", "disable", 409), (True, "self", "demote-admin", 409), (True, "admin", "disable", 200),
    (False, "self", "second-factor-off", 409), (False, "admin", "second-factor-off", 403),
    (True, "admin", "impersonate", 403), (True, "self", "impersonate", 403)])
def test_nobody_shuts_out_the_owner_or_themselves(
        platform: Platform, by_owner: bool, whom: str, verb: str, status: int) -> None:
    caller, owner = platform(owner=by_owner), platform(owner=True).user
    another = User.create(tenant=factories.make_tenant(), email="eve@platform.example", is_platform_admin=True)
    user = {"self": caller.user, "owner": owner, "admin": another}[whom]
    assert user is not None
    answer = caller.call("POST", f"{BASE}/{user.uuid}/{verb}", json=WHY, expect=status)
    assert status == 200 or answer.get_json()["error"]["message"]


def test_the_owner_acts_in_somebodys_place_and_is_named_in_every_event(
        platform: Platform, app: Any, people: People) -> None:
    User.update(username="bob").where(User.id == people.bob.id).execute()
    root = platform(owner=True).user
    assert root is not None
    page = browser(app, root)
    begun = page.post(f"{BASE}/{people.bob.uuid}/impersonate", WHY)
    assert (begun["redirectUrl"], begun["impersonatedUser"]["email"]) == ("/inbox", people.bob.email)
    page.put("/api/users/me", {"first_name": "Robert"})
    page.get("/api/admin/health", expect=403)
    changed = Event.get(Event.kind == "user.changed")
    assert (changed.actor, changed.impersonator) == (f"user:{people.bob.uuid}", f"user:{root.uuid}")
    assert page.post("/api/admin/impersonate/exit")["redirectUrl"] == f"/platform/users/{people.bob.uuid}"
    assert page.get("/api/users/me")["email"] == root.email
    page.refused("POST", "/api/admin/impersonate/exit", status=409, code="not_impersonating")
    told = [(event.kind, event.actor) for event in Event.of(people.tenant).order_by(Event.id)
            if "impersonat" in event.kind]
    assert told == [("user.impersonated", f"user:{root.uuid}"), ("user.impersonation_ended", f"user:{root.uuid}")]


def test_acting_ends_with_the_own_session_and_with_the_right_to(platform: Platform, app: Any, people: People) -> None:
    root = platform(owner=True).user
    assert root is not None
    for end in (lambda: UserSession.delete().where(UserSession.user == root).execute(),
                lambda: User.update(is_platform_owner=False).where(User.id == root.id).execute()):
        page = browser(app, root)
        page.post(f"{BASE}/{people.bob.uuid}/impersonate", WHY)
        page.get("/api/users/me")
        end()
        page.get("/api/users/me", expect=401)


def test_acting_lasts_an_hour_whatever_is_clicked_and_the_former_cookie_is_worthless(
        platform: Platform, app: Any, people: People) -> None:
    root = platform(owner=True).user
    assert root is not None
    page, former = browser(app, root), accounts.open_session(root, "", "")
    page.http.set_cookie(COOKIE, former)
    page.post(f"{BASE}/{people.bob.uuid}/impersonate", WHY)
    page.get("/api/users/me")
    row = UserSession.get(UserSession.impersonator == root)
    assert 0 < (row.expires_at - clock.now()).total_seconds() <= 3600
    page.post("/api/admin/impersonate/exit")
    page.http.set_cookie(COOKIE, former)
    page.get("/api/users/me", expect=401)


def test_whoever_comes_with_a_token_acts_by_cookie_and_is_nobody_afterwards(platform: Platform, people: People) -> None:
    root = platform(owner=True)
    root.post(f"{BASE}/{people.bob.uuid}/impersonate", WHY)
    del root.headers["Authorization"]
    assert root.get("/api/users/me")["email"] == people.bob.email
    root.post("/api/admin/impersonate/exit")
    root.get("/api/users/me", expect=401)


def test_nobody_acts_for_who_cannot_sign_in(platform: Platform, people: People) -> None:
    User.update(is_active=False).where(User.id == people.bob.id).execute()
    platform(owner=True).refused("POST", f"{BASE}/{people.bob.uuid}/impersonate", WHY, status=409, code="user_disabled")
    platform().post(f"/api/admin/tenants/{people.other.uuid}/restrict", WHY)
    platform(owner=True).refused("POST", f"{BASE}/{people.dave.uuid}/impersonate", WHY, status=403,
                                 code="TENANT_RESTRICTED")


def test_whoever_does_not_look_after_the_platform_is_refused(alice: Client, client: Client, people: People) -> None:
    for method, path in (("GET", BASE), ("GET", f"{BASE}/search"), ("GET", f"{BASE}/{people.bob.uuid}"),
                         ("GET", f"{BASE}/{people.bob.uuid}/audit"), *(
                             ("POST", f"{BASE}/{people.bob.uuid}/{verb}") for verb in (
                                 "disable", "enable", "second-factor-off", "promote-admin", "demote-admin",
                                 "impersonate"))):
        alice.refused(method, path, status=403, code="INSUFFICIENT_PERMISSIONS")
        client.refused(method, path, status=401)


def test_what_does_not_fit_or_is_not_there_is_refused(platform: Platform, people: People) -> None:
    platform().refused("POST", f"{BASE}/{people.bob.uuid}/disable", {"reason": "no"}, status=400, field="reason")
    platform().refused("GET", f"{BASE}?limit=101", status=400, field="limit")
    for path in (f"{BASE}/{ids.uuid7()}", f"{BASE}/none", f"{BASE}/{ids.uuid7()}/audit"):
        platform().refused("GET", path, status=404)
