"""Postings: which passages hold the words, each word as it is written."""

from hub.ai import stems
from hub.models.knowledge.chunk import Chunk, ChunkTerm
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.accounts.tenant import Tenant
from tests.factories import People


def passage(tenant: Tenant, text: str) -> Chunk:
    doc = KnowledgeDoc.create(tenant=tenant, title=text)
    chunk = Chunk.create(tenant=tenant, doc=doc, position=0, text=text, embedder="none", vector=b"")
    for stem, weight in stems.term_weights(text).items():
        ChunkTerm.create(tenant=tenant, stem=stem, chunk=chunk, weight=weight)
    return chunk


def test_a_number_is_a_word_like_any_other(people: People) -> None:
    passage(people.tenant, "size 42 boots")
    wanted = passage(people.tenant, "size 15 boots, or 1e5, nan and inf")
    for word in ("15", "1e5", "nan", "inf"):
        assert [key for key, _ in ChunkTerm.best(people.tenant, {word: 2.0}, 10)] == [wanted.id], word


def test_the_score_is_the_sum_of_idf_times_weight_and_the_best_come_first(people: People) -> None:
    both, one = passage(people.tenant, "tent poles"), passage(people.tenant, "tent")
    weights = {(row.chunk_id, row.stem): row.weight for row in ChunkTerm.select()}
    found = dict(ChunkTerm.best(people.tenant, {"tent": 1.0, "pole": 3.0}, 10))
    assert list(found) == [both.id, one.id]
    assert abs(found[both.id] - weights[both.id, "tent"] - 3 * weights[both.id, "pole"]) < 1e-4
    assert len(ChunkTerm.best(people.tenant, {"tent": 1.0}, 1)) == 1


def test_another_business_is_never_found(people: People) -> None:
    passage(people.other, "tent poles")
    assert ChunkTerm.best(people.tenant, {"tent": 1.0}, 10) == []
    assert ChunkTerm.counts(people.tenant, ["tent"]) == {}
