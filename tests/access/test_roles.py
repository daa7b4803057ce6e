"""The permission table, as the documents have it."""

import pytest

from hub.access import roles
from hub.access.roles import ROLES, Permission

# Permission -> the roles that hold it, from the documents.
DOCUMENTED = {
    "VIEW_CONVERSATIONS": "owner admin operator viewer", "MANAGE_CONVERSATIONS": "owner admin operator",
    "VIEW_CUSTOMERS": "owner admin operator viewer", "MANAGE_CUSTOMERS": "owner admin operator",
    "DELETE_CUSTOMER_DATA": "owner admin", "VIEW_ANALYTICS": "owner admin operator",
    "MANAGE_PRODUCTS": "owner admin operator", "MANAGE_KNOWLEDGE_BASE": "owner admin operator",
    "MANAGE_AUTOSEND": "owner admin", "MANAGE_POLICIES": "owner admin", "MANAGE_TRAINING": "owner admin",
    "EXPORT_TRAINING_DATA": "owner admin", "MANAGE_CHANNELS": "owner admin", "MANAGE_TENANT_SETTINGS": "owner admin",
    "MANAGE_USERS": "owner", "VIEW_AUDIT_LOGS": "owner admin",
}
# What a route asks for instead of a permission; in no role's list.
OTHERS = {Permission.SIGNED_IN, Permission.ANYBODY, Permission.VISITOR, Permission.PROVIDER, Permission.API_KEY,
          Permission.SERVICE, Permission.PLATFORM_ADMIN, Permission.PLATFORM_OWNER}


@pytest.mark.parametrize("permission", DOCUMENTED)
@pytest.mark.parametrize("role", ["owner", "admin", "operator", "viewer", "guest"])
def test_a_role_may_what_the_documents_say(role: str, permission: str) -> None:
    assert roles.allowed(role, Permission(permission)) is (role in DOCUMENTED[permission].split())


def test_the_table_holds_every_documented_permission_and_role() -> None:
    assert {str(permission) for permission in Permission} - {str(permission)
                                                             for permission in OTHERS} == set(DOCUMENTED)
    assert set(ROLES) == {"owner", "admin", "operator", "viewer", "guest"}


@pytest.mark.parametrize("role", ["", "root", "Owner", "owner ", "platform"])
def test_an_unknown_role_may_nothing(role: str) -> None:
    assert not any(roles.allowed(role, Permission(permission)) for permission in DOCUMENTED)


def test_whoever_is_signed_in_may_what_needs_no_permission_and_is_no_visitor_or_provider() -> None:
    for role in ROLES:
        assert roles.allowed(role, Permission.SIGNED_IN) and roles.allowed(role, Permission.ANYBODY)
        assert not roles.allowed(role, Permission.VISITOR) and not roles.allowed(role, Permission.PROVIDER)


def test_a_higher_role_may_all_that_a_lower_one_may() -> None:
    assert ROLES["guest"] < ROLES["viewer"] < ROLES["operator"] < ROLES["admin"] < ROLES["owner"]


@pytest.mark.parametrize(("flags", "held"), [
    ({"admin": False, "owner": False}, set()), ({"admin": True, "owner": False}, {Permission.PLATFORM_ADMIN}),
    ({"admin": False, "owner": True}, {Permission.PLATFORM_ADMIN, Permission.PLATFORM_OWNER}),
    ({"admin": True, "owner": True}, {Permission.PLATFORM_ADMIN, Permission.PLATFORM_OWNER})])
def test_the_owner_of_the_platform_may_what_its_administrators_may(flags: dict[str, bool],
                                                                   held: set[Permission]) -> None:
    assert roles.of_platform(**flags) == held


def test_no_role_of_a_business_holds_anything_of_the_platform() -> None:
    for role in ROLES:
        assert not roles.allowed(role, Permission.PLATFORM_ADMIN)
        assert not roles.allowed(role, Permission.PLATFORM_OWNER)
