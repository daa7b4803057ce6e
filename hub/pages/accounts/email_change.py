"""Another address to sign in with: asked for on the account page, confirmed by the links of two letters."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from hub.access import identity
from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.models.accounts.email_change import EmailChange
from hub.pages.accounts import profile
from hub.pages.accounts.entry import Somebody, is_home
from hub.pages.accounts.profile import EmailIn
from hub.pages.kit import Form, page
from hub.services.accounts import email_change
from hub.web.people import ConfirmIn

blueprint = Blueprint("email_change", __name__)


@page(blueprint, "/account/email", Permission.SIGNED_IN, "POST", limit=("auth", "letter", "letter-address"))
def ask(caller: UserCaller, form: Form[EmailIn]) -> ResponseReturnValue:
    made = form.save(lambda given: email_change.ask(caller, given.email, given.email_password))
    if made is None:
        return profile.shown(caller, address=form), 422
    one = gettext("A letter is on its way. Open its link, and you sign in with %(email)s.", email=made.email)
    two = gettext("Two letters are on their way. Confirm both, and you sign in with %(email)s.", email=made.email)
    flash(one if made.old_said_at else two, "good")
    return redirect(url_for("profile.show"), 303)


@page(blueprint, "/account/email/cancel", Permission.SIGNED_IN, "POST")
def cancel(caller: UserCaller) -> ResponseReturnValue:
    email_change.cancel(caller)
    flash(gettext("Your address stays as it is."), "good")
    return redirect(url_for("profile.show"), 303)


@page(blueprint, "/auth/email-change", Permission.ANYBODY)
def confirm(caller: Somebody) -> str:
    """A page with a button: programs that open every link of a letter confirm nothing."""
    return _shown(caller, Form.of(ConfirmIn, request.args))


@page(blueprint, "/auth/email-change/confirm", Permission.ANYBODY, "POST", limit=("auth",))
def say_yes(caller: Somebody, form: Form[ConfirmIn]) -> ResponseReturnValue:
    left: list[EmailChange | None] = []
    cookie = request.cookies.get(identity.COOKIE, "")
    form.save(lambda given: left.append(email_change.confirm_at(caller, given.token, given.password, cookie)))
    if not left:
        return _shown(caller, form), 422
    flash(gettext("From now on you sign in with the new address.") if left[0] is None else gettext(
        "Thank you. Now confirm the letter to the other address."), "good")
    return redirect(url_for("profile.show" if current_user.is_authenticated else "auth.login"), 303)


def _shown(caller: Somebody, form: Form[ConfirmIn]) -> str:
    return render_template("pages/accounts/email_change.html", form=form,
                           is_home=is_home(caller, form, email_change.holder))
