"""The numbers by which people know rows: counted for each tenant by itself, so that nobody learns another's volume."""


import peewee
from peewee import CharField, CompositeKey, IntegerField

from hub.models.accounts.tenant import Tenant
from hub.models.base import cascade_key, db
from hub.models.fields import Derived


class TenantNumber(peewee.Model):
    """The last number that a tenant gave to a row of this kind. A number is never given twice."""

    tenant = cascade_key(Tenant, index=False)
    kind = CharField(max_length=32)                                 # the table's name
    last = IntegerField()

    class Meta:
        database = db
        legacy_table_names = False
        primary_key = CompositeKey("tenant", "kind")

    @classmethod
    def next(cls, tenant_id: int, kind: str) -> int:
        """A new number, inside the caller's transaction: who else wants one for this tenant waits for its end."""
        query = (cls.insert(tenant=tenant_id, kind=kind, last=1)
                 .on_conflict(conflict_target=[cls.tenant, cls.kind], update={cls.last: cls.last + 1})
                 .returning(cls.last))
        return int(next(iter(query.tuples().execute()))[0])


class NumberField(Derived[int], IntegerField):
    """The row's number among its tenant's rows of this kind, given when it is made.

    0 in rows that the release before wrote; services/platform/catch_up.py gives them theirs.
    """

    def __init__(self) -> None:
        super().__init__(default=0)

    def bind(self, model: type[peewee.Model], name: str, set_attribute: bool = True) -> None:
        super().bind(model, name, set_attribute)
        table = model._meta.table_name
        model.add_index(model.tenant, self, unique=True, where=self > 0, name=f"{table}_number")
        model.add_index(model.id, where=self == 0, name=f"{table}_unnumbered")

    def derive(self, row: peewee.Model, given: set[str] | None) -> bool:
        if given is not None or getattr(row, self.name):
            return False
        setattr(row, self.name, TenantNumber.next(row.tenant_id, self.model._meta.table_name))
        return True
