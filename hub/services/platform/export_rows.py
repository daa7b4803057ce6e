"""What an export holds: rows of every table of a business, or all that is stored about one customer; no secrets.

Tables are found by themselves: a model with a business is a table of the business, one that is deleted together with a
customer is a table of the customer.
"""

import re
from collections.abc import Iterator
from functools import reduce
from operator import or_

import orjson
from peewee import Field, ForeignKeyField, IntegerField, ModelSelect

from hub.lib import masking
from hub.lib.json_types import JsonObject
from hub.models import ALL
from hub.models.accounts.tenant import Tenant
from hub.models.base import Model, release
from hub.models.customers.customer import Customer, CustomerIdentity
from hub.models.fields import SearchField
from hub.models.platform.event import Event
from hub.models.secret import SecretField
from hub.services.channels import forgetting

_AT_ONCE, _EVENTS = 200, 50
# Bytes that stand beside, vectors that are made of texts, and responses, in which a new key may stand.
_LEFT_OUT = ("file.data", "chunk.vector", "idempotency_key.answer")
_USER_OF_URL = re.compile(r"(?<=://)[^/@\s]+@")


def of_tenant(tenant: Tenant) -> "dict[type[Model], ModelSelect[Model]]":
    """The rows of each table."""
    rows = {model: model.select().where(model.tenant == tenant) for model in ALL
            if issubclass(model, Model) and "tenant" in model._meta.fields}
    return {Tenant: Tenant.select().where(Tenant.id == tenant.id), **rows}


def of_customer(customer: Customer) -> "dict[type[Model], ModelSelect[Model]]":
    """The same of one person: whatever leaves with them, and what is told of them."""
    found: dict[type[Model], ModelSelect[Model]] = {Customer: Customer.select().where(Customer.id == customer.id)}
    for model in ALL:       # after those that they belong to
        owners = [field.in_(found[field.rel_model].select(field.rel_model.id)) for field in model._meta.sorted_fields
                  if isinstance(field, ForeignKeyField) and field.on_delete == "CASCADE" and field.rel_model in found]
        if issubclass(model, Model) and owners:
            found[model] = model.select().where(reduce(or_, owners))
    return {**found, Event: Event.of(customer.tenant_id).where(Event.person == customer.id)}


def raw_events(customer: Customer) -> Iterator[list[JsonObject]]:
    """What channels brought of the person, without what came with it of others."""
    known = list(CustomerIdentity.select(CustomerIdentity.kind, CustomerIdentity.value).where(
        CustomerIdentity.tenant == customer.tenant_id, CustomerIdentity.customer == customer).tuples())
    last = 0
    while some := forgetting.sent_by(customer.tenant_id, known, last, _EVENTS):
        last = some[-1][0].id
        yield [{**shown(event), "body": _text(theirs)} for event, theirs in some]


def batches(model: type[Model], rows: "ModelSelect[Model]") -> Iterator[list[JsonObject]]:
    """The rows by their number, a few at a time; the database is let go in between."""
    columns = [field for field in model._meta.sorted_fields if _is_shown(field)]
    last = 0
    while some := list(rows.select(*columns).where(model.id > last).order_by(model.id).limit(_AT_ONCE)):
        last = some[-1].id
        yield [shown(row) for row in some]
        release()


def shown(row: Model) -> JsonObject:
    """A row as files keep it: its columns without secrets."""
    values = {field.name: row.__data__.get(field.name) for field in row._meta.sorted_fields if _is_shown(field)}
    if isinstance(row, Event):
        values |= {"ip": row.told_ip, "user_agent": row.told_user_agent}
    return {name: _plain(value) for name, value in values.items()}


def written(values: JsonObject) -> bytes:
    """One line of a file."""
    return orjson.dumps(values, default=str, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS)


def _is_shown(field: Field) -> bool:
    is_secret = masking.is_secret(field.name) and not isinstance(field, IntegerField | ForeignKeyField)
    return not (is_secret or isinstance(field, SecretField | SearchField)
                or f"{field.model._meta.table_name}.{field.name}" in _LEFT_OUT)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()
                if not (masking.is_secret(str(name)) and isinstance(inner, str | list | dict))}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, bytes | memoryview):
        return _text(bytes(value))
    return _USER_OF_URL.sub("", value) if isinstance(value, str) else value


def _text(data: bytes) -> str:
    return data.decode(errors="replace")
