"""The columns of work for later: when a row is due, who holds it, how often it was tried, what went wrong."""

from enum import StrEnum

from peewee import CharField, DateTimeField, IntegerField

from hub.lib import clock
from hub.models.base import Model


class WorkState(StrEnum):
    """The words of work that has none of its own."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Work(Model):
    """A base without a table of its own; services/work.py claims, repeats and ends such rows.

    Each table has a `state` of its own words beside; services/work.py learns them from its Kind.
    """

    due_at = DateTimeField(default=clock.now)
    lease_until = DateTimeField(null=True)                          # whoever works on it holds it until then
    attempts = IntegerField(default=0)                              # how often somebody took it
    error = CharField(default="")
