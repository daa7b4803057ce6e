"""/api/admin/tenants: the businesses of the installation, for those who look after it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.schema import Moment, Out, Uuid
from hub.api.kit.table import delete, get, post
from hub.lib import clock
from hub.models import paging
from hub.models.accounts.tenant import Tenant
from hub.models.platform.grant import Grant
from hub.services.platform import metrics, tenants
from hub.services.platform.actions import Reason
from hub.web.schema import In, Search

_ADMIN, _OWNER = Permission.PLATFORM_ADMIN, Permission.PLATFORM_OWNER


class FoundQuery(In):
    """Part of a name or an e-mail, and which of what is found."""

    q: Search = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = 0


class ReasonBody(In):
    """Why it is done; the audit log keeps it."""

    reason: Reason


class GrantBody(ReasonBody):
    """Access for so many days from now on."""

    days: Annotated[int, Field(ge=1, le=365)]


class GrantRangeBody(ReasonBody):
    """Access between two moments."""

    starts_at: datetime
    ends_at: datetime


class ActionOut(Out):
    """Done; the id of its event in the audit log."""

    success: bool = True
    action_id: Uuid


class FoundTenantOut(Out, columns=(Tenant.id, Tenant.name, Tenant.status, Tenant.plan, Tenant.created_at)):
    """A business: active or restricted, and its plan."""

    trial_ends_at: Moment = Field(validation_alias="trial_until")


class FoundTenantsOut(Out):
    """Businesses that fit; `count` of them in all."""

    results: list[FoundTenantOut]
    count: int
    query: str


class GrantOut(Out, columns=(Grant.id, Grant.starts_at, Grant.ends_at, Grant.reason, Grant.granted_by,
                             Grant.revoked_at, Grant.created_at)):
    """Access for a time."""


class GrantedOut(Out):
    """Access was given."""

    success: bool = True
    grant: GrantOut


class GrantsOut(Out):
    """What was given to a business."""

    grants: list[GrantOut]
    count: int


class RevokedOut(Out):
    """Access was taken back."""

    success: bool = True
    grant_id: Uuid


class GrantsQuery(In):
    """Whether to list what was taken back, too."""

    include_revoked: bool = False


class PlatformHealthOut(Out):
    """It works for an administrator."""

    status: str = "ok"
    timestamp: Moment
    admin_id: Uuid


class BillingMetricsOut(Out):
    """How many businesses have access, and by what."""

    active_subscriptions: int
    active_grants: int
    trial_count: int
    expired_trials: int


def health(caller: UserCaller) -> PlatformHealthOut:
    """Show that the administration works."""
    return PlatformHealthOut(timestamp=clock.now(), admin_id=caller.user.uuid)


def billing(caller: UserCaller) -> BillingMetricsOut:
    """Count the businesses by what they have access by."""
    return BillingMetricsOut.of(metrics.access())


def search(caller: UserCaller, query: FoundQuery) -> FoundTenantsOut:
    """Find businesses by their name or by their people."""
    rows, count = paging.from_offset(tenants.search(query.q), (Tenant.id,), query.offset, query.limit)
    return FoundTenantsOut(results=[FoundTenantOut.of(row) for row in rows], count=count, query=query.q)


def restrict(caller: UserCaller, tenant: UUID, body: ReasonBody) -> ActionOut:
    """Suspend a business: everything of it stops at once, and its channels are switched off."""
    return ActionOut(action_id=tenants.restrict(caller, tenants.found(tenant), body.reason))


def unrestrict(caller: UserCaller, tenant: UUID, body: ReasonBody) -> ActionOut:
    """Let a suspended business go on. Its channels stay off until its people switch them on."""
    return ActionOut(action_id=tenants.unrestrict(caller, tenants.found(tenant), body.reason))


def grant(caller: UserCaller, tenant: UUID, body: GrantBody) -> GrantedOut:
    """Give a business access for so many days."""
    made = tenants.grant_days(caller, tenants.found(tenant), body.days, body.reason)
    return GrantedOut(grant=GrantOut.of(made))


def grant_range(caller: UserCaller, tenant: UUID, body: GrantRangeBody) -> GrantedOut:
    """Give a business access between two moments."""
    made = tenants.grant(caller, tenants.found(tenant), body.starts_at, body.ends_at, body.reason)
    return GrantedOut(grant=GrantOut.of(made))


def grants(caller: UserCaller, tenant: UUID, query: GrantsQuery) -> GrantsOut:
    """List the access that was given to a business, the latest first; the last hundred."""
    rows = [GrantOut.of(row) for row in
            tenants.grants(tenants.found(tenant), revoked=query.include_revoked).limit(100)]
    return GrantsOut(grants=rows, count=len(rows))


def revoke(caller: UserCaller, grant: UUID, body: ReasonBody) -> RevokedOut:
    """Take access back at once."""
    return RevokedOut(grant_id=tenants.revoke(caller, tenants.found_grant(grant), body.reason).uuid)


core.table(
    "platform-tenants",
    get("/api/admin/health", health, permission=_ADMIN),
    get("/api/admin/billing/metrics", billing, permission=_ADMIN),
    get("/api/admin/tenants/search", search, permission=_ADMIN),
    post("/api/admin/tenants/<tenant>/restrict", restrict, permission=_ADMIN),
    post("/api/admin/tenants/<tenant>/unrestrict", unrestrict, permission=_OWNER),
    post("/api/admin/tenants/<tenant>/grant", grant, permission=_ADMIN, status=201),
    post("/api/admin/tenants/<tenant>/grants", grant_range, permission=_ADMIN, status=201),
    get("/api/admin/tenants/<tenant>/grants", grants, permission=_ADMIN),
    delete("/api/admin/grants/<grant>", revoke, permission=_ADMIN, status=200),
)
