"""/api/admin/users: the people of the installation, for those who look after it."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from pydantic import AliasPath, Field

from hub.access import subscription
from hub.access.callers import UserCaller
from hub.access.identity import COOKIE
from hub.access.roles import Permission
from hub.api.core import SALES, core
from hub.api.core.accounts.auth import AccountOut, UserOut
from hub.api.core.platform.audit import AuditEventOut
from hub.api.core.platform.tenants import ActionOut, FoundQuery, FoundTenantOut, ReasonBody
from hub.api.kit.dialect import Case
from hub.api.kit.schema import Moment, OptionalMoment, Out, Ref, Result
from hub.api.kit.table import get, post
from hub.lib import clock
from hub.models import paging
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.platform.event import Event
from hub.models.platform.grant import Grant
from hub.services.platform import audit, impersonation, metrics, users
from hub.web.schema import In

_ADMIN, _OWNER = Permission.PLATFORM_ADMIN, Permission.PLATFORM_OWNER
_SNAKE = replace(SALES, case=Case.SNAKE, whole_seconds=True)
_COLUMNS = (User.id, User.first_name, User.last_name, User.username, User.role, User.is_active, User.created_at,
            User.last_login_at)


class FoundUserOut(Out, columns=_COLUMNS):
    """A person; of the e-mail only its beginning and where it is."""

    email: str = Field(validation_alias="masked_email")
    tenant_id: Ref = Field(validation_alias=AliasPath("tenant", "ref"))
    tenant_name: str = Field(validation_alias=AliasPath("tenant", "name"))
    is_admin: bool = Field(validation_alias="is_platform_admin")


class FoundUsersOut(Out):
    """People who fit; `count` of them in all."""

    results: list[FoundUserOut]
    count: int
    query: str


class ListedUserOut(FoundUserOut):
    """The same, with how many agents and conversations their business has."""

    assistants_count: int = 0
    dialogs_count: int = 0


class ListedUsersOut(Out):
    """Some of the people; `total` of them in all."""

    users: list[ListedUserOut]
    total: int


class SubscriptionOut(Out):
    """By what the business has access."""

    plan: str
    trial_ends_at: Moment
    is_active: bool
    granted_until: OptionalMoment


class WholeUserOut(AccountOut):
    """Everything about a person that administrators need."""

    first_name: str
    last_name: str
    is_active: bool
    locale: str
    created_at: Moment
    last_login_at: OptionalMoment
    tenant: FoundTenantOut
    subscription: SubscriptionOut | None = None


class LogEntryOut(AuditEventOut):
    """An event of the audit log, with the address that it came from."""

    ip_address: str | None = Field(validation_alias="ip")
    user_agent: str | None


class LogsOut(Out):
    """What a person did and what was done to them, the latest first."""

    logs: list[LogEntryOut]


class LogsQuery(In):
    """How many."""

    limit: Annotated[int, Field(ge=1)] = 50


class ImpersonationOut(Out):
    """The caller is that person from now on, by the cookie of this response."""

    success: bool = True
    redirect_url: str = "/inbox"
    impersonated_user: UserOut


class ExitOut(Out):
    """The caller is who they were before, if their own session still goes on."""

    success: bool = True
    redirect_url: str


def search(caller: UserCaller, query: FoundQuery) -> FoundUsersOut:
    """Find people by name or e-mail, which is shown masked."""
    rows, count = paging.from_offset(users.search(query.q), (User.id,), query.offset, query.limit)
    return FoundUsersOut(results=[FoundUserOut.of(row) for row in rows], count=count, query=query.q)


def index(caller: UserCaller, query: FoundQuery) -> ListedUsersOut:
    """List people with what their businesses have."""
    rows, total = paging.from_offset(users.search(query.q), (User.id,), query.offset, query.limit)
    agents, dialogs = metrics.sizes({row.tenant_id for row in rows})
    return ListedUsersOut(total=total, users=[
        ListedUserOut.of(row).model_copy(update={"assistants_count": agents.get(row.tenant_id, 0),
                                                 "dialogs_count": dialogs.get(row.tenant_id, 0)}) for row in rows])


def show(caller: UserCaller, user: UUID) -> WholeUserOut:
    """Show one person with their business; the audit log says who looked."""
    row = users.viewed(caller, user)
    return WholeUserOut.of(row).model_copy(update={"subscription": _subscription(row.tenant)})


def _subscription(tenant: Tenant) -> SubscriptionOut:
    grants = list(Grant.live(tenant, clock.now()))
    return SubscriptionOut(plan=tenant.plan, trial_ends_at=tenant.trial_until,
                           is_active=subscription.is_active(tenant, grants, clock.now()),
                           granted_until=max((grant.ends_at for grant in grants), default=None))


def logs(caller: UserCaller, user: UUID, query: LogsQuery) -> LogsOut:
    """List what a person did and what was done to them, a hundred at the most."""
    rows = audit.of_person(users.found(user)).order_by(Event.id.desc()).limit(min(query.limit, 100))
    return LogsOut(logs=[LogEntryOut.of(row) for row in rows])


def disable(caller: UserCaller, user: UUID, body: ReasonBody) -> ActionOut:
    """Sign a person out everywhere and let them in no more."""
    return ActionOut(action_id=users.disable(caller, users.found(user), body.reason))


def enable(caller: UserCaller, user: UUID, body: ReasonBody) -> ActionOut:
    """Let a person sign in again."""
    return ActionOut(action_id=users.enable(caller, users.found(user), body.reason))


def promote(caller: UserCaller, user: UUID, body: ReasonBody) -> ActionOut:
    """Make a person an administrator of the platform."""
    return ActionOut(action_id=users.promote(caller, users.found(user), body.reason))


def demote(caller: UserCaller, user: UUID, body: ReasonBody) -> ActionOut:
    """Let a person be an administrator of the platform no more."""
    return ActionOut(action_id=users.demote(caller, users.found(user), body.reason))


def second_factor_off(caller: UserCaller, user: UUID, body: ReasonBody) -> ActionOut:
    """Turn two-step sign-in off for a person who lost the phone and the codes.

    They are signed out everywhere, and a letter tells them.
    """
    return ActionOut(action_id=users.second_factor_off(caller, users.found(user), body.reason))


def impersonate(caller: UserCaller, user: UUID, body: ReasonBody) -> Result[ImpersonationOut]:
    """Act in a person's place for an hour at the most. Everything is recorded with who it really was."""
    row = users.found(user)
    cookie = impersonation.begin(caller, row, body.reason)
    return Result(ImpersonationOut(impersonated_user=UserOut.of(row)), cookies={COOKIE: cookie})


def leave(caller: UserCaller) -> Result[ExitOut]:
    """Act in nobody's place any more."""
    user, cookie = impersonation.end(caller.session)
    return Result(ExitOut(redirect_url=f"/platform/users/{user.uuid}"), cookies={COOKIE: cookie})


core.table(
    "platform-users",
    get("/api/admin/users", index, permission=_ADMIN, dialect=_SNAKE),
    get("/api/admin/users/search", search, permission=_ADMIN),
    get("/api/admin/users/<user>", show, permission=_ADMIN),
    get("/api/admin/users/<user>/audit", logs, permission=_ADMIN),
    post("/api/admin/users/<user>/disable", disable, permission=_ADMIN),
    post("/api/admin/users/<user>/enable", enable, permission=_ADMIN),
    post("/api/admin/users/<user>/second-factor-off", second_factor_off, permission=_ADMIN),
    post("/api/admin/users/<user>/promote-admin", promote, permission=_OWNER),
    post("/api/admin/users/<user>/demote-admin", demote, permission=_OWNER),
    post("/api/admin/users/<user>/impersonate", impersonate, permission=_OWNER),
    post("/api/admin/impersonate/exit", leave, permission=Permission.SIGNED_IN),
)
