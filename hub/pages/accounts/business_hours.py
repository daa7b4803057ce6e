"""When people of the business answer, with the next seven days drawn beside what is typed."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, gettext

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.lib import hours
from hub.lib.json_types import JsonObject
from hub.pages.kit import Form, page
from hub.services import tenant_settings
from hub.services.accounts import business_hours
from hub.services.accounts.business_hours import BusinessHours

blueprint = Blueprint("business_hours", __name__)
_MANAGE = Permission.MANAGE_TENANT_SETTINGS


@page(blueprint, "/settings/business-hours", _MANAGE)
def show(caller: UserCaller) -> str:
    return _shown(caller, Form.of(BusinessHours, tenant_settings.of(caller.tenant, BusinessHours)))


@page(blueprint, "/settings/business-hours", _MANAGE, "POST")
def save(caller: UserCaller) -> ResponseReturnValue:
    form = Form.sent(BusinessHours, request.form)
    if form.save(lambda given: tenant_settings.change(caller, BusinessHours, given.model_dump())) is None:
        return _shown(caller, form), 422
    flash(gettext("Saved."), "good")
    return redirect(url_for("business_hours.show"), 303)


@page(blueprint, "/settings/business-hours/preview", _MANAGE, "POST")
def look(caller: UserCaller, form: Form[BusinessHours]) -> str:
    """The week with what is typed now; while something is wrong, the one that holds."""
    return render_template("parts/accounts/_week.html", days=_days(caller, form))


def _shown(caller: UserCaller, form: Form[BusinessHours]) -> str:
    return render_template("pages/accounts/business_hours.html", form=form, days=_days(caller, form))


def _days(caller: UserCaller, form: Form[BusinessHours]) -> list[JsonObject]:
    group = form.value or tenant_settings.of(caller.tenant, BusinessHours)
    week = group.week(caller.tenant)
    return [{"label": format_date(day, "EEE d MMM"), "spans": shown, "hours": hours.written(week.on(day)),
             "is_special": week.is_special(day)} for day, shown in business_hours.days(caller.tenant, week)]
