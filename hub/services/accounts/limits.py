"""How much one business may do, where that differs from what every business may."""

from typing import Annotated, ClassVar

from pydantic import Field

from hub.services import tenant_settings
from hub.services.tenant_settings import Group


class BusinessLimits(Group):
    """A minute's uses of the limits that count per business, named as in RATE_LIMITS; None: as for everybody."""

    NAME: ClassVar = "limits"

    send_tenant: Annotated[int, Field(ge=1, le=100_000)] | None = None


def own(name: str, tenant_id: int) -> int | None:
    """What this business may do a minute of the limit `name`; None where it is as for everybody."""
    field = name.replace("-", "_")
    if field not in BusinessLimits.model_fields:
        return None
    return getattr(tenant_settings.of(tenant_id, BusinessLimits), field)
