"""/admin/key, /admin/keys, /admin/provider-token, /internal/tenant: the keys of a business for programs beside us."""

from typing import Annotated

from pydantic import Field

from hub.access.callers import Service
from hub.access.roles import Permission
from hub.api.bridge import bridge
from hub.api.kit.schema import Moment, Out
from hub.api.kit.table import get, post
from hub.models.accounts.access_key import AccessKey
from hub.services.accounts import bridge_keys
from hub.web.schema import In

_LARGEST = 2**31 - 1
TenantNumber = Annotated[int, Field(ge=1, le=_LARGEST, description="The business's number.")]


class BridgeTenantIn(In):
    """Which business: by its number."""

    tenant: TenantNumber


class AccessKeyOut(Out):
    """The business's one key."""

    ok: bool = True
    tenant: int
    key: str
    primary: bool = True


class ListedKeyOut(Out):
    """A key of the business; there is one at the most."""

    key: str
    primary: bool = True
    created_at: Moment


class KeysOut(Out):
    """What opens something for the business."""

    ok: bool = True
    tenant: int
    keys: list[ListedKeyOut]
    provider_token: str


class ProviderTokenOut(Out):
    """The token with which what comes in for the business is posted."""

    ok: bool = True
    tenant: int
    provider_token: str


class EndedKeyOut(Out):
    """The key opens nothing any more."""

    ok: bool = True


def key(caller: Service, query: BridgeTenantIn) -> AccessKeyOut:
    """Show the business's key, and make it where there is none yet."""
    found = bridge_keys.access_key(caller, bridge_keys.business(query.tenant))
    return AccessKeyOut(tenant=query.tenant, key=found.secret.reveal())


def create_key(caller: Service, body: BridgeTenantIn) -> AccessKeyOut:
    """Make the business's key; 409 where it has one already."""
    made = bridge_keys.new_access_key(caller, bridge_keys.business(body.tenant))
    return AccessKeyOut(tenant=body.tenant, key=made.secret.reveal())


def end_key(caller: Service, body: BridgeTenantIn) -> EndedKeyOut:
    """End the business's key; the next one who asks gets a new one."""
    bridge_keys.end_access_key(caller, bridge_keys.business(body.tenant))
    return EndedKeyOut()


def keys(caller: Service, query: BridgeTenantIn) -> KeysOut:
    """Show the business's key, where it has one, and its provider token."""
    tenant = bridge_keys.business(query.tenant)
    listed = [ListedKeyOut(key=row.secret.reveal(), created_at=row.created_at) for row in AccessKey.of(tenant)]
    token = bridge_keys.provider_token(caller, tenant).secret.reveal()
    return KeysOut(tenant=query.tenant, keys=listed, provider_token=token)


def ensure(caller: Service, tenant_number: int) -> ProviderTokenOut:
    """Show the business's provider token, and make it where there is none yet."""
    tenant = bridge_keys.business(tenant_number)
    return ProviderTokenOut(tenant=tenant.number,
                            provider_token=bridge_keys.provider_token(caller, tenant).secret.reveal())


bridge.table(
    "bridge-keys",
    get("/admin/key/get", key, permission=Permission.SERVICE),
    post("/admin/key/create", create_key, permission=Permission.SERVICE, status=201),
    post("/admin/key/delete", end_key, permission=Permission.SERVICE),
    get("/admin/keys/list", keys, permission=Permission.SERVICE),
    get("/admin/provider-token/<tenant_number>", ensure, permission=Permission.SERVICE),
    post("/internal/tenant/<tenant_number>/ensure", ensure, permission=Permission.SERVICE),
)
