"""A smoke test: questions from a business's own articles put to its AI, as customers would, with nobody listening."""

from collections.abc import Callable

from hub.access.callers import Caller, Service, UserCaller
from hub.access.roles import Permission
from hub.lib import clock
from hub.lib.json_types import JsonObject
from hub.models import refusals
from hub.models.accounts.onboarding import Onboarding
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.base import transaction
from hub.models.knowledge.knowledge_doc import DocState, KnowledgeDoc
from hub.models.platform.task import Task
from hub.queue import Job
from hub.services import events
from hub.services.accounts import onboarding
from hub.services.accounts.onboarding_questions import drawn
from hub.services.agents import dry_run
from hub.services.platform import tasks

_QUESTIONS, _ARTICLES = 6, 50
# Who wants to know how far it is: (questions done, of how many, the one that is asked now, results so far).
Told = Callable[[int, int, str, list[JsonObject]], None]


def begin(tenant: Tenant, user: User | None = None) -> Task:
    """Ask for a test by a worker; while one runs, that one."""
    return tasks.create(tenant, Job.SMOKE_TEST, Permission.VIEW_CONVERSATIONS, user)


def run(task_id: int) -> None:
    """Do the test that a task asks for, and tell how far it is after each question."""
    with tasks.taken(task_id) as task:
        if task is not None:
            caller = Service("hub", task.tenant) if task.user is None else UserCaller(task.user, task.tenant, "session")
            task.result = attempt(caller, task.tenant, lambda *so_far: _tell(task, *so_far))


def _tell(task: Task, done: int, total: int, question: str, results: list[JsonObject]) -> None:
    task.result = {"results": results}
    tasks.step(task, done * 100 // total, f"{done + 1} / {total}: {question}")


def attempt(caller: Caller, tenant: Tenant, tell: Told = lambda *_: None) -> JsonObject:
    """Ask everything; what came of it is kept as the business's last test."""
    docs = (KnowledgeDoc.of(tenant).where(KnowledgeDoc.is_active, KnowledgeDoc.state == DocState.READY)
            .order_by(KnowledgeDoc.id).limit(_ARTICLES))
    asked = drawn(docs, Onboarding.get_or_new(tenant).documents, _QUESTIONS)
    results: list[JsonObject] = []
    for question in asked:
        tell(len(results), len(asked), question.text, results)
        results.append(dry_run.examined(tenant, question.text, question.doc))
    found = {"results": results, "passedCount": sum(result["passed"] for result in results),
             "totalCount": len(results)}
    _keep(caller, found)
    return found


@refusals.repeated
def _keep(caller: Caller, found: JsonObject) -> None:
    with transaction():
        row = onboarding.begun(caller)
        Onboarding.update(tested=found, tested_at=clock.now()).where(Onboarding.id == row.id).execute()
        events.record(caller, "onboarding.tested", row, None,
                      {"passed": found["passedCount"], "total": found["totalCount"]})
