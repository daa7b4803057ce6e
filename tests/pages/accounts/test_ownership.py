"""A business changes hands: offered by its owner, accepted by a colleague, and owned by somebody at every moment."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from hub.errors import Conflict, Forbidden
from hub.lib import clock
from hub.models.accounts.ownership_offer import OwnershipOffer
from hub.models.accounts.session import UserSession
from hub.models.accounts.user import Role, User
from hub.models.platform.event import Event
from hub.services.accounts import ownership, team
from hub.services.accounts.team import MemberIn
from tests import factories, letters
from tests.api.callers import browser
from tests.client import Client
from tests.factories import PASSWORD, People
from tests.pages.forms import submit
from tests.services import steps

OFFER, ACCEPT = "/settings/team/ownership", "/account/ownership/accept"


def roles(people: People) -> tuple[str, str]:
    return User.get_by_id(people.alice.id).role, User.get_by_id(people.bob.id).role


def test_a_colleague_who_accepts_owns_the_business_and_the_owner_becomes_an_administrator(
        app: Any, page: Client, people: People) -> None:
    bob = browser(app, people.bob)
    submit(page, OFFER, 303, member=str(people.bob.uuid), password=PASSWORD)
    assert roles(people) == ("owner", "operator")
    assert "is asked to take the business over" in page.call("GET", "/settings/team", expect=200).text
    letter = letters.written(people.bob.email)[-1]
    assert "Bakery" in letter.subject and letters.link(letter).endswith("/account")
    assert "Alice offers you the business" in bob.call("GET", "/account", expect=200).text
    submit(bob, ACCEPT, 303)
    assert roles(people) == ("admin", "owner") and not OwnershipOffer.select().exists()
    assert "Bob" in bob.call("GET", "/settings/team", expect=200).text
    page.call("GET", "/settings/team", expect=403)
    told = Event.get(Event.kind == "tenant.owner_changed")
    assert (told.actor, told.old, told.new) == (f"user:{people.bob.uuid}", {"owner": str(people.alice.uuid)},
                                                {"owner": str(people.bob.uuid)})


@pytest.mark.parametrize("ends", ["taken back", "declined", "expired", "offered to another", "no owner any more"])
def test_an_offer_that_stands_no_more_is_not_accepted(app: Any, page: Client, people: People, ends: str) -> None:
    bob = browser(app, people.bob)
    submit(page, OFFER, 303, member=str(people.bob.uuid), password=PASSWORD)
    if ends == "taken back":
        submit(page, f"{OFFER}/take-back", 303)
    elif ends == "declined":
        submit(bob, "/account/ownership/decline", 303)
    elif ends == "expired":
        OwnershipOffer.update(expires_at=clock.now() - timedelta(seconds=1)).execute()
    elif ends == "offered to another":
        submit(page, OFFER, 303, member=str(people.carol.uuid), password=PASSWORD)
    else:
        second = factories.caller(factories.make_user(people.tenant, "owner"))
        team.change(second, people.alice, MemberIn(role=Role.VIEWER))
    before = roles(people)
    submit(bob, ACCEPT, 303)
    assert "does not stand any more" in bob.call("GET", "/account", expect=200).text
    assert roles(people) == before


def test_only_an_owner_offers_and_only_to_a_colleague_who_can_own(page: Client, people: People) -> None:
    with pytest.raises(Forbidden):
        ownership.offer(factories.caller(factories.make_user(people.tenant, "admin")), people.bob.uuid, PASSWORD)
    User.update(is_active=False).where(User.id == people.carol.id).execute()
    for unfit in (people.carol, people.alice):
        told = submit(page, OFFER, 422, member=str(unfit.uuid), password=PASSWORD).text
        assert "Choose an active colleague" in told
    submit(page, OFFER, 404, member=str(people.dave.uuid), password=PASSWORD)
    submit(page, OFFER, 422, member="x", password=PASSWORD)
    assert not OwnershipOffer.select().exists()


def test_whoever_finds_the_owners_browser_open_cannot_give_the_business_away(page: Client, people: People) -> None:
    told = submit(page, OFFER, 422, member=str(people.bob.uuid), password="Wrong-horse-1").text
    assert "The password is wrong." in told and f'value="{people.bob.uuid}" selected' in told
    submit(page, OFFER, 422, member=str(people.bob.uuid))
    assert not OwnershipOffer.select().exists()


def test_an_offer_accepted_while_its_owner_loses_the_role_leaves_the_business_with_one(
        people: People) -> None:
    """Whoever of the two is first."""
    second = factories.make_user(people.tenant, "owner")
    ownership.offer(factories.caller(people.alice), people.bob.uuid, PASSWORD)
    steps.good(steps.at_once(
        lambda: ownership.accept(factories.caller(User.get_by_id(people.bob.id))),
        lambda: team.change(factories.caller(second), User.get_by_id(people.alice.id), MemberIn(role=Role.VIEWER))),
               Conflict)
    assert roles(people) in [("viewer", "operator"), ("viewer", "owner"), ("admin", "owner")]
    assert User.get_by_id(second.id).role == "owner"


@pytest.mark.parametrize("first", ["accepted", "shut out"])
def test_who_accepts_while_they_are_shut_out_does_one_or_the_other(people: People, first: str) -> None:
    """Each request read the people before the other one was done."""
    factories.make_user(people.tenant, "owner")
    ownership.offer(factories.caller(people.alice), people.bob.uuid, PASSWORD)
    alice, bob = (factories.caller(User.get_by_id(person.id)) for person in (people.alice, people.bob))
    member = User.get_by_id(people.bob.id)
    acts = [lambda: ownership.accept(bob), lambda: team.disable(alice, member)]
    for step in acts if first == "accepted" else acts[::-1]:
        with suppress(Conflict, Forbidden):
            step()
    roles_then = ("admin", "owner") if first == "accepted" else ("owner", "operator")
    assert roles(people) == roles_then and User.get_by_id(people.bob.id).is_active == (first == "accepted")


def test_the_table_of_roles_says_what_each_permission_is_and_who_holds_it(app: Any, people: People) -> None:
    text = browser(app, people.carol).call("GET", "/settings/roles", expect=200).text
    rows = [row for row in text.split("<tr>") if 'scope="row"' in row]
    assert len(rows) == 16
    held = {row.partition('title="')[2].partition('"')[0]: row.count('aria-label="yes"') for row in rows}
    assert (held["VIEW_CONVERSATIONS"], held["MANAGE_CONVERSATIONS"], held["MANAGE_CHANNELS"],
            held["MANAGE_USERS"]) == (4, 3, 2, 1)


def test_when_somebody_was_last_seen_is_shown_to_the_hour(app: Any, page: Client, people: People) -> None:
    bob = browser(app, people.bob)
    long_ago = clock.now() - timedelta(days=3)
    User.update(last_seen_at=long_ago).where(User.id == people.bob.id).execute()
    bob.call("GET", "/inbox", expect=200)
    assert User.get_by_id(people.bob.id).last_seen_at == long_ago, "not written at every click"
    UserSession.update(expires_at=clock.now() + timedelta(days=6)).where(UserSession.user == people.bob).execute()
    bob.call("GET", "/inbox", expect=200)
    assert User.get_by_id(people.bob.id).last_seen_at not in (long_ago, None)
    assert "Last seen" in page.call("GET", "/settings/team", expect=200).text
