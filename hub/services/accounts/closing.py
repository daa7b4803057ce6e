"""A business is closed: asked for, taken back for a week, then erased in small steps: rows, files, vectors."""

import shutil
from datetime import timedelta
from uuid import UUID

import structlog

from hub.access import callers
from hub.access.callers import Caller, Service, UserCaller
from hub.ai import store
from hub.errors import Conflict, NotFound
from hub.lib import clock
from hub.lib.fields import N_
from hub.models import ALL, refusals
from hub.models.accounts.tenant import Tenant, TenantStatus
from hub.models.accounts.user import User
from hub.models.base import Model, locked, release, transaction
from hub.models.knowledge.chunk import Chunk
from hub.models.platform.event import Event
from hub.models.platform.file import File
from hub.models.platform.mail import Mail
from hub.queue import Job
from hub.services import changes, files, work
from hub.services.accounts import bridge_keys, login
from hub.services.knowledge import retrieval
from hub.services.platform.actions import act

log = structlog.get_logger(__name__)
DELAY = timedelta(days=7)
CLOSINGS = work.Kind(Tenant, Job.ERASE_TENANT, due="closing_at", lease="closing_lease", has_state=False,
                     first_s=DELAY.total_seconds())
_AT_ONCE = 500


def ask(caller: UserCaller, password: str) -> Tenant:
    """Erase the caller's business a week from now. Refuses a wrong password as `login.check_own`."""
    callers.require_oneself(caller)
    login.check_own(caller.user, password, "password", N_("The password is wrong."))
    _check(caller.tenant)
    return _set(caller, caller.tenant)


@refusals.repeated
def ask_for(caller: Caller, tenant: Tenant, reason: str) -> UUID:
    """The same for any business, by the platform; the action's id."""
    _check(tenant)
    with transaction():
        now = _now(tenant)
        until = now.closing_at or clock.now() + DELAY
        return act(caller, now, "tenant.closing_ordered", reason, {"closing_at": until})


@refusals.repeated
def _set(caller: Caller, tenant: Tenant) -> Tenant:
    with transaction():
        now = _now(tenant)
        return changes.apply(caller, now, {"closing_at": now.closing_at or clock.now() + DELAY}, kind="tenant.closing")


@refusals.repeated
def take_back(caller: UserCaller) -> Tenant:
    """Keep the business after all. Conflict when its erasure has begun."""
    callers.require_oneself(caller)
    with transaction():
        now = _still_whole(caller.tenant)
        return changes.apply(caller, now, {"closing_at": None}, kind="tenant.closing_taken_back")


@refusals.repeated
def take_back_for(caller: Caller, tenant: Tenant, reason: str) -> UUID:
    """The same for any business, by the platform; the action's id."""
    with transaction():
        return act(caller, _still_whole(tenant), "tenant.closing_taken_back", reason, {"closing_at": None})


def _now(tenant: Tenant) -> Tenant:
    """As it is now, whatever was read of it before: nobody else changes it until our transaction ends."""
    now = locked(Tenant.select().where(Tenant.id == tenant.id)).first()
    if now is None:
        raise NotFound("tenant_not_found", "There is no such business.")
    return now


def _still_whole(tenant: Tenant) -> Tenant:
    now = _now(tenant)
    if now.closing_at is not None and now.closing_at <= clock.now():
        raise Conflict("closing_begun", N_("The business is being erased already."))
    return now


def _check(tenant: Tenant) -> None:
    if User.of(tenant).where(User.is_platform_admin | User.is_platform_owner).exists():
        raise Conflict("platform_tenant", N_("Administrators of the platform belong to this business."))


def erase(tenant_id: int) -> None:
    """Erase a business whose time has come; what was begun goes on where it stopped."""
    with work.taken(CLOSINGS, tenant_id) as tenant:
        if tenant is not None and _stopped(tenant):
            uuid = tenant.uuid
            _erase(tenant)
            log.info("tenant.erased", tenant=str(uuid))


def _stopped(tenant: Tenant) -> bool:
    """Nobody of it can do anything any more; False when somebody took it back at the last moment."""
    with transaction():
        now = locked(Tenant.select().where(Tenant.id == tenant.id)).get()
        if now.closing_at is None or now.closing_at > clock.now():
            Tenant.update(closing_lease=None).where(Tenant.id == tenant.id).execute()
            return False
        changes.apply(Service("closing", now), now, {"status": TenantStatus.RESTRICTED})
    return True


def _erase(tenant: Tenant) -> None:
    collections = [store.collection_name(str(tenant.uuid), embedder) for embedder in {
        retrieval.embedder_now().id, *(row.embedder for row in Chunk.of(tenant).select(Chunk.embedder).distinct())}]
    _drop(collections)
    while some := list(File.without_bytes().where(File.tenant == tenant).order_by(File.id).limit(_AT_ONCE)):
        for file in some:
            files.remove(file)
        release()
    # Letters of the hub itself to its people say so by their address alone.
    Mail.delete().where(Mail.recipient.in_(User.of(tenant).select(User.email))).execute()
    for model in reversed(ALL):
        if issubclass(model, Model) and "tenant" in model._meta.fields and model is not Event:
            _delete(model, tenant)
    shutil.rmtree(files.folder() / str(tenant.uuid), ignore_errors=True)
    bridge_keys.forget(tenant)
    _drop(collections)                  # what an article that was being read has put there meanwhile
    tenant.delete_instance()            # with its events, which a trigger keeps until then, and whatever came last


def _drop(collections: list[str]) -> None:
    release()
    for collection in collections:
        retrieval.vectors().drop(collection)


def _delete(model: type[Model], tenant: Tenant) -> None:
    while numbers := [number for (number,) in model.select(model.id).where(model.tenant == tenant)
                      .limit(_AT_ONCE).tuples()]:
        model.delete().where(model.id.in_(numbers)).execute()
        release()
