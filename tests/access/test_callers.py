"""Six kinds of callers, one protocol: what a kind does not hold is refused, whatever a surface says."""

from dataclasses import replace

import pytest

from hub import api
from hub.access import callers, roles
from hub.access.callers import Anonymous, Caller, KeyCaller, Provider, Service, UserCaller, Visitor
from hub.access.roles import Permission
from hub.api.kit.surface import Surface, coded_error
from hub.api.kit.table import get
from hub.errors import Forbidden, Unauthorized
from hub.lib import addresses
from hub.models.accounts.tenant import Tenant
from hub.settings import Settings
from tests import factories
from tests.api import bodies
from tests.api.callers import served
from tests.factories import People

KINDS = ("anonymous", "user", "visitor", "api_key", "service", "provider")
OWN = {"user": Permission.SIGNED_IN, "visitor": Permission.VISITOR, "api_key": Permission.API_KEY,
       "service": Permission.SERVICE, "provider": Permission.PROVIDER}


def key_of(tenant: Tenant, *scopes: str) -> KeyCaller:
    """The caller with a new key of that business."""
    return KeyCaller(factories.make_api_key(tenant, *scopes), tenant)


def of_kind(kind: str, people: People) -> Caller:
    found: dict[str, Caller] = {
        "anonymous": Anonymous("203.0.113.9"), "user": UserCaller(people.carol, people.tenant, "session"),
        "visitor": Visitor("v-vera", 1, people.tenant.id), "api_key": key_of(people.tenant),
        "service": Service("ai", people.tenant.id), "provider": Provider("custom", "t", "203.0.113.9")}
    return found[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_holds_what_is_its_own_and_nothing_of_the_others(kind: str, people: People) -> None:
    caller = of_kind(kind, people)
    held = {permission for permission in Permission if caller.may(permission)}
    roles_own = roles.ROLES["viewer"] if kind == "user" else frozenset()
    assert held == {Permission.ANYBODY, *roles_own, *([OWN[kind]] if kind in OWN else [])}


def test_a_key_holds_the_scopes_it_was_given(people: People) -> None:
    key = key_of(people.tenant, Permission.VIEW_CUSTOMERS)
    assert key.may(Permission.VIEW_CUSTOMERS) and not key.may(Permission.MANAGE_CUSTOMERS)


def test_each_key_has_a_name_and_a_limit_of_its_own(people: People) -> None:
    one, other = key_of(people.tenant), key_of(people.tenant)
    assert one.actor != other.actor and one.rate_key != other.rate_key


def test_a_key_of_the_platform_is_one_while_its_maker_owns_the_platform(people: People) -> None:
    people.alice.is_platform_owner = True
    key = key_of(people.tenant, Permission.PLATFORM_ADMIN)
    assert not key.may(Permission.PLATFORM_ADMIN), "nobody made it"
    key.key.made_by = people.alice
    assert key.may(Permission.PLATFORM_ADMIN) and not key.may(Permission.PLATFORM_OWNER)
    people.alice.is_platform_owner = False
    assert not key.may(Permission.PLATFORM_ADMIN)


def test_flags_of_the_platform_count_until_somebody_acts_in_the_place_of_who_has_them(people: People) -> None:
    people.carol.is_platform_admin = people.carol.is_platform_owner = True
    own = UserCaller(people.carol, people.tenant, "session")
    assert own.may(Permission.PLATFORM_ADMIN) and own.may(Permission.PLATFORM_OWNER) and own.impersonator is None
    acting = replace(own, administrator=people.dave)
    assert not acting.may(Permission.PLATFORM_ADMIN) and not acting.may(Permission.PLATFORM_OWNER)
    assert acting.may(Permission.VIEW_CUSTOMERS)
    assert (acting.actor, acting.impersonator) == (f"user:{people.carol.uuid}", f"user:{people.dave.uuid}")


@pytest.mark.parametrize(("kind", "error"), [(kind, Unauthorized if kind == "anonymous" else Forbidden)
                                             for kind in KINDS])
def test_whoever_lacks_a_permission_is_told_so(kind: str, error: type[Exception], people: People) -> None:
    with pytest.raises(error):
        callers.require(of_kind(kind, people), Permission.MANAGE_USERS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_name_for_the_log_and_a_key_for_the_limits(kind: str, people: People) -> None:
    caller = of_kind(kind, people)
    assert caller.actor.startswith(kind) and caller.rate_key
    assert callers.tenant_id(caller) in (people.tenant.id, None)


@pytest.mark.parametrize("kind", KINDS)
def test_no_route_serves_a_kind_that_does_not_hold_its_permission(
        kind: str, people: People, settings: Settings) -> None:
    """Every surface is made to take this caller for the right one; the route refuses all the same."""
    caller = of_kind(kind, people)
    client = served([replace(surface, identify=lambda permission: caller) for surface in api.surfaces()], settings)
    for route in bodies.routes():
        if not caller.may(route.permission):
            answer = client.open(route.path.replace("<", "").replace(">", ""), method=route.method)
            assert answer.status_code == (401 if kind == "anonymous" else 403), (route.method, route.path)


def test_a_handler_for_one_kind_serves_no_other_kind_that_holds_the_permission(
        people: People, settings: Settings) -> None:
    def secret(caller: UserCaller) -> None:
        raise AssertionError("it was served")

    key = key_of(people.tenant, Permission.VIEW_CUSTOMERS)
    surface = Surface("test", ("/test",), lambda permission: key, coded_error, {})
    surface.table("secrets", get("/test", secret, permission=Permission.VIEW_CUSTOMERS))
    assert served([surface], settings).get("/test").status_code == 403


@pytest.mark.parametrize(("text", "key"), [
    ("203.0.113.9", "203.0.113.9"), ("203.0.113.9:51234", "203.0.113.9"), ("::ffff:203.0.113.9", "203.0.113.9"),
    ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"), ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
    ("[2001:db8:1:2::3]:443", "2001:db8:1:2::/64"), ("fe80::1%eth0", "fe80::/64"), ("2001:db8:1:3::1",
                                                                                   "2001:db8:1:3::/64"),
    ("", "?"), (None, "?"), ("unix:", "?"), ("evil\n203.0.113.9", "?"), ("0x7f.1", "?")])
def test_an_address_is_counted_parsed(text: str | None, key: str) -> None:
    assert addresses.counted(text) == key
