"""/api/admin/secrets: what opens other services, for one business or for all; no answer ever holds a value."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.core.platform.tenants import ReasonBody
from hub.api.kit.schema import Out, Result, Uuid
from hub.api.kit.table import get, post
from hub.models import paging
from hub.models.accounts.tenant import Tenant
from hub.models.platform.integration_secret import IntegrationSecret, SecretScope
from hub.services.platform import secrets
from hub.services.platform.secrets import KeyName, Plaintext
from hub.web.schema import Search, Some

_ADMIN = Permission.PLATFORM_ADMIN


class RotateBody(ReasonBody):
    """The new value, and why."""

    plaintext_value: Plaintext


class SecretBody(RotateBody):
    """A secret under its name: of one business, or `global`, for every one that has none of its own."""

    scope: SecretScope
    tenant_id: UUID | None = None
    key_name: KeyName


class SecretsQuery(Some):
    """Which secrets; those that are revoked only with `includeRevoked`."""

    scope: SecretScope | None = None
    tenant_id: UUID | None = None
    key_name: Search = ""
    include_revoked: bool = False
    limit: Annotated[int, Field(ge=1, le=200)] = 20


class SecretOut(Out, columns=(IntegrationSecret.id, IntegrationSecret.key_name, IntegrationSecret.version,
                              IntegrationSecret.created_at, IntegrationSecret.updated_at,
                              IntegrationSecret.revoked_at)):
    """What is known of a secret; `version` counts its values."""

    scope: SecretScope
    tenant_id: Uuid | None = Field(validation_alias="tenant_uuid")


class PageOut(Out):
    """Which of what is found; `count` of them in all."""

    limit: int
    offset: int
    count: int


class SecretsOut(Out):
    """Secrets, the latest first."""

    secrets: list[SecretOut]
    pagination: PageOut


class SecretRevokedOut(Out):
    """Nobody uses it any more."""

    success: bool = True
    secret_id: Uuid


def index(caller: UserCaller, query: SecretsQuery) -> SecretsOut:
    """List secrets by whom they are for and by their name."""
    rows = secrets.search(revoked=query.include_revoked)
    if query.scope is not None:
        rows = rows.where(IntegrationSecret.tenant.is_null(query.scope == SecretScope.GLOBAL))
    if query.tenant_id is not None:
        rows = rows.where(Tenant.uuid == query.tenant_id)
    if query.key_name:
        rows = rows.where(IntegrationSecret.key_name == query.key_name)
    shown, count = paging.from_offset(rows, (IntegrationSecret.id,), query.offset, query.limit)
    return SecretsOut(secrets=[SecretOut.of(row) for row in shown],
                      pagination=PageOut(limit=query.limit, offset=query.offset, count=count))


def create(caller: UserCaller, body: SecretBody) -> Result[SecretOut]:
    """Keep a secret under a name; 200 when there was one, which has the new value now."""
    tenant = secrets.owner(body.scope, body.tenant_id)
    row, is_new = secrets.put(caller, tenant, body.key_name, body.plaintext_value, body.reason)
    return Result(SecretOut.of(row), status=201 if is_new else 200)


def rotate(caller: UserCaller, secret: UUID, body: RotateBody) -> SecretOut:
    """Give a secret another value. Those for every business only the owner of the platform changes."""
    return SecretOut.of(secrets.rotate(caller, secrets.found(secret), body.plaintext_value, body.reason))


def revoke(caller: UserCaller, secret: UUID, body: ReasonBody) -> SecretRevokedOut:
    """Forget a secret's value; nobody uses it any more."""
    return SecretRevokedOut(secret_id=secrets.revoke(caller, secrets.found(secret), body.reason).uuid)


core.table(
    "secrets",
    get("/api/admin/secrets", index, permission=_ADMIN),
    post("/api/admin/secrets", create, permission=_ADMIN, status=201, also=((200, SecretOut),)),
    post("/api/admin/secrets/<secret>/rotate", rotate, permission=_ADMIN),
    post("/api/admin/secrets/<secret>/revoke", revoke, permission=_ADMIN),
)
