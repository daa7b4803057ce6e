"""A person is erased: their own rows at once, and in small steps what raw events and kept answers tell of them."""

from dataclasses import dataclass
from uuid import UUID

from hub.access.callers import Caller, UserCaller
from hub.access.roles import Permission
from hub.models import refusals
from hub.models.base import locked, transaction
from hub.models.conversations import line_search
from hub.models.conversations.conversation import Conversation
from hub.models.customers.customer import Customer
from hub.models.platform.event import Event
from hub.models.platform.task import Task
from hub.queue import Job
from hub.services import events, files
from hub.services.channels import forgetting
from hub.services.customers import traces
from hub.services.platform import exports, idempotency, tasks

_EVENTS, _ANSWERS = 50, 200         # of a step
_WAIT_S = 30.0                      # for events that somebody handles, or that wait to be handled


@dataclass(frozen=True)
class Erased:
    """How many rows of a person there were, and the task that goes on with the rest."""

    deleted_messages: int
    deleted_conversations: int
    deleted_notes: int
    task_id: UUID


@refusals.repeated
def erase(caller: Caller, customer: Customer) -> Erased:
    """Erase the person everywhere; how much there was. Of the events about the person only the fact stays."""
    with transaction():                         # as everybody else: the conversation first, then what belongs to it
        conversations = list(locked(Conversation.select(Conversation.id).where(Conversation.customer == customer)))
        counts = traces.messages_of(customer).count(), len(conversations), customer.notes.count()
        task = tasks.create(customer.tenant_id, Job.ERASE_PERSON, Permission.DELETE_CUSTOMER_DATA,
                            caller.user if isinstance(caller, UserCaller) else None, **traces.known(customer))
        forgetting.forget_waiting(customer.tenant_id, traces.person(task.params))
        for file in traces.files_of(customer):
            files.remove(file)
        exports.forget(customer.tenant_id)
        customer.delete_instance()      # conversations, lines, turns, deliveries, notes and identities go with it
        events.record(caller, "customer.erased", customer)
        Event.forget(customer.tenant_id, customer.id)
    return Erased(*counts, task.uuid)


def run(task_id: int) -> None:
    """Take the person out of raw events and kept answers; what was begun goes on where it stopped."""
    with tasks.taken(task_id) as task:
        if task is not None and task.params:
            _forget_answers(task)
            _forget_events(task)
            line_search.forget_deleted()
            Task.update(params={}).where(Task.id == task.id).execute()


def _forget_answers(task: Task) -> None:
    contacts = traces.person(task.params).contacts
    while last := idempotency.forget(task.tenant_id, task.params["rows"], contacts, task.params["response"], _ANSWERS):
        _went_on(task, 1, response=last)


def _forget_events(task: Task) -> None:
    who, until = traces.person(task.params), task.params["until"]
    while True:
        last, waiting = forgetting.forget(task.tenant_id, who, task.params["event"], until, _EVENTS)
        if not last:
            break
        _went_on(task, last * 99 // until, event=last, waiting=[*task.params["waiting"], *waiting])
    waiting = forgetting.again(task.tenant_id, who, task.params["waiting"])
    _went_on(task, 99, waiting=waiting)
    if waiting:
        raise tasks.Later(_WAIT_S)


def _went_on(task: Task, progress: int, **values: object) -> None:
    """How far it is, for whoever goes on; the database is let go."""
    task.params |= values
    Task.update(params=task.params).where(Task.id == task.id, Task.attempts == task.attempts).execute()
    tasks.step(task, progress, "")
