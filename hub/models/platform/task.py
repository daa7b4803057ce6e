"""Long work that people watch: how far it is, what it does now, and what came of it."""

from typing import Self

from peewee import CharField, DateTimeField, ForeignKeyField, JSONField, SmallIntegerField

from hub.lib import clock
from hub.lib.json_types import JsonObject
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.base import TenantModel, cascade_key
from hub.models.fields import EnumField
from hub.models.work import Work, WorkState

OPEN = (WorkState.QUEUED, WorkState.RUNNING)


class Task(Work, TenantModel):
    tenant = cascade_key(Tenant)
    job = CharField(max_length=64)                                  # a name of queue.Job: what is done
    permission = CharField(max_length=32)                           # what a person needs to see it
    user = ForeignKeyField(User, null=True, on_delete="SET NULL")   # who asked for it; None: the hub itself
    params = JSONField[JsonObject](default=dict)
    state = EnumField(WorkState, default=WorkState.QUEUED, max_length=12)
    progress = SmallIntegerField(default=0)                         # per cent
    step = CharField(default="")                                    # what it does now, for people
    result = JSONField[JsonObject](default=dict)
    updated_at = DateTimeField(default=clock.now)
    finished_at = DateTimeField(null=True)

    @classmethod
    def open_one(cls, tenant: Tenant | int, job: str, params: JsonObject) -> Self | None:
        """The tenant's unfinished task of that job about the same."""
        unfinished = cls.of(tenant).where(cls.job == job, cls.state.in_(OPEN))
        return next((task for task in unfinished if task.params == params), None)


Task.add_index(Task.due_at, where=Task.state.in_(OPEN), name="task_open")
Task.add_index(Task.id, where=Task.state == WorkState.FAILED, name="task_failed")
