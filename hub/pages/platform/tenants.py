"""The businesses of the installation, for those who look after it: the list, and one with what is done to it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from peewee import fn
from pydantic import Field

from hub.access import subscription
from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.lib import clock
from hub.lib.fields import N_
from hub.models.accounts.tenant import Plan, Tenant, TenantStatus
from hub.models.accounts.user import User
from hub.models.platform.event import Event
from hub.pages.kit import Form, page
from hub.pages.kit.listing import Column, Filter, Listing
from hub.pages.platform import event_words
from hub.services.accounts import closing
from hub.services.accounts.team import ROLE_NAMES
from hub.services.platform import tenants
from hub.services.platform.actions import ReasonIn

blueprint = Blueprint("platform_tenants", __name__)
_ADMIN, _OWNER = Permission.PLATFORM_ADMIN, Permission.PLATFORM_OWNER
_SHOWN = 50         # people and events of one business
PLANS: dict[str, str] = {Plan.TRIAL: N_("Trial"), Plan.LAUNCH: "Launch", Plan.SCALE: "Scale", Plan.MAX: "Max"}
STATUSES: dict[str, str] = {TenantStatus.ACTIVE: N_("Active"), TenantStatus.RESTRICTED: N_("Suspended")}

LISTING = Listing(
    Tenant, first="name", find=lambda query, words: query.where(Tenant.id.in_(
        tenants.search(words).select(Tenant.id))),
    columns=(
        Column("name", N_("Business"), sort=fn.LOWER(Tenant.name), cell=lambda tenant: tenant.name),
        Column("state", N_("State"), sort=Tenant.status, cell=lambda tenant: gettext(STATUSES[tenant.status])),
        Column("plan", N_("Plan"), sort=Tenant.plan, cell=lambda tenant: gettext(PLANS[tenant.plan])),
        Column("since", N_("Since"), sort=Tenant.created_at, kind=datetime,
               cell=lambda tenant: clock.iso(tenant.created_at))),
    filters=(Filter("state", N_("Every state"), {
        status: (label, Tenant.status == status) for status, label in STATUSES.items()}),))


class GrantIn(ReasonIn):
    """Access for a time, whatever is paid."""

    days: Annotated[int, Field(ge=1, le=365, title=N_("Days"))] = 30


@page(blueprint, "/platform/tenants", _ADMIN)
def index(caller: UserCaller) -> str:
    return render_template("pages/platform/tenants.html", shown=LISTING.shown(Tenant.select(), request.args),
                           plans=PLANS, statuses=STATUSES)


@page(blueprint, "/platform/tenants/<tenant>", _ADMIN)
def show(caller: UserCaller, tenant: UUID) -> str:
    return _shown(caller, tenants.found(tenant))


@page(blueprint, "/platform/tenants/<tenant>/restrict", _ADMIN, "POST")
def restrict(caller: UserCaller, tenant: UUID, form: Form[ReasonIn]) -> ResponseReturnValue:
    row = tenants.found(tenant)
    if form.save(lambda given: tenants.restrict(caller, row, given.reason)) is None:
        return _shown(caller, row, restrict=form), 422
    return _done(row, gettext("%(name)s is suspended.", name=row.name))


@page(blueprint, "/platform/tenants/<tenant>/unrestrict", _OWNER, "POST")
def unrestrict(caller: UserCaller, tenant: UUID, form: Form[ReasonIn]) -> ResponseReturnValue:
    row = tenants.found(tenant)
    if form.save(lambda given: tenants.unrestrict(caller, row, given.reason)) is None:
        return _shown(caller, row, restrict=form), 422
    return _done(row, gettext("%(name)s may go on. Its channels are still off.", name=row.name))


@page(blueprint, "/platform/tenants/<tenant>/close", _OWNER, "POST")
def close(caller: UserCaller, tenant: UUID, form: Form[ReasonIn]) -> ResponseReturnValue:
    row = tenants.found(tenant)
    if form.save(lambda given: closing.ask_for(caller, row, given.reason)) is None:
        return _shown(caller, row, closing=form), 422
    return _done(row, gettext("%(name)s will be erased in a week.", name=row.name))


@page(blueprint, "/platform/tenants/<tenant>/keep", _OWNER, "POST")
def keep(caller: UserCaller, tenant: UUID, form: Form[ReasonIn]) -> ResponseReturnValue:
    row = tenants.found(tenant)
    if form.save(lambda given: closing.take_back_for(caller, row, given.reason)) is None:
        return _shown(caller, row, closing=form), 422
    return _done(row, gettext("%(name)s stays.", name=row.name))


@page(blueprint, "/platform/tenants/<tenant>/grant", _ADMIN, "POST")
def grant(caller: UserCaller, tenant: UUID, form: Form[GrantIn]) -> ResponseReturnValue:
    row = tenants.found(tenant)
    if form.save(lambda given: tenants.grant_days(caller, row, given.days, given.reason)) is None:
        return _shown(caller, row, grant=form), 422
    return _done(row, gettext("%(name)s has access now.", name=row.name))


@page(blueprint, "/platform/grants/<grant>/revoke", _ADMIN, "POST")
def revoke(caller: UserCaller, grant: UUID, form: Form[ReasonIn]) -> ResponseReturnValue:
    given = tenants.found_grant(grant)
    if form.save(lambda why: tenants.revoke(caller, given, why.reason)) is None:
        return _shown(caller, given.tenant, revoke=(given.id, form)), 422
    return _done(given.tenant, gettext("The access was taken back."))


def _done(tenant: Tenant, said: str) -> ResponseReturnValue:
    flash(said, "good")
    return redirect(url_for("platform_tenants.show", tenant=tenant.uuid), 303)


def _shown(caller: UserCaller, tenant: Tenant, restrict: Form[ReasonIn] | None = None,
           closing: Form[ReasonIn] | None = None, grant: Form[GrantIn] | None = None,
           revoke: tuple[int, Form[ReasonIn]] | None = None) -> str:
    grants = list(tenants.grants(tenant, revoked=True).limit(_SHOWN))
    return render_template(
        "pages/platform/tenant.html", tenant=tenant, grants=grants, now=clock.now(), roles=ROLE_NAMES, plans=PLANS,
        has_access=tenant.status == TenantStatus.ACTIVE and subscription.is_active(tenant, grants, clock.now()),
        statuses=STATUSES,
        people=User.of(tenant).order_by(User.id).limit(_SHOWN), restrict=restrict or Form.of(ReasonIn),
        closing=closing or Form.of(ReasonIn),
        grant=grant or Form.of(GrantIn), revoke=revoke or (0, Form.of(ReasonIn)), empty=Form.of(ReasonIn),
        is_owner=caller.may(_OWNER), told=event_words.latest(Event.of(tenant), _SHOWN))
