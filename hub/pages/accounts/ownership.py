"""The business is handed over: offered on the team page, accepted on the colleague's own."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.errors import Conflict
from hub.pages.accounts import team
from hub.pages.accounts.team import OfferIn
from hub.pages.kit import Form, page, sentences
from hub.services.accounts import ownership

blueprint = Blueprint("ownership", __name__)


@page(blueprint, "/settings/team/ownership", Permission.MANAGE_USERS, "POST", limit=("invite",))
def offer(caller: UserCaller, form: Form[OfferIn]) -> ResponseReturnValue:
    member = form.save(lambda given: ownership.offer(caller, given.member, given.password))
    if member is None:
        return team.shown(caller, offering=form), 422
    flash(gettext("%(name)s is asked to take the business over. Until then you stay the owner.", name=member.name),
          "good")
    return redirect(url_for("team.index"), 303)


@page(blueprint, "/settings/team/ownership/take-back", Permission.MANAGE_USERS, "POST")
def take_back(caller: UserCaller) -> ResponseReturnValue:
    ownership.take_back(caller)
    flash(gettext("You stay the owner."), "good")
    return redirect(url_for("team.index"), 303)


@page(blueprint, "/account/ownership/accept", Permission.SIGNED_IN, "POST")
def accept(caller: UserCaller) -> ResponseReturnValue:
    try:
        ownership.accept(caller)
    except Conflict as error:
        flash(sentences.of_error(error), "bad")
    else:
        flash(gettext("The business is yours."), "good")
    return redirect(url_for("profile.show"), 303)


@page(blueprint, "/account/ownership/decline", Permission.SIGNED_IN, "POST")
def decline(caller: UserCaller) -> ResponseReturnValue:
    ownership.decline(caller)
    flash(gettext("The offer is declined; nothing changes."), "good")
    return redirect(url_for("profile.show"), 303)
