"""Who may do what: one table. The access test walks every route through it."""

from enum import StrEnum


class May(StrEnum):
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


_VIEWER = frozenset({May.VIEW_CONVERSATIONS, May.VIEW_CUSTOMERS})
_OPERATOR = _VIEWER | {May.MANAGE_CONVERSATIONS, May.MANAGE_CUSTOMERS, May.VIEW_ANALYTICS, May.MANAGE_PRODUCTS,
                       May.MANAGE_KNOWLEDGE_BASE}
_ADMIN = _OPERATOR | {May.DELETE_CUSTOMER_DATA, May.MANAGE_AUTOSEND, May.MANAGE_POLICIES, May.MANAGE_TRAINING,
                      May.EXPORT_TRAINING_DATA, May.MANAGE_CHANNELS, May.MANAGE_TENANT_SETTINGS, May.VIEW_AUDIT_LOGS}

ROLES: dict[str, frozenset[May]] = {
    "owner": _ADMIN | {May.MANAGE_USERS},
    "admin": _ADMIN,
    "operator": _OPERATOR,
    "viewer": _VIEWER,
    "guest": frozenset(),
}


def allowed(role: str, may: May) -> bool:
    """Does the role hold the permission? Every role is signed in; nobody else's rights are a role's business."""
    return may in (May.SIGNED_IN, May.ANYBODY) or may in ROLES.get(role, frozenset())
