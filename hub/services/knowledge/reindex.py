"""The whole index of a business: compared with its passages, put back when it lost some, embedded anew when asked."""

from collections.abc import Iterator

from peewee import ModelSelect

from hub.access.roles import Permission
from hub.ai import embed, store
from hub.ai.errors import StoreError
from hub.lib import clock
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.base import release
from hub.models.knowledge.chunk import Chunk
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.platform.task import Task
from hub.queue import Job
from hub.services.knowledge import retrieval
from hub.services.platform import scheduled, tasks

_BATCH = 500             # passages that go into the index at a time


def begin(tenant: Tenant | int, user: User | None = None) -> Task:
    """Ask for it; while it runs, the task that runs."""
    return tasks.create(tenant, Job.RESTORE, Permission.MANAGE_KNOWLEDGE_BASE, user)


def check_all(run_id: int) -> None:
    """Every business whose index lacks passages gets them back; without Chroma the next run does it."""
    with scheduled.taken(run_id) as mine:
        if mine:
            for tenant in Tenant.select().order_by(Tenant.id):
                if _lacks(tenant):
                    begin(tenant)


def restore(task_id: int) -> None:
    """Put the passages of a business into an index that lost them; what another model embedded is embedded anew."""
    with tasks.taken(task_id) as task:
        if task is not None:
            task.result = _restore(task, task.tenant)


def _restore(task: Task, tenant: Tenant) -> dict[str, int]:
    embedder, chunks = retrieval.embedder_now().id, Chunk.select().where(Chunk.tenant == tenant)
    collection, there = store.collection_name(str(tenant.uuid), embedder), chunks.where(Chunk.embedder == embedder)
    total, put = there.count(), 0
    if _count(collection) < total:
        for batch in _batches(there):
            tasks.step(task, put * 100 // total, f"{put} / {total}")
            _put(collection, batch)
            put += len(batch)
    return {"passages": put, "documents": _anew(chunks.select(Chunk.doc).where(Chunk.embedder != embedder))}


def _anew(others: "ModelSelect[Chunk]") -> int:
    anew = {"state": "pending", "due_at": clock.now(), "attempts": 0, "lease_until": None}
    return int(KnowledgeDoc.update(**anew).where(KnowledgeDoc.id.in_(others), KnowledgeDoc.state == "ready").execute())


def _lacks(tenant: Tenant) -> bool:
    embedder = retrieval.embedder_now().id
    total = Chunk.select().where(Chunk.tenant == tenant).count()
    try:
        return _count(store.collection_name(str(tenant.uuid), embedder)) < total
    except StoreError:
        return False


def _count(collection: str) -> int:
    release()
    return retrieval.vectors().count(collection)


def _batches(chunks: "ModelSelect[Chunk]") -> Iterator[list[int]]:
    last = 0
    while batch := [row.id for row in chunks.select(Chunk.id).where(Chunk.id > last).order_by(Chunk.id).limit(_BATCH)]:
        yield batch
        last = batch[-1]


def _put(collection: str, numbers: list[int]) -> None:
    """Again if they changed meanwhile: SQLite gives a freed number to the next row."""
    rows, sent = _vectors(numbers), None
    while rows != sent:
        release()
        if rows:
            result = [embed.from_bytes(vector) for vector in rows.values()]
            retrieval.vectors().upsert(collection, [str(key) for key in rows], result)
        rows, sent = _vectors(numbers), rows


def _vectors(numbers: list[int]) -> dict[int, bytes]:
    return {key: bytes(vector) for key, vector in
            Chunk.select(Chunk.id, Chunk.vector).where(Chunk.id.in_(numbers)).order_by(Chunk.id).tuples()}
