"""Many businesses with many rows each, as copies of the rows of one: so that a planner chooses as in production."""

from typing import Any

from peewee import (
    BooleanField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    SmallIntegerField,
    SqliteDatabase,
    UUIDField,
)

from hub.models import ALL
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.base import TenantModel, db
from hub.models.fields import EnumField
from hub.models.platform.tenant_number import NumberField
from tests import factories

BUSINESSES, ROWS = 500, 10_000       # ROWS of every noun, of all businesses together


def fill(tenant: Tenant, tables: set[str]) -> tuple[User, dict[str, str]]:
    """Copy one row of each of these tables, and of what such a row belongs to. The owner of one of the many businesses,
    and {noun: uuid of a row of that business}.

    Row number i is of business i % BUSINESSES, and so is what it belongs to.
    """
    businesses = [factories.make_tenant() for _ in range(BUSINESSES)]
    begins: dict[Any, int] = {Tenant: businesses[0].id}
    for model in _closed({model for model in ALL if model._meta.table_name in tables} | {User}):
        row = model.select().where(model.tenant == tenant).first()
        if row is not None:
            _copy(model, row.id, begins)
    if not _sqlite():
        db.execute_sql("ANALYZE")       # as autovacuum does
    places = {model._meta.table_name: model.get_by_id(row) for model, row in begins.items()}
    return places["user"], {name: str(row.uuid) for name, row in places.items()}


def _closed(models: set[Any]) -> list[Any]:
    """These and all that their rows belong to, what is pointed at first."""
    before = set[Any]()
    while before != models:
        before, models = models, models | {field.rel_model for model in models for field in model._meta.refs
                                           if issubclass(field.rel_model, TenantModel)}
    return [model for model in ALL if model in models]


def _copy(model: Any, row: int, begins: dict[Any, int]) -> None:
    fields = [field for field in model._meta.sorted_fields if field.name != "id"]
    unique = {name for index in model._meta.indexes if isinstance(index, tuple) and index[1] for name in index[0]}
    values = {field.column_name: _value(field, field.unique or field.name in unique, begins) for field in fields}
    table = model._meta.table_name
    numbers = (f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {ROWS}) ")
    names = ", ".join(f'"{name}"' for name in values)
    select = f'SELECT {", ".join(values.values())} FROM "{table}" t, n WHERE t.id = {row} ORDER BY n.i'
    db.execute_sql(f'{numbers}INSERT INTO "{table}" ({names}) {select}' if _sqlite()
                   else f'INSERT INTO "{table}" ({names}) {numbers}{select}'.replace("%", "%%"))
    begins[model] = model.select(model.id).order_by(model.id.desc()).limit(1).scalar() - ROWS + 1


def _value(field: Any, is_unique: bool, begins: dict[Any, int]) -> str:
    """SQL of a column of copy number i."""
    own = f't."{field.column_name}"'
    if isinstance(field, ForeignKeyField):
        if field.rel_model not in begins:
            return own
        count = BUSINESSES if field.rel_model is Tenant else ROWS if is_unique else ROWS // 10
        return f"{begins[field.rel_model]} + n.i % {count}"
    if isinstance(field, UUIDField):
        return "lower(hex(randomblob(16)))" if _sqlite() else "gen_random_uuid()"
    if isinstance(field, NumberField):
        return "n.i + 1000"
    if isinstance(field, EnumField):
        kinds = " ".join(f"WHEN {place} THEN '{value}'" for place, value in enumerate(field.allowed))
        return f"CASE (n.i / {BUSINESSES}) % {len(field.allowed)} {kinds} END"
    if isinstance(field, BooleanField):
        return f"(n.i / {BUSINESSES}) % 2 = 0"
    if isinstance(field, SmallIntegerField):
        return f"(n.i / {BUSINESSES}) % 2"
    if isinstance(field, DateTimeField):
        return (f"strftime('%Y-%m-%d %H:%M:%f000', {own}, '-' || n.i || ' minutes')" if _sqlite()
                else f"{own} - n.i * interval '1 minute'")
    if is_unique:
        return "n.i" if isinstance(field, IntegerField) else f"'copy ' || n.i || '@{field.name}'"
    return own


def _sqlite() -> bool:
    return isinstance(db.obj, SqliteDatabase)
