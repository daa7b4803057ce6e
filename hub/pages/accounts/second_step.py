"""The second step of signing in: a code, after the password was right. There is no session before it."""

from typing import Annotated

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import BaseModel, Field

from hub.access import identity
from hub.access.callers import Anonymous, UserCaller
from hub.access.roles import Permission
from hub.errors import Forbidden, HubError, Unauthorized
from hub.lib.fields import Control, N_
from hub.pages.kit import Form, page, sentences
from hub.pages.kit.links import own_path
from hub.services.accounts import accounts, second_factor, tickets
from hub.services.accounts.second_factor import SecondFactorNeeded

blueprint = Blueprint("second_step", __name__)
# Holds that the first proof was right: in no address, and in no page.
COOKIE = "parley_second_step"


class SecondStepIn(BaseModel):
    """What the page asks, and where the person wanted to go."""

    code: Annotated[str, Field(title=N_("Code"), min_length=1, max_length=64, description=N_(
        "Six digits of your authenticator app. Without your phone, one of your recovery codes.")),
        Control(autocomplete="one-time-code")]
    next: Annotated[str, Field(max_length=2000), Control("hidden")] = ""


def begin(needed: SecondFactorNeeded, target: str) -> Response:
    """To the second step, for whoever just showed the first factor in this browser."""
    response = make_response(redirect(url_for("second_step.show", next=target or None)))
    identity.set_cookie(response, COOKIE, second_factor.ticket(needed.user), tickets.LASTS_S)
    return response


@page(blueprint, "/auth/second-step", Permission.ANYBODY)
def show(caller: UserCaller | Anonymous) -> str:
    return _shown(Form.of(SecondStepIn, {"next": request.args.get("next", "")}))


@page(blueprint, "/auth/second-step/check", Permission.ANYBODY, "POST", limit=("second-step",))
def check(caller: UserCaller | Anonymous, form: Form[SecondStepIn]) -> ResponseReturnValue:
    if form.value is None:
        return _shown(form), 422
    try:
        cookie = accounts.open_second(request.cookies.get(COOKIE, ""), form.value.code, request.remote_addr or "",
                                      request.user_agent.string)
    except HubError as error:
        return _refused(form, error)
    response = make_response(redirect(own_path(form.value.next, url_for("inbox.index"))))
    identity.set_cookie(response, identity.COOKIE, cookie)
    identity.set_cookie(response, COOKIE, None)
    return response


def _refused(form: Form[SecondStepIn], error: HubError) -> ResponseReturnValue:
    if isinstance(error, Unauthorized) and not error.code.startswith("SECOND_FACTOR"):
        flash(gettext("That took too long. Sign in again."), "bad")
        return redirect(url_for("auth.login", next=str(form["next"].value or "") or None), 303)
    if isinstance(error, Forbidden):
        flash(sentences.of_error(error), "bad")
        return redirect(url_for("auth.login"), 303)
    wrong = gettext("The code is wrong, or was used already.")
    form.fail("code", sentences.of_error(error) if error.status == 423 else wrong)
    return _shown(form), error.status, {"Retry-After": str(error.retry_after)} if error.retry_after else {}


def _shown(form: Form[SecondStepIn]) -> str:
    return render_template("pages/accounts/second_step.html", form=form)
