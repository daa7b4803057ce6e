"""Signing in with the OpenID provider of the installation: there, and back."""

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import BaseModel

from hub.access import identity
from hub.access.callers import Anonymous, UserCaller
from hub.access.roles import Permission
from hub.errors import HubError, NotFound, Unauthorized
from hub.models.accounts.user import User
from hub.pages import kit
from hub.pages.accounts import second_step
from hub.pages.kit import page, sentences
from hub.pages.kit.links import own_path
from hub.services.accounts import accounts, oidc
from hub.services.accounts.second_factor import SecondFactorNeeded
from hub.settings import current_settings

blueprint = Blueprint("oidc", __name__)
Somebody = UserCaller | Anonymous
# The note of a sign-in that has begun in this browser.
COOKIE = "parley_oidc"


class BeginIn(BaseModel):
    """Where the person wants to go, and the invitation that they follow."""

    next: str = ""
    invite: str = ""


class BackIn(BaseModel):
    """What the provider sends along."""

    state: str = ""
    code: str = ""


def shown() -> str:
    """What the button of this way in says; empty where there is none."""
    name = current_settings().oidc_name
    said = gettext("Sign in with %(name)s", name=name) if name else gettext("Sign in with your company account")
    return said if oidc.is_on() else ""


@page(blueprint, "/auth/oidc", Permission.ANYBODY, limit=("auth",))
def begin(caller: Somebody, given: BeginIn) -> ResponseReturnValue:
    """A link, not a form: forms lead nowhere but to us."""
    try:
        url, note = oidc.begin(given.next[:1000], given.invite[:255])
    except HubError as error:
        return _to_sign_in(error)
    response = make_response(redirect(url))
    identity.set_cookie(response, COOKIE, note, oidc.LASTS_S)
    return response


@page(blueprint, oidc.CALLBACK, Permission.ANYBODY, limit=("auth",))
def back(caller: Somebody, given: BackIn) -> ResponseReturnValue:
    try:
        user, target, is_claimed = oidc.finish(request.cookies.get(COOKIE, ""), given.state, given.code, kit.locale())
        if is_claimed:
            flash(gettext("Somebody had signed up with this address and never confirmed it. Their password, passkeys "
                          "and app are gone. Was it not you? Look through the team and the API keys."), "good")
        response = _let_in(user, target)
    except HubError as error:
        response = _to_sign_in(error)
    identity.set_cookie(response, COOKIE, None)
    return response


def _let_in(user: User, target: str) -> Response:
    """As after a right password: a second factor is asked for next."""
    try:
        cookie = accounts.open_session(user, request.remote_addr or "", request.user_agent.string)
    except SecondFactorNeeded as needed:
        return second_step.begin(needed, target)
    response = make_response(redirect(own_path(target, url_for("inbox.index"))))
    identity.set_cookie(response, identity.COOKIE, cookie)
    return response


def _to_sign_in(error: HubError) -> Response:
    if isinstance(error, NotFound):
        said = gettext("There is no such way in.")
    elif isinstance(error, Unauthorized):
        said = gettext("That took too long. Sign in again.")
    else:
        said = sentences.of_error(error)
    flash(said, "bad")
    return make_response(redirect(url_for("auth.login")))
