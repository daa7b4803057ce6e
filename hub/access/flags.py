"""Features that can be switched off: by the environment, for one business, or for all; otherwise as the code says."""

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


def _look(flag: Flag, tenant_id: int | None) -> bool:
    rows = dict(FeatureFlag.select(FeatureFlag.tenant, FeatureFlag.enabled)
                .where(FeatureFlag.name == flag, FeatureFlag.tenant.is_null() | (FeatureFlag.tenant == tenant_id))
                .tuples())
    return bool(rows.get(tenant_id, rows.get(None, _DEFAULTS[flag])))
