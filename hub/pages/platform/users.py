"""The people of the installation, for those who look after it: the list, and one with all that can be done to them."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from peewee import fn

from hub.access import identity
from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.lib import clock
from hub.lib.fields import N_
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.totp import Totp
from hub.models.accounts.user import User
from hub.pages.kit import Form, page
from hub.pages.kit.listing import Column, Filter, Listing
from hub.pages.platform import event_words
from hub.services.accounts.team import ROLE_NAMES
from hub.services.platform import audit, impersonation, users
from hub.services.platform.actions import ReasonIn

blueprint = Blueprint("platform_users", __name__)
_ADMIN, _OWNER = Permission.PLATFORM_ADMIN, Permission.PLATFORM_OWNER
_NEVER = clock.naive(datetime.fromtimestamp(0, UTC))
# verb: (who may, what it does, its name)
ACTIONS = {
    "disable": (_ADMIN, users.disable, N_("Take access away")),
    "enable": (_ADMIN, users.enable, N_("Give access back")),
    "second_factor_off": (_ADMIN, users.second_factor_off, N_("Turn two-step sign-in off")),
    "promote": (_OWNER, users.promote, N_("Make an administrator")),
    "demote": (_OWNER, users.demote, N_("Administrator no more"))}

LISTING = Listing(
    User, first="name", find=User.search,
    columns=(
        Column("name", N_("Name"), sort=fn.LOWER(User.shown_name()), cell=lambda user: user.name),
        Column("tenant", N_("Business"), sort=fn.LOWER(Tenant.name), cell=lambda user: user.tenant.name),
        Column("role", N_("Role"), sort=User.role, cell=lambda user: gettext(ROLE_NAMES.get(user.role, user.role))),
        Column("seen", N_("Last sign-in"), sort=fn.COALESCE(User.last_login_at, _NEVER), kind=datetime,
               cell=lambda user: clock.iso(user.last_login_at))),
    filters=(Filter("state", N_("Everybody"), {
        "active": (N_("Active"), User.is_active == 1), "disabled": (N_("Disabled"), User.is_active == 0),
        "platform": (N_("Administrators of the platform"), User.is_platform_admin | User.is_platform_owner)}),))


@page(blueprint, "/platform/users", _ADMIN)
def index(caller: UserCaller) -> str:
    return render_template("pages/platform/users.html", roles=ROLE_NAMES,
                           shown=LISTING.shown(users.search(""), request.args))


@page(blueprint, "/platform/users/<user>", _ADMIN)
def show(caller: UserCaller, user: UUID) -> str:
    return _shown(caller, users.viewed(caller, user))


@page(blueprint, "/platform/users/<user>/impersonate", _OWNER, "POST")
def impersonate(caller: UserCaller, user: UUID, form: Form[ReasonIn]) -> ResponseReturnValue:
    row = users.found(user)
    cookie = form.save(lambda given: impersonation.begin(caller, row, given.reason))
    if cookie is None:
        return _shown(caller, row, "impersonate", form), 422
    response: Response = make_response(redirect(url_for("inbox.index"), 303))
    identity.set_cookie(response, identity.COOKIE, cookie)
    return response


def _declare(verb: str) -> None:
    """The page that does one of the actions."""
    permission, does, _ = ACTIONS[verb]

    def view(caller: UserCaller, user: UUID, form: Form[ReasonIn]) -> ResponseReturnValue:
        row = users.found(user)
        if form.save(lambda given: does(caller, row, given.reason)) is None:
            return _shown(caller, row, verb, form), 422
        flash(gettext("Done."), "good")
        return redirect(url_for("platform_users.show", user=row.uuid), 303)

    view.__name__ = verb
    page(blueprint, f"/platform/users/<user>/{verb.replace('_', '-')}", permission, "POST")(view)


for _verb in ACTIONS:
    _declare(_verb)


def _verbs(caller: UserCaller, user: User) -> list[str]:
    """What this caller may do to this person; the service decides once more."""
    if user.id == caller.user.id or user.is_platform_owner:
        return []
    is_owner = caller.may(_OWNER)
    access = ["disable" if user.is_active else "enable"] if is_owner or not user.is_platform_admin else []
    if access and Totp.on(user) is not None:
        access.append("second_factor_off")
    if not is_owner:
        return access
    return [*access, "demote"] if user.is_platform_admin else ["impersonate", *access, "promote"]


def _shown(caller: UserCaller, user: User, verb: str = "", form: Form[ReasonIn] | None = None) -> str:
    return render_template(
        "pages/platform/user.html", user=user, roles=ROLE_NAMES,
        told=event_words.latest(audit.of_person(user)), verbs=_verbs(caller, user),
        labels={name: label for name, (_, _, label) in ACTIONS.items()}, wrong=verb, wrong_form=form,
        empty=Form.of(ReasonIn))
