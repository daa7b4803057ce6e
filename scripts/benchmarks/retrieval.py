"""(d) Searching the knowledge at growing sizes, against one bare question to Chroma about the same vectors."""

import http.client
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import orjson

from hub.ai import embed, stems, store
from hub.lib import clock
from hub.models.base import connection, release
from hub.models.knowledge.chunk import Chunk
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.accounts.tenant import Tenant
from hub.services.knowledge import retrieval
from hub.settings import current_settings
from scripts.benchmarks import bulk, business, words
from scripts.benchmarks.figure import Bar, Figure, Size, ms, percentile
from scripts.benchmarks.world import World

KEY = "d"
_BAR_AT = 10_000
_LOT = 5_000            # passages at once
_CANDIDATES = 40        # as services/retrieval.py asks for


def measure(world: World, size: Size) -> Iterator[Figure]:
    with world.hub() as hub:
        result = business.make(hub.env)
        passages = words.passages(max(size.chunks))
        loaded, first = 0, 0.0
        for wanted in size.chunks:
            began = time.monotonic()
            _load(result.tenant_id, islice(passages, wanted - loaded), loaded)
            took, loaded = time.monotonic() - began, wanted
            ours, bare = _searched(result.tenant_id, size.searches), _bare(result.tenant_id, size.searches)
            first = first or percentile(ours, 0.95)
            growth = f"{percentile(ours, 0.95) / first:.1f} x the time at {size.chunks[0]:,}; loaded in {took:.0f} s"
            yield Figure(KEY, f"search in {wanted:,} passages, p95", ms(percentile(ours, 0.95)), "ms",
                         Bar(40) if wanted == _BAR_AT else None, ms(percentile(bare, 0.95)), "one bare Chroma query",
                         world.database, f"p50 {ms(percentile(ours, 0.5)):.1f} ms; {growth}")


def _load(tenant_id: int, passages: Iterator[tuple[int, str, str]], from_number: int) -> None:
    """Documents, passages, postings and vectors, as services/knowledge.py makes them, only in lots."""
    with connection():
        bulk.prepare()
        last = (KnowledgeDoc.select(KnowledgeDoc.id).order_by(KnowledgeDoc.id.desc()).limit(1).scalar()) or 0
        while lot := list(islice(passages, _LOT)):
            _load_lot(tenant_id, lot, from_number, int(last) + 1 - lot[0][0])
            from_number, last = from_number + len(lot), last + len({document for document, _, _ in lot})
        bulk.analyse()


def _load_lot(tenant_id: int, lot: Sequence[tuple[int, str, str]], from_number: int, first_doc: int) -> None:
    moment, model = clock.now(), retrieval.embedder_now()
    titles = {document: title for document, title, _ in lot}
    known = Chunk.select(Chunk.id).order_by(Chunk.id.desc()).limit(1).scalar() or 0
    numbers = range(int(known) + 1, int(known) + 1 + len(lot))
    vectors = model.embed([f"{title}\n{text}" for _, title, text in lot])
    bulk.insert("knowledge_doc", ("id", "uuid", "created_at", "tenant_id", "title", "content", "category", "tags",
                                  "is_active", "state", "version", "due_at", "attempts", "error", "chunks_count",
                                  "usage_count", "updated_at"),
                ((first_doc + document, bulk.uuid(), moment, tenant_id, title, "", "general", "[]", True, "ready", 1,
                  moment, 0, "", 10, 0, moment) for document, title in titles.items()))
    bulk.insert("chunk", ("id", "uuid", "created_at", "tenant_id", "doc_id", "position", "heading", "text", "embedder",
                          "vector"),
                ((number, bulk.uuid(), moment, tenant_id, first_doc + document, number, "", text, model.id,
                  embed.to_bytes(vector))
                 for number, (document, _, text), vector in zip(numbers, lot, vectors, strict=True)))
    bulk.insert("chunk_term", ("tenant_id", "stem", "chunk_id", "weight"), sorted(
        (tenant_id, stem, number, weight) for number, (_, title, text) in zip(numbers, lot, strict=True)
        for stem, weight in stems.term_weights(f"{title} {text}").items()))
    release()
    retrieval.vectors().upsert(_collection(tenant_id), [str(number) for number in numbers], vectors)



def _collection(tenant_id: int) -> str:
    return store.collection_name(str(Tenant.get_by_id(tenant_id).uuid), retrieval.embedder_now().id)


def _searched(tenant_id: int, count: int) -> list[float]:
    """Seconds of each search for the demo's questions; nothing is remembered between two but what the hub remembers."""
    asked = words.questions()
    took = []
    with connection():
        tenant = Tenant.get_by_id(tenant_id)
        for number in range(-5, count):         # the first ones open connections
            release()
            began = time.perf_counter()
            retrieval.search(tenant, asked[number % len(asked)])
            took.append(time.perf_counter() - began)
    return took[5:]


def _bare(tenant_id: int, count: int) -> list[float]:
    """Seconds of each nearest-neighbour question over one kept HTTP connection."""
    link = http.client.HTTPConnection(urlsplit(current_settings().chroma_url).netloc, timeout=30)
    address = "/api/v2/tenants/default_tenant/databases/default_database/collections"
    with connection():
        where = f"{address}/{_chroma(link, 'GET', f'{address}/{_collection(tenant_id)}')['id']}/query"
    asked, took = words.questions(), []
    for number in range(count):
        vector = retrieval.embedder_now().embed([asked[number % len(asked)]])[0].tolist()
        body = orjson.dumps({"query_embeddings": [vector], "n_results": _CANDIDATES, "include": ["distances"]})
        began = time.perf_counter()
        _chroma(link, "POST", where, body)
        took.append(time.perf_counter() - began)
    link.close()
    return took


def _chroma(link: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None) -> Any:
    link.request(method, path, body, {"Content-Type": "application/json"})
    response = link.getresponse()
    said = response.read()
    if response.status != 200:
        raise RuntimeError(f"Chroma answered {response.status}: {said[:200]!r}")
    return orjson.loads(said)
