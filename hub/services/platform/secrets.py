"""Secrets of integrations: kept for one business or for all, replaced, revoked, and read where somebody is called."""

from typing import Annotated
from uuid import UUID

import structlog
from peewee import IntegrityError, ModelSelect
from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.errors import BadInput, Conflict, Forbidden, NotFound, Unavailable
from hub.lib import clock
from hub.lib.cache import Cache
from hub.lib.fields import Control, N_
from hub.models import refusals
from hub.models.accounts.tenant import Tenant
from hub.models.base import after_commit, db, locked, transaction
from hub.models.platform.integration_secret import IntegrationSecret, SecretScope
from hub.models.secret import Secret
from hub.services import changes
from hub.settings import current_settings

log = structlog.get_logger(__name__)

KeyName = Annotated[str, Field(min_length=3, max_length=64, pattern=r"^[A-Z0-9_]+$", title=N_("Name"), description=N_(
    "Capital letters, digits and _, such as OPENAI_API_KEY."))]
Plaintext = Annotated[str, Field(min_length=1, max_length=10_000, title=N_("Value"), description=N_(
    "It is stored encrypted and never shown again."))]
SecretControl = Control("password", autocomplete="off")
# Other processes follow a change after this at the latest.
_read: Cache[tuple[str, int | None], str | None] = Cache(5.0)


def value(key_name: str, tenant: Tenant | int | None, environment: str = "") -> str:
    """The business's own, else everybody's, else what the environment says; empty: there is none."""
    tenant_id = tenant.id if isinstance(tenant, Tenant) else tenant
    stored = _read.of((key_name, tenant_id), lambda: _look(key_name, tenant_id))
    return environment if stored is None else stored


def model_key(tenant: Tenant | int | None) -> str:
    """The key that answers are asked by. One that cannot be read is none: then articles are quoted."""
    try:
        return value("OPENAI_API_KEY", tenant, current_settings().openai_api_key)
    except Unavailable as error:
        log.error("model_key.unreadable", kind=error.code)
        return ""


def _look(key_name: str, tenant_id: int | None) -> str | None:
    whose = IntegrationSecret.tenant.is_null() | (IntegrationSecret.tenant == tenant_id)
    rows = {row.tenant_id: row for row in IntegrationSecret.select().where(
        IntegrationSecret.key_name == key_name, IntegrationSecret.revoked_at.is_null(), whose)}
    row = rows.get(tenant_id) or rows.get(None)
    return row.secret.reveal() if row is not None and row.secret is not None else None


def found(uuid: UUID) -> IntegrationSecret:
    """The secret of that id, whoever's it is; NotFound."""
    row = IntegrationSecret.get_or_none(IntegrationSecret.uuid == uuid)
    if row is None:
        raise NotFound(message="There is no such secret.")
    return row


def search(*, revoked: bool = False) -> "ModelSelect[IntegrationSecret]":
    """All of them, with their businesses; with `revoked` also those that open nothing any more."""
    rows = IntegrationSecret.select(IntegrationSecret, Tenant).join(Tenant, "LEFT JOIN")
    return rows if revoked else rows.where(IntegrationSecret.revoked_at.is_null())


def owner(scope: SecretScope, tenant: UUID | None) -> Tenant | None:
    """Whose a secret of this scope is; BadInput where scope and business do not fit, NotFound."""
    if (scope == SecretScope.GLOBAL) != (tenant is None):
        raise BadInput("VALIDATION_ERROR", N_("What is for every business belongs to none.") if tenant else N_(
            "Choose the business that it is for."), {"field": "tenantId"})
    row = None if tenant is None else Tenant.get_or_none(Tenant.uuid == tenant)
    if tenant is not None and row is None:
        raise NotFound(message="There is no such business.")
    return row


@refusals.repeated
def put(caller: UserCaller, tenant: Tenant | None, key_name: str, plaintext: str,
        reason: str) -> tuple[IntegrationSecret, bool]:
    """Keep a secret under a name: (it, is it new?). One that is there already gets the new value."""
    _check_reach(caller, tenant)
    values = {"tenant": tenant, "key_name": key_name, "secret": Secret(plaintext)}
    with transaction():
        after_commit(_read.clear)
        row = IntegrationSecret.live(key_name, tenant).first()
        if row is None:
            try:
                with db.atomic():
                    return changes.create(caller, IntegrationSecret, values, reason), True
            except IntegrityError:      # somebody was faster
                row = IntegrationSecret.live(key_name, tenant).get()
        return rotate(caller, row, plaintext, reason), False


@refusals.repeated
def rotate(caller: UserCaller, row: IntegrationSecret, plaintext: str, reason: str) -> IntegrationSecret:
    """Another value under the same name. Conflict once it is revoked."""
    _check_reach(caller, row.tenant)
    with transaction():
        now = locked(IntegrationSecret.select().where(IntegrationSecret.id == row.id)).first()
        if now is None or now.revoked_at is not None:
            raise Conflict("secret_revoked", N_("This secret is revoked. Enter it as a new one."))
        changes.apply(caller, row, {"secret": Secret(plaintext), "version": now.version + 1},
                      kind="integration_secret.rotated", reason=reason)
    after_commit(_read.clear)
    return row


@refusals.repeated
def revoke(caller: UserCaller, row: IntegrationSecret, reason: str) -> IntegrationSecret:
    """Forget its value and let nobody use it again; what was revoked before stays so from then."""
    _check_reach(caller, row.tenant)
    changes.apply(caller, row, {"secret": None, "revoked_at": row.revoked_at or clock.now()},
                  kind="integration_secret.revoked", reason=reason)
    after_commit(_read.clear)
    return row


def _check_reach(caller: UserCaller, tenant: Tenant | None) -> None:
    """What every business uses is the owner's of the platform alone."""
    if tenant is None and not caller.may(Permission.PLATFORM_OWNER):
        raise Forbidden("platform_owner_only", N_("Only the owner of the platform keeps what every business uses."))
