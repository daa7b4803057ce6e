"""/api/tasks and /api/knowledge/reindex: long work, asked for and watched."""

from pydantic import Field

from hub.access import callers
from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.schema import Out
from hub.api.kit.table import get, post
from hub.lib.json_types import JsonObject
from hub.models.platform.task import Task
from hub.services.knowledge import reindex as reindexing
from hub.services.platform import exports, tasks


class TaskOut(Out, columns=(Task.id, Task.job, Task.state, Task.progress, Task.step, Task.error, Task.created_at,
                            Task.updated_at, Task.finished_at)):
    """Long work: `state` is queued, running, done, failed or cancelled; `progress` is per cent; `step` what it does."""

    result: JsonObject
    url: str | None = Field(None, description="Where what it made can be fetched, for an hour.")


def show(caller: UserCaller, task: Task) -> TaskOut:
    """Show how far a task is. Its stream of changes is `/api/tasks/<task>/events`."""
    callers.require(caller, Permission(task.permission))
    return TaskOut.of(task).model_copy(update={"url": exports.url(task)})


def cancel(caller: UserCaller, task: Task) -> TaskOut:
    """Stop a task at its next step; one that is finished stays as it is."""
    callers.require(caller, Permission(task.permission))
    return TaskOut.of(tasks.cancel(caller, task))


def reindex(caller: UserCaller) -> TaskOut:
    """Compare the index of all articles with their passages and put back what is missing."""
    return TaskOut.of(reindexing.begin(caller.tenant, caller.user))


core.table(
    "tasks",
    get("/api/tasks/<task>", show, permission=Permission.MANAGE_KNOWLEDGE_BASE),
    post("/api/tasks/<task>/cancel", cancel, permission=Permission.MANAGE_KNOWLEDGE_BASE),
    post("/api/knowledge/reindex", reindex, permission=Permission.MANAGE_KNOWLEDGE_BASE, status=202),
)
