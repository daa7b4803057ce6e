"""The one place where a caller's word becomes a row: the caller's own, or none."""

import re
from typing import Any

from hub.errors import Forbidden, NotFound
from hub.lib import ids
from hub.models.base import TenantModel


def get_or_404(model: type[TenantModel], tenant: Any, key: str) -> TenantModel:
    """The tenant's row with that uuid. A stranger's row does not exist, except where the documents ask for 403."""
    row = model.find(tenant, key)
    if row is not None:
        return row
    if getattr(model, "STRANGERS_403", False) and model.get_or_none(model.uuid == ids.parse(key)) is not None:
        raise Forbidden("tenant_mismatch", "This belongs to another tenant.")
    raise NotFound(message=f"There is no such {_words(model.__name__)}.")


def _words(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()
