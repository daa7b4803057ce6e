"""Where readiness writes to see whether there is room: no row of it stays."""

from peewee import BlobField

from hub.models.base import Model


class WriteCheck(Model):
    data = BlobField()
