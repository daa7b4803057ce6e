"""Long work over the API: begun, shown, stopped, and seen by those who may do such work."""

from hub.services.knowledge import reindex
from tests.client import Client

SHOWN = {"id", "job", "state", "progress", "url", "step", "error", "result", "createdAt", "updatedAt", "finishedAt"}


def test_a_reindex_is_begun_and_shown_until_it_is_done(bob: Client) -> None:
    task = bob.post("/api/knowledge/reindex", {}, expect=202)
    assert set(task) == SHOWN and (task["state"], task["progress"]) == ("queued", 0)
    assert bob.post("/api/knowledge/reindex", {}, expect=202)["id"] == task["id"], "one at a time"
    from hub.models.platform.task import Task
    reindex.restore(Task.get().id)
    now = bob.get(f"/api/tasks/{task['id']}")
    assert (now["state"], now["progress"], now["result"]) == ("done", 100, {"passages": 0, "documents": 0})
    assert now["finishedAt"]


def test_a_task_is_stopped_and_stays_so(bob: Client) -> None:
    task = bob.post("/api/knowledge/reindex", {}, expect=202)
    assert bob.post(f"/api/tasks/{task['id']}/cancel", {}, expect=200)["state"] == "cancelled"
    assert bob.get(f"/api/tasks/{task['id']}")["state"] == "cancelled"


def test_only_who_may_do_such_work_sees_it(bob: Client, carol: Client, dave: Client) -> None:
    task = bob.post("/api/knowledge/reindex", {}, expect=202)
    for path in (f"/api/tasks/{task['id']}", f"/api/tasks/{task['id']}/events"):
        carol.get(path, expect=403)
        dave.get(path, expect=404)
