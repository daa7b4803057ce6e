"""Features that can be switched off: by the environment, for one business, or for all; otherwise as the code says."""

from dataclasses import dataclass
from enum import StrEnum

from hub.access.callers import TenantRef
from hub.lib.cache import Cache
from hub.models.accounts.tenant import Tenant
from hub.models.platform.feature_flag import FeatureFlag
from hub.settings import current_settings


class Flag(StrEnum):
    """Every flag; FEATURE_<value> is its environment setting."""

    RAG = "RAG_ENABLED"                             # articles are found by meaning, not by their words alone
    AI_SUGGESTIONS = "AI_SUGGESTIONS_ENABLED"       # the AI drafts what it may not send


class Source(StrEnum):
    """Who says whether a feature is on, the first one first."""

    ENVIRONMENT = "environment"
    TENANT = "tenant"
    EVERYBODY = "everybody"
    DEFAULT = "default"


@dataclass(frozen=True)
class State:
    """Of a flag for one business, or for all that say nothing themselves."""

    name: Flag
    enabled: bool
    source: Source


_DEFAULTS = {Flag.RAG: True, Flag.AI_SUGGESTIONS: True}
# Other processes follow a change after this at the latest.
_stored: Cache[tuple[Flag, int | None], bool] = Cache(5.0)


def on(flag: Flag, tenant: TenantRef) -> bool:
    """Is the feature on for this business? The environment goes before the business, and the business before all."""
    forced = by_environment(flag)
    if forced is not None:
        return forced
    tenant_id = tenant.id if isinstance(tenant, Tenant) else tenant
    return _stored.of((flag, tenant_id), lambda: _look(flag, tenant_id))


def by_environment(flag: Flag) -> bool | None:
    """What FEATURE_… says; None when it is not set."""
    said = str(getattr(current_settings(), f"feature_{flag.name.lower()}"))
    return said == "true" if said else None


def forget() -> None:
    """The next one to ask looks at the rows anew."""
    _stored.clear()


def state(flag: Flag, tenant: TenantRef) -> State:
    """Is it on, and who says so; read anew."""
    forced = by_environment(flag)
    if forced is not None:
        return State(flag, forced, Source.ENVIRONMENT)
    tenant_id = tenant.id if isinstance(tenant, Tenant) else tenant
    rows = _rows(flag, tenant_id)
    if tenant_id is not None and tenant_id in rows:
        return State(flag, rows[tenant_id], Source.TENANT)
    return State(flag, rows.get(None, _DEFAULTS[flag]), Source.EVERYBODY if None in rows else Source.DEFAULT)


def _look(flag: Flag, tenant_id: int | None) -> bool:
    rows = _rows(flag, tenant_id)
    return rows.get(tenant_id, rows.get(None, _DEFAULTS[flag]))


def _rows(flag: Flag, tenant_id: int | None) -> dict[int | None, bool]:
    """What is stored for that business, and under None for all."""
    rows = dict(FeatureFlag.select(FeatureFlag.tenant, FeatureFlag.enabled)
                .where(FeatureFlag.name == flag, FeatureFlag.tenant.is_null() | (FeatureFlag.tenant == tenant_id))
                .tuples())
    return {tenant: bool(enabled) for tenant, enabled in rows.items()}
