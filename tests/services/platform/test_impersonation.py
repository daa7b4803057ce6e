"""Acting in somebody's place: what it leaves open, and what the person sees of it."""

from hub.access import grants
from hub.access.callers import UserCaller
from hub.lib import ids
from hub.models.accounts.user import User
from hub.services.platform import impersonation
from tests import factories
from tests.client import Client
from tests.factories import People


def acting(people: People) -> tuple[User, UserCaller]:
    """The owner of the platform, and that one in bob's place."""
    root = factories.make_user(factories.make_tenant(), "owner", is_platform_owner=True)
    cookie = impersonation.begin(factories.caller(root), people.bob, "Asked by phone")
    return root, UserCaller(people.bob, people.tenant, "session", ids.digest(cookie), root)


def test_what_is_open_ends_when_the_administrator_owns_the_platform_no_more(people: People) -> None:
    root, caller = acting(people)
    held = {grants.of_user(caller)}
    assert grants.ended(held) == set()
    User.update(is_platform_owner=False).where(User.id == root.id).execute()
    assert grants.ended(held) == held


def test_it_is_none_of_the_persons_own_sessions(bob: Client, people: People) -> None:
    acting(people)
    assert bob.get("/api/account/sessions") == []
