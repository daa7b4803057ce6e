"""Switching a feature for one business or for all."""

import structlog

from hub.access import flags
from hub.access.callers import Caller
from hub.access.flags import Flag
from hub.models.accounts.tenant import Tenant
from hub.models.base import transaction
from hub.models.platform.feature_flag import FeatureFlag
from hub.services import changes

log = structlog.get_logger(__name__)


def switch(caller: Caller, flag: Flag, tenant: Tenant | None, enabled: bool) -> FeatureFlag:
    """Other processes follow within seconds. What concerns one business stands in its log of events."""
    with transaction():
        row = FeatureFlag.get_or_none(FeatureFlag.name == flag,
                                      FeatureFlag.tenant.is_null() if tenant is None else FeatureFlag.tenant == tenant)
        if row is None:
            row = (FeatureFlag.create(tenant=None, name=flag, enabled=enabled) if tenant is None
                   else changes.create(caller, FeatureFlag, {"tenant": tenant, "name": flag, "enabled": enabled}))
        elif tenant is not None:
            changes.apply(caller, row, {"enabled": enabled})
        else:
            FeatureFlag.update(enabled=enabled).where(FeatureFlag.id == row.id).execute()
    flags.forget()
    log.info("flag.switched", flag=flag, tenant=tenant and tenant.id, enabled=enabled, by=caller.actor)
    return row
