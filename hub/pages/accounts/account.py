"""Signing in and out, and how the pages look to the person."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from pydantic import BaseModel

from hub.access import identity, request_limits
from hub.access.roles import Permission
from hub.errors import Forbidden, HubError, TooMany
from hub.lib import text
from hub.pages import kit
from hub.pages.accounts import oidc, passkeys, second_step
from hub.pages.kit import sentences
from hub.pages.kit.links import own_path
from hub.services.accounts import accounts
from hub.services.accounts import login as login_service
from hub.services.accounts.second_factor import SecondFactorNeeded
from hub.settings import current_settings

auth = Blueprint("auth", __name__)
blueprint = Blueprint("account", __name__)
_YEAR_S = 365 * 86400


class SignInIn(BaseModel):
    """The sign-in form. Whatever is typed is only tried, so nothing is refused here."""

    email: str = ""
    password: str = ""
    next: str = ""


class PreferencesIn(BaseModel):
    """The look: what is unknown is ignored."""

    theme: str = ""
    locale: str = ""
    next: str = ""


kit.PAGES += [("GET", "/auth/login", Permission.ANYBODY), ("POST", "/auth/sign-in", Permission.ANYBODY),
              ("POST", "/auth/sign-out", Permission.ANYBODY), ("POST", "/account/preferences", Permission.ANYBODY)]


@auth.get("/auth/login")
def login() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(_safe(request.args.get("next")))
    return _login(request.args.get("next", ""))


def _login(target: str, email: str = "", error: str | None = None) -> str:
    return render_template("pages/accounts/login.html", next=target, email=email, error=error,
                           is_open=current_settings().sign_up == "open",
                           has_passkeys=passkeys.work_here(), oidc=oidc.shown())


@auth.post("/auth/sign-in")
def sign_in() -> ResponseReturnValue:
    """The form of the sign-in page; programs use POST /auth/login."""
    given = kit.read(SignInIn)
    email = text.one_line(given.email)
    try:
        request_limits.count(("login",), identity.anonymous())
        user = login_service.check_password(email, given.password[:1024], request.remote_addr or "")
        cookie = accounts.open_session(user, request.remote_addr or "", request.user_agent.string)
    except SecondFactorNeeded as needed:
        return second_step.begin(needed, given.next)
    except HubError as error:
        headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
        return _login(given.next, email, _sentence(error)), error.status, headers
    response = make_response(redirect(_safe(given.next)))
    identity.set_cookie(response, identity.COOKIE, cookie)
    return response


@auth.post("/auth/sign-out")
def logout() -> Response:
    accounts.close_session(request.cookies.get(identity.COOKIE, ""))
    response = make_response(redirect(url_for("auth.login")))
    identity.set_cookie(response, identity.COOKIE, None)
    return response


@blueprint.post("/account/preferences")
def preferences() -> Response:
    """Theme and language, remembered by the browser and, for a signed-in person, everywhere."""
    given = kit.read(PreferencesIn)
    response = make_response(redirect(_safe(given.next)))
    if given.theme in kit.THEMES:
        response.set_cookie("theme", given.theme, max_age=_YEAR_S, samesite="Lax")
        _keep(theme="system" if given.theme == "auto" else given.theme)
    if given.locale in kit.LOCALES:
        response.set_cookie("locale", given.locale, max_age=_YEAR_S, samesite="Lax")
        _keep(locale=given.locale)
    return response


def _keep(**values: str | None) -> None:
    if current_user.is_authenticated:
        accounts.change_profile(current_user.caller, **values)


def _sentence(error: HubError) -> str:
    if isinstance(error, Forbidden):
        return sentences.of_error(error)
    if isinstance(error, TooMany) or error.status == 423:
        return gettext("Too many failed attempts. Wait a quarter of an hour and try again.")
    return gettext("E-mail or password is wrong.")



def _safe(target: str | None) -> str:
    return own_path(target, url_for("inbox.index"))
