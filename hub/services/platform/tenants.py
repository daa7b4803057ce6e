"""The businesses of the installation, as its administrators look after them: suspended, let go on, given access."""

from datetime import datetime, timedelta
from uuid import UUID

from peewee import ModelSelect

from hub.access.callers import KeyCaller, UserCaller
from hub.access.roles import Permission
from hub.errors import BadInput, Conflict, Forbidden, NotFound
from hub.lib import clock, ids
from hub.lib.fields import N_
from hub.models import refusals
from hub.models.accounts.tenant import Tenant, TenantStatus
from hub.models.accounts.user import User
from hub.models.base import transaction
from hub.models.channels.channel import Channel
from hub.models.platform.grant import Grant
from hub.services import changes
from hub.services.platform.actions import act

_FIRST, _LAST = clock.parse("2000-01-01"), clock.parse("2200-01-01")


def found(uuid: UUID) -> Tenant:
    """The business of that id; NotFound."""
    tenant = Tenant.get_or_none(Tenant.uuid == uuid)
    if tenant is None:
        raise NotFound(message="There is no such business.")
    return tenant


def of_key(caller: KeyCaller, named: str) -> Tenant:
    """The business of that id for a program: its key's own, also called tnt_default.

    Forbidden for any other, unless the key is of the whole platform: then NotFound where there is none.
    """
    own, uuid = caller.key.tenant, ids.parse(named.removeprefix(f"{Tenant.PREFIX}_"))
    if named == f"{Tenant.PREFIX}_default" or uuid == own.uuid:
        return own
    if not caller.may(Permission.PLATFORM_ADMIN):
        raise Forbidden("tenant_mismatch", "This key belongs to another business.")
    if uuid is None:
        raise NotFound(message="There is no such business.")
    return found(uuid)


def search(words: str) -> "ModelSelect[Tenant]":
    """Businesses whose name holds the words, or somebody of whom they name; all without words."""
    everything = Tenant.select()
    if not words:
        return everything
    people = User.search(User.select(User.tenant), words)
    return everything.where(Tenant.search_text.holds(words) | Tenant.id.in_(people))


@refusals.repeated
def restrict(caller: UserCaller, tenant: Tenant, reason: str) -> UUID:
    """Stop a business at once: API, pages, streams, answers, and every channel is switched off. The action's id."""
    if User.of(tenant).where(User.is_platform_admin | User.is_platform_owner).exists():
        raise Conflict("platform_tenant", N_("Administrators of the platform belong to this business."))
    with transaction():
        for channel in Channel.of(tenant).where(Channel.is_active):
            changes.apply(caller, channel, {"is_active": False})
        return act(caller, tenant, "tenant.restricted", reason, {"status": TenantStatus.RESTRICTED})


@refusals.repeated
def unrestrict(caller: UserCaller, tenant: Tenant, reason: str) -> UUID:
    """Let a business go on. Its channels stay off until its people switch them on. The action's id."""
    return act(caller, tenant, "tenant.unrestricted", reason, {"status": TenantStatus.ACTIVE})


def grant_days(caller: UserCaller, tenant: Tenant, days: int, reason: str) -> Grant:
    """Give a business access for so many days from now on."""
    return grant(caller, tenant, clock.now(), clock.now() + timedelta(days=days), reason)


@refusals.repeated
def grant(caller: UserCaller, tenant: Tenant, starts_at: datetime, ends_at: datetime, reason: str) -> Grant:
    """Give a business access between two moments. BadInput where they are none to speak of."""
    starts_at, ends_at = clock.naive(starts_at), clock.naive(ends_at)
    if not _FIRST <= starts_at < ends_at <= _LAST:
        raise BadInput("VALIDATION_ERROR", N_("The end must come after the beginning."), {"field": "endsAt"})
    return changes.create(caller, Grant, {"tenant": tenant, "starts_at": starts_at, "ends_at": ends_at,
                                          "reason": reason, "granted_by": caller.actor})


def grants(tenant: Tenant, *, revoked: bool) -> "ModelSelect[Grant]":
    """What was given, the latest first; with `revoked` also what was taken back."""
    rows = Grant.of(tenant).order_by(Grant.id.desc())
    return rows if revoked else rows.where(Grant.revoked_at.is_null())


def found_grant(uuid: UUID) -> Grant:
    """The grant of that id, whichever business has it; NotFound."""
    row = Grant.get_or_none(Grant.uuid == uuid)
    if row is None:
        raise NotFound(message="There is no such grant.")
    return row


@refusals.repeated
def revoke(caller: UserCaller, row: Grant, reason: str) -> Grant:
    """Take access back, at once; what was taken back before stays so from then."""
    act(caller, row, "grant.revoked", reason, {"revoked_at": row.revoked_at or clock.now()})
    return row
