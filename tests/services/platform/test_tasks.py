"""Long work: asked for once, watched while it runs, stopped, and done again after a crash; old rows leave."""


import pytest
import time_machine

from hub import queue
from hub.access.roles import Permission
from hub.lib import clock
from hub.models.accounts.tenant import Tenant
from hub.models.platform.task import Task
from hub.queue import Job
from hub.services import work
from hub.services.knowledge import reindex
from hub.services.platform import sweep, tasks
from tests import factories
from tests.services import steps
from tests.there import there

_MAY = Permission.MANAGE_KNOWLEDGE_BASE


def begun(tenant: Tenant) -> Task:
    return tasks.create(tenant, Job.RESTORE, _MAY)


def test_while_one_is_unfinished_asking_again_is_the_same_one(tenant: Tenant) -> None:
    first, second = begun(tenant), begun(tenant)
    assert first.id == second.id and queue.waiting(Job.RESTORE) == 1
    reindex.restore(first.id)
    assert steps.fresh(first).state == "done" and begun(tenant).id != first.id


def test_of_those_who_ask_at_the_same_moment_all_get_the_same_one(tenant: Tenant) -> None:
    made = steps.good(steps.at_once(*[lambda: begun(tenant).id] * 4))
    assert len(set(made)) == 1 and Task.select().count() == 1


def test_every_step_is_on_the_row_and_told(tenant: Tenant) -> None:
    task = begun(tenant)
    with steps.listening() as heard, tasks.taken(task.id) as mine:
        assert mine is not None
        tasks.step(mine, 40, "40 / 100")
        assert (steps.fresh(task).progress, steps.fresh(task).step) == (40, "40 / 100")
        mine.result = {"rows": 100}
    now = steps.fresh(task)
    assert (now.state, now.progress, now.result) == ("done", 100, {"rows": 100}) and now.finished_at is not None
    assert [(event["data"]["progress"], event["data"]["state"]) for event in heard.of("task.changed")] == [
        (40, "running"), (100, "done")]
    with tasks.taken(task.id) as again:
        assert again is None, "it is finished"


def test_a_cancelled_task_stops_at_its_next_step(tenant: Tenant) -> None:
    task, did = begun(tenant), []
    with tasks.taken(task.id) as mine:
        assert mine is not None
        tasks.step(mine, 10, "one")
        tasks.cancel(factories.SOMEBODY, task)
        tasks.step(mine, 20, "two")
        did.append("two")
    assert (steps.fresh(task).state, steps.fresh(task).step, did) == ("cancelled", "one", [])


def test_an_error_is_shown_and_the_task_tried_again(tenant: Tenant) -> None:
    task = begun(tenant)
    with pytest.raises(RuntimeError), tasks.taken(task.id):
        raise RuntimeError("The index is away.")
    assert (steps.fresh(task).state, steps.fresh(task).error) == ("queued", "The index is away.")
    with time_machine.travel(clock.ahead(6), tick=True):
        reindex.restore(task.id)
    assert (steps.fresh(task).state, steps.fresh(task).error) == ("done", "")


def test_a_task_whose_worker_died_is_found_and_the_dead_one_may_not_go_on(tenant: Tenant) -> None:
    task = begun(tenant)
    dead = there(work.claim(tasks.TASKS, task.id))
    queue.redis().flushall()
    with time_machine.travel(clock.ahead(work.LASTS_S + 6), tick=True):
        assert sweep.sweep() == 1 and queue.waiting(Job.RESTORE) == 1
        with tasks.taken(task.id) as second:
            assert second is not None
            with pytest.raises(tasks.Cancelled):
                tasks.step(dead, 50, "late")


def test_an_index_is_put_back_with_progress(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    from hub.ai import store
    from hub.services.knowledge import retrieval
    monkeypatch.setattr(reindex, "_BATCH", 2)
    for number in range(5):
        factories.make_doc(tenant, f"Delivery {number}", "Delivery to Kazan costs 300 rubles.")
    retrieval.vectors().drop(store.collection_name(str(tenant.uuid), retrieval.embedder_now().id))
    with steps.listening() as heard:
        reindex.restore(reindex.begin(tenant).id)
    assert [event["data"]["progress"] for event in heard.of("task.changed")] == [0, 40, 80, 100]
    assert Task.get().result == {"passages": 5, "documents": 0}


