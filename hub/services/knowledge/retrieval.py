"""What the tenant knows about a question: BM25 over word stems and vectors from Chroma, fused by weighted scores."""

from dataclasses import dataclass

import structlog

from hub.access import flags
from hub.access.flags import Flag
from hub.access.roles import Permission
from hub.ai import asks, embed, fuse, markdown, stems, store
from hub.ai.chunk import searchable
from hub.ai.errors import AIError, StoreError
from hub.lib.cache import Cache
from hub.lib.json_types import JsonObject
from hub.models.knowledge.chunk import Chunk, ChunkTerm
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.accounts.tenant import Tenant
from hub.queue import Job
from hub.services.platform import tasks
from hub.settings import current_settings

log = structlog.get_logger(__name__)

_CANDIDATES = 40
# A stem in more than this share of a large index says nothing and costs most.
_COMMON, _COMMON_FROM = 0.2, 2_000
# How many passages a business has: a small index is looked at while it grows.
_SMALL, _KEEP_SMALL_S = 1_000, 1.0
_totals: Cache[int, int] = Cache(30.0)
_compared: Cache[int, bool] = Cache(60.0)


@dataclass(frozen=True)
class Found:
    """A passage that may answer the question; `score` is fused (0..1.5), `evidence` 0..1 says how well it answers."""

    chunk: Chunk
    doc: KnowledgeDoc
    score: float
    lexical: float
    vector: float
    evidence: float

    def source(self) -> JsonObject:
        """As messages, turns and the search endpoint show it."""
        return {"doc": str(self.doc.uuid), "title": self.doc.title, "heading": self.chunk.heading,
                "quote": markdown.plain(self.chunk.text), "url": self.doc.url, "score": round(self.score, 4),
                "lexical": round(self.lexical, 4), "vector": round(self.vector, 4),
                "evidence": round(self.evidence, 4)}


def search(tenant: Tenant, question: str, limit: int = 5) -> list[Found]:
    """The best passages, best first; without Chroma by words alone."""
    asked = list(dict.fromkeys(stems.stems(question)))[:64]
    wanted = {**dict.fromkeys(asks.hints(question), asks.WEIGHT), **dict.fromkeys(asked, 1.0)}
    total = _total(tenant.id)
    having = ChunkTerm.counts(tenant, list(wanted)) if wanted else {}
    idfs = {stem: stems.idf(total, having.get(stem, 0)) * weight for stem, weight in wanted.items()}
    lexical = dict(ChunkTerm.best(tenant, _distinctive(idfs, having, total), _CANDIDATES)) if having else {}
    hits = fuse.fuse({str(key): value for key, value in lexical.items()}, _by_vector(tenant, question, total))
    return _found(tenant, hits, asked, idfs, limit)


def _total(tenant_id: int) -> int:
    total = _totals.get(tenant_id)
    if total is None:
        total = int(Chunk.select().where(Chunk.tenant == tenant_id).count())
        _totals.put(tenant_id, total, None if total > _SMALL else _KEEP_SMALL_S)
    return total


def _distinctive(idfs: dict[str, float], having: dict[str, int], total: int) -> dict[str, float]:
    known = {stem: idfs[stem] for stem in having}
    rare = {stem: idf for stem, idf in known.items() if having[stem] < total * _COMMON}
    return rare if rare and total > _COMMON_FROM else known


def _by_vector(tenant: Tenant, question: str, total: int) -> dict[str, float]:
    if not flags.on(Flag.RAG, tenant):
        return {}
    try:
        embedder = embedder_now()
        vector = embedder.embed([question])[0]
        collection = store.collection_name(str(tenant.uuid), embedder.id)
        _mend(tenant.id, collection, total)
        return dict(vectors().query(collection, vector, _CANDIDATES))
    except (StoreError, AIError) as error:
        log.warning("retrieval.words_only", tenant=tenant.id, error=str(error))
        return {}


def _mend(tenant_id: int, collection: str, total: int) -> None:
    """Once a minute: if the index lacks passages, as when its disk is a new one or the model another, have them put."""
    if not _compared.get(tenant_id):
        _compared.put(tenant_id, True)
        if vectors().count(collection) < total:
            tasks.create(tenant_id, Job.RESTORE, Permission.MANAGE_KNOWLEDGE_BASE)


def _found(tenant: Tenant, hits: list[fuse.Hit], asked: list[str], idfs: dict[str, float], limit: int) -> list[Found]:
    best = hits[: limit * 2]
    rows = {chunk.id: chunk for chunk in
            Chunk.select(Chunk, KnowledgeDoc).join(KnowledgeDoc)
            .where(Chunk.tenant == tenant, Chunk.id.in_([int(hit.key) for hit in best]), KnowledgeDoc.is_active)}
    found = []
    for hit in best:
        chunk = rows.get(int(hit.key))      # gone since, or another tenant's: not found
        if chunk is not None:
            said = stems.stems(searchable(chunk.doc.title, chunk.heading, chunk.text, chunk.doc.tags))
            found.append(Found(chunk, chunk.doc, hit.score, hit.lexical, hit.vector,
                               fuse.evidence(asked, idfs, said, hit)))
    return found[:limit]


_store: store.VectorStore | None = None
_embedder: embed.Embedder | None = None


def vectors() -> store.VectorStore:
    global _store
    if _store is None:
        _store = store.VectorStore(current_settings().chroma_url)
    return _store


def embedder_now() -> embed.Embedder:
    """The model of the vectors: the configured one, otherwise the built-in hashed n-grams."""
    global _embedder
    if _embedder is None:
        settings = current_settings()
        _embedder = embed.HashEmbedder()
        if settings.openai_api_key and settings.openai_embedding_model:
            from hub.ai.chat import Endpoint
            _embedder = embed.OpenAIEmbedder(
                Endpoint(settings.openai_base_url, settings.openai_api_key, settings.openai_embedding_model),
                settings.openai_embedding_model)
    return _embedder
