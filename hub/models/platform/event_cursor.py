"""How far each reader of the events has come."""

from peewee import BigIntegerField, CharField

from hub.models.base import Model


class EventCursor(Model):
    """The position of the last event that was read: everything up to (xid, event id) is done."""

    reader = CharField(unique=True, max_length=64)
    xid = BigIntegerField(default=0)
    position = BigIntegerField(default=0)
