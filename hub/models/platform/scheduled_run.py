"""The latest run of a job of the schedule: whatever restarts, each of its moments is worked on once."""

from datetime import datetime, timedelta
from typing import Self

from peewee import CharField, DateTimeField

from hub.models.fields import EnumField
from hub.models.work import Work, WorkState


class ScheduledRun(Work):
    job = CharField(unique=True, max_length=64)                     # a name of queue.Job
    state = EnumField(WorkState, default=WorkState.QUEUED, max_length=12)
    slot = DateTimeField()                                          # the moment of the schedule that it stands for

    @classmethod
    def begin(cls, job: str, slot: datetime, longest: timedelta) -> Self | None:
        """The row of a moment that nobody began yet, else None. A slot more than `longest` ahead is a clock's error."""
        row = {"job": job, "slot": slot}
        begun = cls.insert(row).on_conflict_ignore().returning(cls.id).tuples().execute()
        anew = {**row, "state": "queued", "due_at": slot, "lease_until": None, "attempts": 0, "error": ""}
        other = (cls.slot < slot) | (cls.slot > slot + longest)
        found = list(begun) or list(cls.update(anew).where(cls.job == job, other).returning(cls.id).tuples().execute())
        return cls.get_by_id(found[0][0]) if found else None


ScheduledRun.add_index(ScheduledRun.due_at, where=ScheduledRun.state.in_(("queued", "running")),
                       name="scheduled_run_open")
