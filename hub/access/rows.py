"""Where alone a caller's word becomes a row: the caller's own, or none."""

import re
from typing import TypeVar

from hub.errors import Forbidden, NotFound
from hub.lib import ids
from hub.models.accounts.tenant import Tenant
from hub.models.base import TenantModel

Found = TypeVar("Found", bound=TenantModel)
_NUMBER = re.compile(r"[1-9]\d{0,9}", re.ASCII)


def get_or_404(model: type[Found], tenant: Tenant | int | None, key: str) -> Found:
    """The tenant's row by its uuid, its number or its prefixed id: every spelling in which responses name it.

    A stranger's row does not exist, except where the documents ask for 403.
    """
    bare = key.removeprefix(f"{model.PREFIX}_") if model.PREFIX else key
    row = model.by_number(tenant, int(key)) if _NUMBER.fullmatch(key) else model.find(tenant, bare)
    if row is not None:
        return row
    if getattr(model, "STRANGERS_403", False) and model.get_or_none(model.uuid == ids.parse(bare)) is not None:
        raise Forbidden("tenant_mismatch", "This belongs to another tenant.")
    raise NotFound(message=f"There is no such {words(model.__name__)}.")


def words(name: str) -> str:
    """A class's name as people read it: KnowledgeDoc is a knowledge doc."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()
