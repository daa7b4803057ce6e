"""The end of a business, for its owner: asked for with the password, taken back for a week."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.pages.kit import Form, page
from hub.services.accounts import closing
from hub.web.people import OwnPasswordIn

blueprint = Blueprint("closing", __name__)
_OWNER = Permission.MANAGE_USERS


@page(blueprint, "/settings/closing", _OWNER)
def show(caller: UserCaller) -> str:
    return _shown(caller, Form.of(OwnPasswordIn))


@page(blueprint, "/settings/closing", _OWNER, "POST", limit=("auth",))
def ask(caller: UserCaller, form: Form[OwnPasswordIn]) -> ResponseReturnValue:
    if form.save(lambda given: closing.ask(caller, given.password)) is None:
        return _shown(caller, form), 422
    flash(gettext("The business will be erased in a week, unless you take it back."), "good")
    return redirect(url_for("closing.show"), 303)


@page(blueprint, "/settings/closing/take-back", _OWNER, "POST")
def take_back(caller: UserCaller) -> ResponseReturnValue:
    closing.take_back(caller)
    flash(gettext("The business stays."), "good")
    return redirect(url_for("closing.show"), 303)


def _shown(caller: UserCaller, form: Form[OwnPasswordIn]) -> str:
    return render_template("pages/accounts/closing.html", form=form, tenant=caller.tenant, user=caller.user)
