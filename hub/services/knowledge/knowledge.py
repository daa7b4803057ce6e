"""Knowledge documents: kept by people, indexed by a job. The row's version says which text the index must follow."""

import time
from typing import IO, TYPE_CHECKING

import structlog

from hub import queue
from hub.access.callers import Caller
from hub.ai import chunk, embed, extract, stems, store, utterance
from hub.ai.errors import AIError, ExtractError, StoreError
from hub.lib import clock, document_text
from hub.lib.json_types import JsonObject
from hub.models.base import after_commit, release, transaction
from hub.models.knowledge.chunk import Chunk, ChunkTerm
from hub.models.platform.file import FileKind
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.accounts.tenant import Tenant
from hub.queue import Job
from hub.services import changes, files, work
from hub.services.knowledge import retrieval

if TYPE_CHECKING:
    import numpy as np
    _New = tuple[chunk.Chunk, np.ndarray, dict[str, float]]     # a passage, its vector, the weights of its stems

log = structlog.get_logger(__name__)

_AT_ONCE = 40           # passages that one transaction swaps: a large file must not keep other writers waiting
_LONG = 50_000          # characters of what people type; what is longer is cut by a process of its own
_INDEXED = {"title", "content", "tags", "is_active"}
DOCS = work.Kind(KnowledgeDoc, Job.INDEX, waiting="pending", running="indexing", fence=("version",),
                 load=lambda: KnowledgeDoc.select(KnowledgeDoc, Tenant).join(Tenant))


def create(caller: Caller, content: str = "", **values: object) -> KnowledgeDoc:
    """Store an article; its passages follow as soon as a worker has time."""
    content = document_text.readable(content)
    doc = changes.create(caller, KnowledgeDoc,
                         {"language": utterance.language(content), "content": content, **values})
    after_commit(lambda: queue.later(Job.INDEX, doc.id))
    return doc


def upload(caller: Caller, name: str, content: IO[bytes], **values: object) -> KnowledgeDoc:
    """Store a file (Markdown, text, PDF) as it is; the job reads its text. Raises BadInput, TooLarge."""
    file = files.store(caller.tenant, FileKind.KNOWLEDGE, name, content)
    title = file.name.rsplit(".", 1)[0] or file.name
    with transaction():
        doc = changes.create(caller, KnowledgeDoc, {"title": title, "file": file, **values})
        files.belongs_to(file, doc)
    queue.later(Job.INDEX, doc.id)
    return doc


def change(caller: Caller, doc: KnowledgeDoc, content: str | None = None,
           **values: object) -> KnowledgeDoc:
    """Write what is given; the index follows when the text changed."""
    if content is not None:
        values["content"] = document_text.readable(content)
    anew = {"state": "pending", "version": KnowledgeDoc.version + 1, "attempts": 0, "error": "", "due_at": clock.now(),
            "lease_until": None} if any(getattr(doc, name) != values[name] for name in _INDEXED & values.keys()) else {}
    changes.apply(caller, doc, values, anew)
    if not anew:
        return doc
    after_commit(lambda: queue.later(Job.INDEX, doc.id))
    return KnowledgeDoc.get_by_id(doc.id)


def remove(caller: Caller, doc: KnowledgeDoc) -> None:
    """Gone from the table and, at once or at the next rebuild, from the index: what has no row is never found."""
    keys, tenant, file = _keys(doc), doc.tenant, doc.file
    changes.remove(caller, doc)
    if file is not None:
        files.remove(file)
    release()
    _forget(tenant, keys)


def index(doc_id: int) -> None:
    """Make the passages of a document that waits for it. Running it twice, or two at once, ends the same."""
    with work.taken(DOCS, doc_id) as doc:
        if doc is not None:
            _index(doc)


def _index(doc: KnowledgeDoc) -> None:
    try:
        pieces = _pieces(doc)
        release()
        model = retrieval.embedder_now()
        result: embed.Vectors = model.embed([_searchable(doc, piece) for piece in pieces]) if pieces else []
        stale = _replace(doc, pieces, model.id, result)
        if stale is not None:
            _into_store(doc, model.id, stale)
            work.finish(DOCS, doc, "ready", chunks_count=len(pieces))
    except ExtractError as error:
        work.finish(DOCS, doc, "failed", error=str(error))
    except (AIError, StoreError) as error:
        _again(doc, str(error))


def _pieces(doc: KnowledgeDoc) -> list[chunk.Chunk]:
    title, content = doc.title, doc.content
    if not content and doc.file is not None:
        with files.opened(doc.file) as stream:
            found = extract.of_stream(stream, doc.file.name, title)
        doc.content, doc.language = found.text, utterance.language(found.text[:2000])
        doc.save(only=[KnowledgeDoc.content, KnowledgeDoc.language])
        return found.chunks if doc.is_active else []
    if not doc.is_active:
        return []
    return chunk.chunks(content, title) if len(content) <= _LONG else extract.of_text(content, title).chunks


def _replace(doc: KnowledgeDoc, pieces: list[chunk.Chunk], embedder: str, result: embed.Vectors) -> list[str] | None:
    """Swap the passages: the keys that must leave the vector index; None when the text moved on.

    A few at a time: one transaction for a book would keep every other writer waiting. Whoever searches meanwhile finds
    some of the old passages and some of the new ones; a worker that dies here leaves the document due.
    """
    stale: list[str] = []
    for start in [*range(0, len(pieces), _AT_ONCE), len(pieces)]:
        end = start + _AT_ONCE if start < len(pieces) else None
        terms = [_terms(doc, piece) for piece in pieces[start:end]]
        with transaction():
            if not _still(doc):
                return None
            new = list(zip(pieces[start:end], result[start:end], terms, strict=True))
            stale += _swap(doc, start, end, embedder, new)
        release()
    return stale


def _terms(doc: KnowledgeDoc, piece: chunk.Chunk) -> dict[str, float]:
    time.sleep(0)       # let others have the processor: a book has thousands of passages
    return stems.term_weights(_searchable(doc, piece))


def _swap(doc: KnowledgeDoc, start: int, end: int | None, embedder: str, new: "list[_New]") -> list[str]:
    """Delete the passages from `start` to before `end` (None: all that follow), write the new; the keys of the old."""
    old = (Chunk.doc == doc) & (Chunk.position >= start)
    if end is not None:
        old &= Chunk.position < end
    stale = [str(key) for (key,) in Chunk.select(Chunk.id).where(old).tuples()]
    Chunk.delete().where(old).execute()
    rows: list[JsonObject] = []
    for piece, vector, terms in new:
        row = Chunk.create(tenant=doc.tenant_id, doc=doc, position=piece.position, heading=piece.heading,
                           text=piece.text, embedder=embedder, vector=embed.to_bytes(vector))
        rows += [{"tenant": doc.tenant_id, "stem": stem[:64], "chunk": row, "weight": weight}
                 for stem, weight in terms.items()]
    for at in range(0, len(rows), 200):
        ChunkTerm.insert_many(rows[at:at + 200]).execute()
    return stale


def _searchable(doc: KnowledgeDoc, piece: chunk.Chunk) -> str:
    return chunk.searchable(doc.title, piece.heading, piece.text, doc.tags)


def _still(doc: KnowledgeDoc) -> bool:
    return (KnowledgeDoc.update(updated_at=KnowledgeDoc.updated_at)
            .where(KnowledgeDoc.id == doc.id, KnowledgeDoc.version == doc.version).execute()) == 1


def _keys(doc: KnowledgeDoc) -> list[str]:
    return [str(key) for (key,) in Chunk.select(Chunk.id).where(Chunk.doc == doc).tuples()]


def _into_store(doc: KnowledgeDoc, embedder: str, stale: list[str]) -> None:
    rows = list(Chunk.select(Chunk.id, Chunk.vector).where(Chunk.doc == doc).tuples())
    release()
    collection = store.collection_name(str(doc.tenant.uuid), embedder)
    if rows:
        retrieval.vectors().upsert(collection, [str(key) for key, _ in rows],
                                   [embed.from_bytes(bytes(vector)) for _, vector in rows])
    # SQLite gives a freed number to the next row: what was reused is fresh, not stale.
    gone = [key for key in stale if int(key) not in {key for key, _ in rows}]
    if gone:
        retrieval.vectors().delete(collection, gone)


def _forget(tenant: Tenant, keys: list[str]) -> None:
    try:
        if keys:
            collection = store.collection_name(str(tenant.uuid), retrieval.embedder_now().id)
            retrieval.vectors().delete(collection, keys)
    except StoreError as error:
        log.warning("knowledge.vectors_left", tenant=tenant.id, count=len(keys), error=str(error))


def _again(doc: KnowledgeDoc, reason: str) -> None:
    wait_s = work.retry(DOCS, doc, reason)
    if wait_s is not None:
        queue.later(Job.INDEX, doc.id, wait_s)
