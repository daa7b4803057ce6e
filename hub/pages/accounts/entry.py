"""Coming in without being known yet: signing up, accepting an invitation, a forgotten password, a confirmed address."""

from collections.abc import Callable
from typing import Annotated

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from pydantic import Field

from hub.access import identity
from hub.access.callers import Anonymous, UserCaller
from hub.access.roles import Permission
from hub.errors import BadInput, Forbidden
from hub.lib.fields import Control, N_
from hub.models.accounts.account_token import Purpose
from hub.models.accounts.invite import Invite
from hub.models.accounts.user import User
from hub.pages import kit
from hub.pages.accounts import oidc
from hub.pages.kit import Form, page, sentences
from hub.services.accounts import account_tokens, accounts, login, recovery
from hub.services.accounts import sign_up as signing_up
from hub.services.accounts.sign_up import AddressTaken, Person
from hub.settings import current_settings
from hub.web.people import AddressIn, ConfirmIn, NewPassword, NewPasswordIn
from hub.web.schema import OneLine

blueprint = Blueprint("entry", __name__)
Somebody = UserCaller | Anonymous



class SignUpIn(AddressIn):
    """What the sign-up page asks; `invite` is the token of an invitation's link."""

    business: Annotated[OneLine, Field(title=N_("Name of your business"), max_length=255),
                        Control(autocomplete="organization")] = ""
    name: Annotated[OneLine, Field(title=N_("Your name"), max_length=120), Control(autocomplete="name")] = ""
    password: NewPassword
    invite: Annotated[str, Field(max_length=255), Control("hidden")] = ""


@page(blueprint, "/auth/signup", Permission.ANYBODY)
def sign_up(caller: Somebody) -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("inbox.index"))
    invite = Invite.open_one(request.args.get("invite", ""))
    values = {"invite": request.args["invite"], "email": invite.email} if invite else {}
    return _sign_up(Form.of(SignUpIn, values))


@page(blueprint, "/auth/sign-up", Permission.ANYBODY, "POST", limit=("sign-up", "letter-address"))
def join(caller: Somebody, form: Form[SignUpIn]) -> ResponseReturnValue:
    """The form of the sign-up page; programs use POST /auth/signup."""
    try:
        user = form.save(_made)
    except AddressTaken:
        user = None
    if user is None:
        return _sign_up(form), 422
    response = make_response(redirect(url_for("onboarding.show" if user.role == "owner" else "inbox.index")))
    try:
        cookie = accounts.open_session(user, request.remote_addr or "", request.user_agent.string)
    except Forbidden as error:
        if error.code != accounts.NOT_CONFIRMED:
            raise
        flash(sentences.of_error(error), "good")
        return redirect(url_for("auth.login"), 303)
    identity.set_cookie(response, identity.COOKIE, cookie)
    return response


def _made(given: SignUpIn) -> User:
    first, _, last = given.name.partition(" ")
    person = Person(given.email, given.password, None, first, last, given.business, kit.locale())
    return signing_up.sign_up(person, given.invite or None)


def _sign_up(form: Form[SignUpIn]) -> str:
    invite = Invite.open_one(str(form["invite"].value or ""))
    is_closed = current_settings().sign_up == "closed" and invite is None
    return render_template("pages/accounts/sign_up.html", form=form, invite=invite, is_closed=is_closed,
                           oidc=oidc.shown(),
                           is_stale="invite" in request.args and invite is None)


@page(blueprint, "/auth/forgot-password", Permission.ANYBODY)
def forgot(caller: Somebody) -> str:
    return render_template("pages/accounts/forgot.html", form=Form.of(AddressIn), sent_to="")


@page(blueprint, "/auth/forgot", Permission.ANYBODY, "POST", limit=("forgot-password", "letter-address"))
def ask(caller: Somebody, form: Form[AddressIn]) -> ResponseReturnValue:
    """Whether or not the address has an account, the page says the same."""
    if form.value is None:
        return render_template("pages/accounts/forgot.html", form=form, sent_to=""), 422
    recovery.ask_reset(form.value.email, kit.locale())
    return render_template("pages/accounts/forgot.html", form=form, sent_to=form.value.email)


@page(blueprint, "/auth/reset-password", Permission.ANYBODY)
def new_password(caller: Somebody) -> str:
    form = Form.of(NewPasswordIn, {"token": request.args.get("token", "")})
    return render_template("pages/accounts/reset.html", form=form)


@page(blueprint, "/auth/reset", Permission.ANYBODY, "POST", limit=("auth",))
def reset(caller: Somebody, form: Form[NewPasswordIn]) -> ResponseReturnValue:
    if form.save(lambda given: recovery.reset(given.token, given.password)) is None:
        return render_template("pages/accounts/reset.html", form=form), 422
    flash(gettext("The new password counts. Sign in with it."), "good")
    return redirect(url_for("auth.login"), 303)


@page(blueprint, "/auth/verify-email", Permission.ANYBODY)
def confirm(caller: Somebody) -> str:
    """A page with a button: programs that open every link of a letter spend nothing."""
    return _verify(caller, Form.of(ConfirmIn, request.args))


@page(blueprint, "/auth/verify", Permission.ANYBODY, "POST", limit=("auth",))
def verify(caller: Somebody, form: Form[ConfirmIn]) -> ResponseReturnValue:
    if form.save(lambda given: recovery.verify_at(caller, given.token, given.password)) is None:
        return _verify(caller, form), 422
    flash(gettext("Your address is confirmed."), "good")
    return redirect(url_for("inbox.index" if current_user.is_authenticated else "auth.login"), 303)


def _verify(caller: Somebody, form: Form[ConfirmIn]) -> str:
    return render_template("pages/accounts/verify.html", form=form, is_home=is_home(
        caller, form, lambda token: account_tokens.holder(token, Purpose.VERIFY)))


def is_home(caller: Somebody, form: Form[ConfirmIn], holder: Callable[[str], User]) -> bool:
    """Is the letter's link opened where its holder is signed in? What is wrong with the link itself is said first."""
    try:
        return login.is_at_home(caller, holder(str(form["token"].value or "")))
    except BadInput:
        return True
