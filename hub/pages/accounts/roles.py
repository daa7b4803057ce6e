"""Who may do what: the roles and their permissions as one table, for everybody who works here."""

from flask import Blueprint, render_template

from hub.access.callers import UserCaller
from hub.access.roles import ROLES, Permission
from hub.lib.fields import N_
from hub.pages.kit import page
from hub.services.accounts.team import ROLE_NAMES

blueprint = Blueprint("roles", __name__)
NAMES: dict[Permission, str] = {
    Permission.VIEW_CONVERSATIONS: N_("Read conversations"),
    Permission.MANAGE_CONVERSATIONS: N_("Answer customers, take conversations over"),
    Permission.VIEW_CUSTOMERS: N_("See customers"),
    Permission.MANAGE_CUSTOMERS: N_("Change what is known of customers, write notes"),
    Permission.DELETE_CUSTOMER_DATA: N_("Delete a customer's data"),
    Permission.VIEW_ANALYTICS: N_("See figures"),
    Permission.MANAGE_PRODUCTS: N_("Change goods and prices"),
    Permission.MANAGE_KNOWLEDGE_BASE: N_("Write articles that the AI answers from"),
    Permission.MANAGE_AUTOSEND: N_("Say what the AI may send by itself"),
    Permission.MANAGE_POLICIES: N_("Set rules of the business, such as discounts"),
    Permission.MANAGE_TRAINING: N_("Train the AI on examples"),
    Permission.EXPORT_TRAINING_DATA: N_("Take training examples out"),
    Permission.MANAGE_CHANNELS: N_("Connect sites and messengers"),
    Permission.MANAGE_TENANT_SETTINGS: N_("Change settings of the business"),
    Permission.VIEW_AUDIT_LOGS: N_("Read who did what"),
    Permission.MANAGE_USERS: N_("Invite people, change roles, shut somebody out"),
}


@page(blueprint, "/settings/roles", Permission.SIGNED_IN)
def index(caller: UserCaller) -> str:
    rows = [(permission, name, [permission in ROLES[role] for role in ROLE_NAMES])
            for permission, name in NAMES.items()]
    return render_template("pages/accounts/roles.html", rows=rows, roles=ROLE_NAMES, mine=caller.role)
