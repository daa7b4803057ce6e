"""Exports: asked for on the page of the business or beside a conversation, watched, and saved; erasing a customer."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.models.customers.customer import Customer
from hub.models.platform.task import Task
from hub.pages.kit import asked_for_part, page
from hub.services.customers import erasing
from hub.services.platform import exports

blueprint = Blueprint("exports", __name__)


@page(blueprint, "/settings/export", Permission.MANAGE_USERS)
def of_tenant(caller: UserCaller) -> str:
    return _shown(exports.last(caller.tenant), None)


@page(blueprint, "/settings/export", Permission.MANAGE_USERS, "POST")
def ask_of_tenant(caller: UserCaller) -> ResponseReturnValue:
    exports.of_tenant(caller)
    return redirect(url_for("exports.of_tenant"), 303)


@page(blueprint, "/customers/<customer>/export", Permission.MANAGE_CUSTOMERS)
def of_customer(caller: UserCaller, customer: Customer) -> str:
    return _shown(exports.last(caller.tenant, customer=f"{customer.uuid}"), customer)


@page(blueprint, "/customers/<customer>/export", Permission.MANAGE_CUSTOMERS, "POST")
def ask_of_customer(caller: UserCaller, customer: Customer) -> ResponseReturnValue:
    exports.of_customer(caller, customer)
    return redirect(url_for("exports.of_customer", customer=customer.uuid), 303)


@page(blueprint, "/customers/<customer>/erase", Permission.DELETE_CUSTOMER_DATA, "POST")
def erase(caller: UserCaller, customer: Customer) -> ResponseReturnValue:
    erasing.erase(caller, customer)
    flash(gettext("Everything about this customer is erased."), "good")
    return redirect(url_for("inbox.index"), 303)


def _shown(task: Task | None, customer: Customer | None) -> str:
    """The page, or the part of it that follows the task's stream."""
    at = url_for("exports.of_tenant") if customer is None else url_for("exports.of_customer", customer=customer.uuid)
    name = "parts/platform/_export.html" if asked_for_part() else "pages/platform/export.html"
    return render_template(name, task=task, customer=customer, at=at, url=exports.url(task) if task else None)
