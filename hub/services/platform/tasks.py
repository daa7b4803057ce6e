"""Long work with progress: asked for once, watched while it runs, told to stop, done again where it stopped."""

from collections.abc import Iterator
from contextlib import contextmanager

from hub import bus, queue
from hub.access.callers import Caller, Service, UserCaller
from hub.access.roles import Permission
from hub.errors import Conflict
from hub.lib import clock
from hub.lib.fields import N_
from hub.lib.json_types import JsonObject
from hub.models import refusals
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.base import after_commit, locked, release, transaction
from hub.models.platform.task import OPEN, Task
from hub.models.work import WorkState
from hub.queue import Job
from hub.services import events, work

TASKS = work.Kind(Task, Task.job)


class Cancelled(Exception):
    """Somebody stopped the task, or another worker has it."""


class Later(Exception):
    """The task has to wait for something, and goes on then; that is no failure."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"{seconds:.0f} seconds")


def create(tenant: Tenant | int, job: Job, permission: Permission, user: User | None = None, **params: object) -> Task:
    """Ask for the work; while a task of that job and about the same is unfinished, that one."""
    found = Task.open_one(tenant, str(job), params)
    if found is not None:
        return found
    task, is_new = _made(tenant, job, params, permission=permission, user=user)
    if is_new:
        after_commit(lambda: queue.later(job, task.id))
    return task


@refusals.repeated
def _made(tenant: Tenant | int, job: Job, params: JsonObject, permission: Permission,
          user: User | None) -> tuple[Task, bool]:
    with transaction():
        # Of those who ask at once one after the other looks.
        Tenant.hold(tenant)
        found = Task.open_one(tenant, str(job), params)
        if found is not None:
            return found, False
        task = Task.create(tenant=tenant, job=str(job), permission=permission, user=user, params=params)
        caller = Service("hub", tenant) if user is None else UserCaller(user, user.tenant, "session")
        events.record(caller, "task.created", task, None, {"job": str(job)})
    return task, True


@contextmanager
def taken(task_id: int) -> Iterator[Task | None]:
    """The task, ours until the block ends; what the block leaves in `task.result` is its result.

    After an error it is tried again later. A Cancelled ends the block quietly, a Later until then.
    """
    with work.taken(TASKS, task_id) as task:
        try:
            yield task
        except Cancelled:
            return
        except Later as later:
            if task is not None:        # one attempt is counted, not each
                work.finish(TASKS, task, "queued", attempts=1, due_at=clock.ahead(later.seconds), result=task.result)
                tell(task)
            return
        except Exception as error:
            if task is not None:
                work.retry(TASKS, task, str(error) or type(error).__name__)
                tell(task)
            raise
        if task is not None:
            work.finish(TASKS, task, "done", progress=100, step="", result=task.result, finished_at=clock.now(),
                        updated_at=clock.now())
            tell(task)


def step(task: Task, progress: int, says: str) -> None:
    """How far it is (per cent), what it does now, and `task.result` so far. Raises Cancelled when it shall end."""
    values = {"progress": max(0, min(progress, 99)), "step": says[:255], "result": task.result,
              "updated_at": clock.now()}
    mine = (Task.update(**values).where(Task.id == task.id, Task.state == "running", Task.attempts == task.attempts)
            .execute())
    if not mine:
        raise Cancelled
    tell(task)
    release()


@refusals.repeated
def cancel(caller: Caller, task: Task) -> Task:
    """Stop it at its next step; what is finished stays as it is. Conflict when it has to be done to the end."""
    if task.job == Job.ERASE_PERSON:        # what has begun to be erased is not kept by half
        raise Conflict("task_not_stoppable", N_("This work is done to its end."))
    ended = {"state": WorkState.CANCELLED, "lease_until": None, "finished_at": clock.now(), "updated_at": clock.now()}
    with transaction():
        open_one = locked(Task.select(Task.id, Task.state).where(Task.id == task.id, Task.state.in_(OPEN))).first()
        if open_one is not None:
            Task.update(**ended).where(Task.id == task.id).execute()
            events.record(caller, "task.cancelled", task, {"state": open_one.state}, {"state": ended["state"]})
    return tell(task)


def tell(task: Task) -> Task:
    """Tell whoever watches it; the task as it is now."""
    now: Task = Task.get_by_id(task.id)
    events.publish({"type": "task.changed", "tenant": now.tenant_id, "audience": bus.STAFF, "data": facts(now)})
    return now


def facts(task: Task) -> JsonObject:
    """What is known of a task, for whoever watches it."""
    return {"uuid": str(task.uuid), "job": task.job, "state": task.state, "progress": task.progress,
            "step": task.step, "error": task.error, "result": task.result, "created_at": clock.iso(task.created_at),
            "updated_at": clock.iso(task.updated_at), "finished_at": clock.iso(task.finished_at)}
