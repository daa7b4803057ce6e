"""Who may do what: one table. The access test walks every route through it."""

from enum import StrEnum


class Permission(StrEnum):
    """The permissions, named as the documented API names them."""

    VIEW_CONVERSATIONS = "VIEW_CONVERSATIONS"
    MANAGE_CONVERSATIONS = "MANAGE_CONVERSATIONS"
    VIEW_CUSTOMERS = "VIEW_CUSTOMERS"
    MANAGE_CUSTOMERS = "MANAGE_CUSTOMERS"
    DELETE_CUSTOMER_DATA = "DELETE_CUSTOMER_DATA"
    VIEW_ANALYTICS = "VIEW_ANALYTICS"
    MANAGE_PRODUCTS = "MANAGE_PRODUCTS"
    MANAGE_KNOWLEDGE_BASE = "MANAGE_KNOWLEDGE_BASE"
    MANAGE_AUTOSEND = "MANAGE_AUTOSEND"
    MANAGE_POLICIES = "MANAGE_POLICIES"
    MANAGE_TRAINING = "MANAGE_TRAINING"
    EXPORT_TRAINING_DATA = "EXPORT_TRAINING_DATA"
    MANAGE_CHANNELS = "MANAGE_CHANNELS"
    MANAGE_TENANT_SETTINGS = "MANAGE_TENANT_SETTINGS"
    MANAGE_USERS = "MANAGE_USERS"
    VIEW_AUDIT_LOGS = "VIEW_AUDIT_LOGS"
    # Not in a role's list; what a route asks for instead of a permission:
    SIGNED_IN = "signed-in"                 # any user, whatever the role
    ANYBODY = "anybody"                     # no user needed
    VISITOR = "visitor"                     # a visitor token of the widget
    PROVIDER = "provider"                   # the sender's own signature
    API_KEY = "api-key"                     # a key of the chat contract
    SERVICE = "service"                     # a part of the hub itself, or a program that stands beside it
    PLATFORM_ADMIN = "platform-admin"       # a user who looks after all businesses of this installation
    PLATFORM_OWNER = "platform-owner"       # a user whose installation it is


class Scope(StrEnum):
    """The permissions that a key may be given."""

    VIEW_CONVERSATIONS = Permission.VIEW_CONVERSATIONS.value
    MANAGE_CONVERSATIONS = Permission.MANAGE_CONVERSATIONS.value
    VIEW_CUSTOMERS = Permission.VIEW_CUSTOMERS.value
    MANAGE_CUSTOMERS = Permission.MANAGE_CUSTOMERS.value
    PLATFORM = Permission.PLATFORM_ADMIN.value          # every business; the owner of the installation alone gives it


_VIEWER = frozenset({Permission.VIEW_CONVERSATIONS, Permission.VIEW_CUSTOMERS})
_OPERATOR = _VIEWER | {Permission.MANAGE_CONVERSATIONS, Permission.MANAGE_CUSTOMERS, Permission.VIEW_ANALYTICS,
                       Permission.MANAGE_PRODUCTS,
                       Permission.MANAGE_KNOWLEDGE_BASE}
_ADMIN = _OPERATOR | {Permission.DELETE_CUSTOMER_DATA, Permission.MANAGE_AUTOSEND, Permission.MANAGE_POLICIES,
                      Permission.MANAGE_TRAINING,
                      Permission.EXPORT_TRAINING_DATA, Permission.MANAGE_CHANNELS, Permission.MANAGE_TENANT_SETTINGS,
                      Permission.VIEW_AUDIT_LOGS}

ROLES: dict[str, frozenset[Permission]] = {
    "owner": _ADMIN | {Permission.MANAGE_USERS},
    "admin": _ADMIN,
    "operator": _OPERATOR,
    "viewer": _VIEWER,
    "guest": frozenset(),
}


def of_platform(*, admin: bool, owner: bool) -> frozenset[Permission]:
    """What a user's flags allow on the whole installation; an owner may all that an administrator may."""
    held = {Permission.PLATFORM_ADMIN: admin or owner, Permission.PLATFORM_OWNER: owner}
    return frozenset(permission for permission, holds in held.items() if holds)


def allowed(role: str, permission: Permission) -> bool:
    """Does the role hold the permission? Every role is signed in; what other kinds of callers hold no role does."""
    return permission in (Permission.SIGNED_IN, Permission.ANYBODY) or permission in ROLES.get(role, frozenset())
