"""Pages of those who look after the installation: businesses, people, and acting in somebody's place."""

from typing import Any

import pytest

from hub.models.accounts.session import UserSession
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.platform.event import Event
from hub.models.platform.grant import Grant
from tests import factories, second_factors
from tests.api.callers import browser
from tests.client import Client
from tests.factories import People
from tests.pages.forms import submit

WHY = "Asked by phone"


@pytest.fixture
def root(app: Any, people: People) -> Client:
    """The browser of who owns the platform."""
    return browser(app, factories.make_user(factories.make_tenant(name="Platform"), "owner", first_name="Root",
                                            is_platform_owner=True))


@pytest.fixture
def ada(app: Any, people: People) -> Client:
    """The browser of an administrator of the platform."""
    return browser(app, factories.make_user(factories.make_tenant(name="Helpers"), "owner", first_name="Ada",
                                            is_platform_admin=True))


def test_only_administrators_of_the_platform_see_its_pages(app: Any, people: People, ada: Client) -> None:
    paths = ["/platform/tenants", "/platform/users", f"/platform/tenants/{people.other.uuid}",
             f"/platform/users/{people.dave.uuid}"]
    alice = browser(app, people.alice)
    assert "/platform/" not in alice.call("GET", "/inbox", expect=200).text
    for path in paths:
        alice.call("GET", path, expect=403)
        ada.call("GET", path, expect=200)
    assert 'href="/platform/tenants"' in ada.call("GET", "/inbox", expect=200).text


@pytest.mark.parametrize(("path", "shown", "hidden"), [
    ("/platform/tenants?q=bakery", "Bakery", "Florist"), ("/platform/tenants?q=dave@florist", "Florist", "Bakery"),
    ("/platform/tenants?state=restricted", "Nothing found", "Bakery"), ("/platform/users?q=bob", "Bob", "Carol"),
    ("/platform/users?state=platform", "Ada", "Carol"), ("/platform/users?q=alice", "a***@bakery.example", "alice@")])
def test_lists_are_searched_and_filtered(ada: Client, path: str, shown: str, hidden: str) -> None:
    text = ada.call("GET", path, expect=200).text.partition('id="listing-rows"')[2]
    assert shown in text and hidden not in text


def test_a_business_is_suspended_with_a_reason_and_let_go_on_by_the_owner(
        root: Client, ada: Client, people: People) -> None:
    page = f"/platform/tenants/{people.tenant.uuid}"
    assert "at least 3" in submit(ada, f"{page}/restrict", 422, reason="no").text
    submit(ada, f"{page}/restrict", 303, reason=WHY)
    assert Tenant.get_by_id(people.tenant.id).status == "restricted"
    text = ada.call("GET", page, expect=200).text
    assert "Suspended" in text and WHY in text and "Only the owner of the platform ends a suspension" in text
    submit(ada, f"{page}/unrestrict", 403, reason=WHY)
    submit(root, f"{page}/unrestrict", 303, reason=WHY)
    assert Tenant.get_by_id(people.tenant.id).status == "active"


def test_access_is_given_and_taken_back(ada: Client, people: People) -> None:
    page = f"/platform/tenants/{people.tenant.uuid}"
    assert submit(ada, f"{page}/grant", 422, days="0", reason=WHY)
    submit(ada, f"{page}/grant", 303, days="7", reason=WHY)
    given = Grant.get()
    assert WHY in ada.call("GET", page, expect=200).text
    assert "Write at least" in submit(ada, f"/platform/grants/{given.uuid}/revoke", 422, reason="x").text
    submit(ada, f"/platform/grants/{given.uuid}/revoke", 303, reason=WHY)
    assert Grant.get().revoked_at and "taken back" in ada.call("GET", page, expect=200).text


def test_a_person_is_shut_out_and_let_in_promoted_and_demoted(root: Client, ada: Client, people: People) -> None:
    page = f"/platform/users/{people.bob.uuid}"
    for client, verb, column, value in ((ada, "disable", "is_active", False), (ada, "enable", "is_active", True),
                                        (root, "promote", "is_platform_admin", True),
                                        (root, "demote", "is_platform_admin", False)):
        submit(client, f"{page}/{verb}", 303, reason=WHY)
        assert getattr(User.get_by_id(people.bob.id), column) is value
    for verb in ("promote", "demote", "impersonate"):
        submit(ada, f"{page}/{verb}", 403, reason=WHY)
    assert "Write at least" in submit(ada, f"{page}/disable", 422, reason="x").text
    assert User.get_by_id(people.bob.id).is_active


def test_nothing_is_offered_that_would_be_refused(root: Client, ada: Client, people: People) -> None:
    def offered(client: Client, user: User) -> list[str]:
        text = client.call("GET", f"/platform/users/{user.uuid}", expect=200).text
        return [verb for verb in ("impersonate", "disable", "enable", "second-factor-off", "promote", "demote")
                if f"/{verb}\"" in text]

    helper = User.get(User.first_name == "Ada")
    assert offered(ada, people.bob) == ["disable"]
    assert offered(root, people.bob) == ["impersonate", "disable", "promote"]
    assert offered(root, helper) == ["disable", "demote"]
    second_factors.turned_on(people.bob)
    assert offered(ada, people.bob) == ["disable", "second-factor-off"]
    submit(ada, f"/platform/users/{people.bob.uuid}/second-factor-off", 303, reason=WHY)
    assert offered(ada, people.bob) == ["disable"]
    for client, user in ((ada, helper), (ada, User.get(User.first_name == "Root"))):
        assert offered(client, user) == []
    said = submit(ada, f"/platform/users/{helper.uuid}/disable", 422, reason=WHY).text
    assert "You cannot change your own access." in said


def test_acting_in_somebodys_place_is_said_on_every_page_until_it_ends(root: Client, people: People) -> None:
    submit(root, f"/platform/users/{people.alice.uuid}/impersonate", 303, reason=WHY)
    for path in ("/inbox", "/settings/team", "/settings/audit", "/api-docs"):
        text = root.call("GET", path, expect=200).text
        assert "You act as Alice" in text and 'action="/platform/exit"' in text and "your own name, Root" in text
    assert "You act as Alice" in root.call("GET", "/platform/users", expect=403).text
    left = submit(root, "/platform/exit", 303)
    assert left.location == f"/platform/users/{people.alice.uuid}"
    assert "You act as" not in root.call("GET", left.location, expect=200).text


def test_there_is_a_way_out_of_a_business_that_was_suspended_meanwhile(
        root: Client, ada: Client, people: People) -> None:
    submit(root, f"/platform/users/{people.alice.uuid}/impersonate", 303, reason=WHY)
    submit(ada, f"/platform/tenants/{people.tenant.uuid}/restrict", 303, reason=WHY)
    assert "You act as Alice" in root.call("GET", "/inbox", expect=403).text
    submit(root, "/platform/exit", 303)
    root.call("GET", "/platform/users", expect=200)


def test_signing_out_ends_acting_as_well_and_is_recorded_with_who_it_was(root: Client, people: People) -> None:
    submit(root, f"/platform/users/{people.alice.uuid}/impersonate", 303, reason=WHY)
    submit(root, "/auth/sign-out")
    event = Event.get(Event.kind == "user.signed_out")
    assert event.impersonator == f"user:{User.get(User.first_name == 'Root').uuid}"
    assert not UserSession.select().where(UserSession.impersonator.is_null(False)).exists()


def test_whoever_acts_for_nobody_is_sent_to_sign_in(client: Client) -> None:
    assert submit(client, "/platform/exit", 303).location.startswith("/auth/login")


def test_what_there_is_not_is_not_found(root: Client) -> None:
    for path in ("/platform/tenants/none", "/platform/users/none",
                 "/platform/users/00000000-0000-4000-8000-000000000001"):
        root.call("GET", path, expect=404)
    submit(root, "/platform/grants/none/revoke", 404, reason=WHY)
