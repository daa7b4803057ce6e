"""An uploaded file: what it is and whose; its bytes lie in DATA_DIR/files, or in the row itself."""

from enum import StrEnum
from typing import Self

from peewee import BlobField, CharField, IntegerField, ModelSelect, fn

from hub.models.accounts.tenant import Tenant
from hub.models.base import TenantModel, cascade_key
from hub.models.fields import EnumField


class FileKind(StrEnum):
    KNOWLEDGE = "knowledge"
    PICTURE = "picture"
    ATTACHMENT = "attachment"
    EXPORT = "export"                                       # a part of one; its rows, in order, are the whole


class File(TenantModel):
    tenant = cascade_key(Tenant)
    kind = EnumField(FileKind, default=FileKind.KNOWLEDGE, max_length=16)
    owner = CharField(default="", max_length=64)            # what it belongs to: the table's name and the row's number
    name = CharField()
    mime = CharField(max_length=128)                        # by its content
    size = IntegerField()
    sha256 = CharField(max_length=64, index=True)
    on_disk = IntegerField(default=0)                       # 1: the bytes lie in the folder, `data` is empty
    data = BlobField()

    @classmethod
    def without_bytes(cls) -> "ModelSelect[Self]":
        """Files with their businesses, for whoever has many to go through: `data` is not read."""
        return cls.select(*(field for field in cls._meta.sorted_fields if field is not cls.data), Tenant).join(Tenant)

    @classmethod
    def others_like(cls, file: Self) -> bool:
        """Does a row of the same business have the same bytes on disk? Its own is gone; who has its number is another.
        """
        return bool(cls.select().where(cls.tenant == file.tenant_id, cls.sha256 == file.sha256, cls.on_disk == 1)
                    .exists())

    @classmethod
    def total_size(cls) -> int:
        """Bytes of all of them."""
        return int(cls.select(fn.COALESCE(fn.SUM(cls.size), 0)).scalar())
