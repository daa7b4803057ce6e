"""Settings of a business: one typed model per group, defaults in code, a row for what a business has set otherwise.

A group is one subclass of Group. `of(tenant, Group)` reads it anywhere; hub/api/kit/settings.py makes its routes and
hub/pages/kit/settings.py its page.
"""

from collections.abc import Iterator
from typing import Any, ClassVar, TypeVar

import structlog
from peewee import ModelSelect
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from hub.access import callers
from hub.access.callers import Caller
from hub.lib import validation
from hub.lib.cache import Cache
from hub.lib.json_types import Values
from hub.models import refusals
from hub.models.accounts.tenant import Tenant
from hub.models.base import locked, transaction
from hub.models.platform.tenant_setting import TenantSetting
from hub.services import changes

log = structlog.get_logger(__name__)


class Group(BaseModel):
    """Settings that are read and shown together. Every field has a default; NAME is what the row is known by."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True)
    NAME: ClassVar[str]


G = TypeVar("G", bound=Group)
# Another process shows a change after this at the latest.
_read: Cache[tuple[int, type[Group]], Any] = Cache(5.0)


def of(tenant: Tenant | int, group: type[G]) -> G:
    """What the business has set, the rest as by default."""
    tenant_id = tenant.id if isinstance(tenant, Tenant) else tenant
    found: G = _read.of((tenant_id, group), lambda: _stored(group, _rows(tenant_id, group).first()))
    return found


@refusals.repeated
def change(caller: Caller, group: type[G], values: Values) -> G:
    """Write the given fields; the group as it is then. BadInput for values that do not fit together."""
    tenant_id = callers.tenant_id(caller)
    assert tenant_id is not None, "these callers belong to a business"
    with transaction():
        TenantSetting.insert(tenant=tenant_id, name=group.NAME).on_conflict_ignore().execute()
        row = locked(_rows(tenant_id, group)).get()
        result = _checked(group, {**_stored(group, row).model_dump(), **values})
        changes.apply(caller, row, {"values": dict(_differing(result))})
    _read.remove((tenant_id, group))
    return result


def _rows(tenant_id: int, group: type[Group]) -> "ModelSelect[TenantSetting]":
    return TenantSetting.of(tenant_id).where(TenantSetting.name == group.NAME)


def _stored(group: type[G], row: TenantSetting | None) -> G:
    """What this release does not allow any more is as by default: a setting of old may stop nobody's work."""
    values = {} if row is None else dict(row.values)
    try:
        return group.model_validate(values)
    except ValidationError as error:
        wrong = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
        log.warning("tenant_settings.ignored", group=group.NAME, fields=sorted(wrong))
        good = {name: value for name, value in values.items() if name not in wrong}
        return group.model_validate(good) if wrong and good != values else group()


def _checked(group: type[G], values: Values) -> G:
    try:
        return group.model_validate(values)
    except ValidationError as error:
        raise validation.refusal(error) from None


def _differing(group: Group) -> Iterator[tuple[str, object]]:
    default = type(group)().model_dump(mode="json")
    return ((name, value) for name, value in group.model_dump(mode="json").items() if value != default[name])
