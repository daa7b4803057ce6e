"""Acting in somebody's place: a session of theirs that names who it is, for an hour, ended with the own one."""

from datetime import timedelta

from hub.access import callers
from hub.access.callers import UserCaller
from hub.errors import Conflict, Forbidden
from hub.lib import clock, ids
from hub.lib.fields import N_
from hub.models import refusals
from hub.models.accounts.session import UserSession
from hub.models.accounts.user import User
from hub.models.base import transaction
from hub.services import events, revocation
from hub.services.platform.actions import act

_LASTS = timedelta(hours=1)


@refusals.repeated
def begin(caller: UserCaller, user: User, reason: str) -> str:
    """The cookie of a session in which the caller is that person; never one who has a say on the platform."""
    if user.is_platform_admin or user.is_platform_owner:
        raise Forbidden("platform_people", N_("Nobody acts in the place of an administrator of the platform."))
    callers.check_active(user.tenant)
    if not user.is_active:
        raise Conflict("user_disabled", N_("This person cannot sign in. Give them access first."))
    cookie = ids.token()
    with transaction():
        act(caller, user, "user.impersonated", reason, {})
        UserSession.create(user=user, digest=ids.digest(cookie), expires_at=clock.now() + _LASTS,
                           impersonator=caller.user, opened_by=_own(caller))
    return cookie


def _own(caller: UserCaller) -> UserSession | None:
    """The caller's own session; none for whoever came with a token."""
    return UserSession.get_or_none(UserSession.digest == caller.session) if caller.by == "session" else None


@refusals.repeated
def end(digest: str) -> tuple[User, str | None]:
    """End a session, by its digest: who was acted for, and the cookie with which the administrator's own one goes on.

    There is none for who came with a token. The former cookie is worthless from then on. Conflict where nobody acts in
    somebody's place.
    """
    row = UserSession.get_or_none(UserSession.digest == digest, UserSession.impersonator.is_null(False))
    if row is None or row.impersonator is None:
        raise Conflict("not_impersonating", N_("You act in nobody's place."))
    administrator, own = row.impersonator, row.opened_by
    with transaction():
        row.delete_instance()
        events.record(UserCaller(administrator, administrator.tenant, "session"), "user.impersonation_ended", row.user)
        revocation.tell(row.user.tenant_id, row.user_id, row.digest)
        return row.user, None if own is None else _renewed(own)


def _renewed(own: UserSession) -> str:
    cookie = ids.token()
    UserSession.update(digest=ids.digest(cookie)).where(UserSession.id == own.id).execute()
    return cookie
