"""Access that a platform administrator gives a business for a time, whatever it pays."""

from datetime import datetime
from typing import Self

from peewee import CharField, DateTimeField, ModelSelect, TextField

from hub.models.accounts.tenant import Tenant
from hub.models.base import TenantModel, cascade_key


class Grant(TenantModel):
    tenant = cascade_key(Tenant, backref="grants")
    starts_at = DateTimeField()
    ends_at = DateTimeField()
    reason = TextField()
    granted_by = CharField()                        # as access/callers.py names who acts
    revoked_at = DateTimeField(null=True)

    class Meta:
        table_name = "tenant_grant"                 # "grant" is a word of SQL

    @classmethod
    def live(cls, tenant: Tenant | int, moment: datetime) -> "ModelSelect[Self]":
        """Those of a business that give access at this moment."""
        return cls.live_now(moment).where(cls.tenant == tenant)

    @classmethod
    def live_now(cls, moment: datetime) -> "ModelSelect[Self]":
        """The same of every business."""
        return cls.select().where(cls.starts_at <= moment, cls.ends_at > moment, cls.revoked_at.is_null())
