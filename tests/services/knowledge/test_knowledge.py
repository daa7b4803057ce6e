"""Knowledge: what people write is found, what they take away is not, whatever happens to the job in between."""

import io
import unicodedata
from typing import Any

import pytest
import time_machine

from hub import queue
from hub.ai import embed, store
from hub.ai.store import VectorStore
from hub.lib import clock
from hub.models.knowledge.chunk import Chunk, ChunkTerm
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.accounts.tenant import Tenant
from hub.queue import Job
from hub.services import work
from hub.services.knowledge import knowledge, reindex, retrieval
from tests import factories
from tests.factories import People
from tests.services import steps
from tests.services.steps import by
from tests.there import there

_KAZAN = "Delivery to Kazan costs 300 rubles and takes two days."


def titles(tenant: Tenant, question: str) -> list[str]:
    factories.forget()
    return [str(found.doc.title) for found in retrieval.search(tenant, question) if found.evidence > 0.2]


def vectors(tenant: Tenant) -> int:
    """How many passages are in the index."""
    return retrieval.vectors().count(store.collection_name(str(tenant.uuid), retrieval.embedder_now().id))


def written(tenant: Tenant, title: str = "Delivery", content: str = _KAZAN) -> KnowledgeDoc:
    return knowledge.create(by(tenant), title=title, content=content)


def test_an_article_is_found_when_its_job_has_run(tenant: Tenant) -> None:
    doc = written(tenant)
    assert (doc.state, queue.waiting(Job.INDEX), titles(tenant, "delivery to Kazan")) == ("pending", 1, [])
    knowledge.index(doc.id)
    assert (steps.fresh(doc).state, steps.fresh(doc).chunks_count) == ("ready", 1)
    assert titles(tenant, "How much is delivery to Kazan?") == ["Delivery"]


def test_a_changed_article_is_found_by_its_new_words_only(tenant: Tenant) -> None:
    doc = written(tenant)
    knowledge.index(doc.id)
    queue.redis().flushall()
    knowledge.change(by(doc.tenant), steps.fresh(doc), content="Pickup in Tomsk is free of charge.")
    assert queue.waiting(Job.INDEX) == 1
    knowledge.index(doc.id)
    assert titles(tenant, "Is pickup in Tomsk free?") == ["Delivery"]
    assert titles(tenant, "Kazan rubles") == []


def test_what_changes_nothing_of_the_text_is_not_indexed_again(tenant: Tenant) -> None:
    doc = written(tenant)
    knowledge.index(doc.id)
    queue.redis().flushall()
    changed = knowledge.change(by(doc.tenant), steps.fresh(doc), url="https://shop.example/delivery")
    assert (changed.state, queue.waiting(Job.INDEX)) == ("ready", 0)


def test_a_text_that_moved_on_while_it_was_indexed_wins(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    doc = written(tenant)
    embedder = retrieval.embedder_now()

    class Slow:
        id = embedder.id

        def embed(self, texts: list[str]) -> Any:
            knowledge.change(by(doc.tenant), steps.fresh(doc), content="Pickup in Tomsk is free of charge.")
            return embedder.embed(texts)

    monkeypatch.setattr(retrieval, "_embedder", Slow())
    knowledge.index(doc.id)
    assert steps.fresh(doc).state == "pending" and Chunk.select().count() == 0
    monkeypatch.setattr(retrieval, "_embedder", embedder)
    knowledge.index(doc.id)
    assert titles(tenant, "Is pickup in Tomsk free?") == ["Delivery"] and steps.fresh(doc).state == "ready"


def test_two_jobs_at_once_end_the_same_as_one(tenant: Tenant) -> None:
    for number in range(4):
        doc = written(tenant, f"Article {number}")
        steps.good(steps.at_once(*[lambda number=doc.id: knowledge.index(number)] * 4))
        assert Chunk.select().where(Chunk.doc == doc).count() == 1 and steps.fresh(doc).state == "ready"


def test_a_removed_article_is_never_found_again(tenant: Tenant) -> None:
    doc = written(tenant)
    knowledge.index(doc.id)
    knowledge.remove(by(doc.tenant), steps.fresh(doc))
    assert titles(tenant, "delivery to Kazan") == [] and ChunkTerm.select().count() == Chunk.select().count() == 0
    assert vectors(tenant) == 0
    knowledge.index(doc.id)         # its hint may still come


def test_a_switched_off_article_is_not_found(tenant: Tenant) -> None:
    doc = written(tenant)
    knowledge.index(doc.id)
    knowledge.change(by(doc.tenant), steps.fresh(doc), is_active=False)
    assert titles(tenant, "delivery to Kazan") == [], "at once, not when the job has run"
    knowledge.index(doc.id)
    assert Chunk.select().count() == vectors(tenant) == 0
    knowledge.change(by(doc.tenant), steps.fresh(doc), is_active=True)
    knowledge.index(doc.id)
    assert titles(tenant, "delivery to Kazan") == ["Delivery"]


def test_nobody_finds_what_another_business_knows(people: People) -> None:
    for tenant, word in ((people.tenant, "bakerycanary"), (people.other, "floristcanary")):
        knowledge.index(written(tenant, word, f"{_KAZAN} The word is {word}.").id)
    assert titles(people.tenant, "delivery to Kazan floristcanary") == ["bakerycanary"]
    assert titles(people.other, "delivery to Kazan bakerycanary") == ["floristcanary"]


def test_without_chroma_the_job_comes_back_later_and_words_are_found(tenant: Tenant,
                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    doc = written(tenant)
    monkeypatch.setattr(retrieval, "_store", VectorStore("http://127.0.0.1:9"))
    knowledge.index(doc.id)
    now = steps.fresh(doc)
    assert (now.state, now.attempts) == ("pending", 1) and now.error and now.due_at > clock.ahead(3)
    factories.forget()
    assert [str(found.doc.title) for found in retrieval.search(tenant, "delivery to Kazan")] == ["Delivery"]
    monkeypatch.undo()
    with time_machine.travel(clock.ahead(6), tick=True):
        knowledge.index(doc.id)
    assert steps.fresh(doc).state == "ready"


def closeness(tenant: Tenant) -> list[float]:
    return [found.vector for found in retrieval.search(tenant, "delivery to Kazan")]


def test_an_index_that_was_lost_is_noticed_and_put_back_once(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reindex, "_BATCH", 2)
    for number in range(5):
        knowledge.index(written(tenant, f"Delivery {number}").id)
    queue.redis().flushall()
    factories.forget()
    before = closeness(tenant)
    assert min(before) > 0.1 and queue.waiting(Job.RESTORE) == 0
    retrieval.vectors().drop(store.collection_name(str(tenant.uuid), retrieval.embedder_now().id))
    factories.forget()
    assert closeness(tenant) == closeness(tenant) == [0.0] * 5, "found by words alone"
    assert queue.waiting(Job.RESTORE) == 1
    reindex.restore(reindex.begin(tenant).id)
    assert closeness(tenant) == before


def test_an_index_that_lost_a_part_is_noticed_as_well(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieval, "_CANDIDATES", 2)        # it still has more than a question asks for
    for number in range(5):
        knowledge.index(written(tenant, f"Delivery {number}").id)
    queue.redis().flushall()
    place = store.collection_name(str(tenant.uuid), retrieval.embedder_now().id)
    retrieval.vectors().delete(place, [str(there(Chunk.select().order_by(Chunk.id).first()).id)])
    factories.forget()
    retrieval.search(tenant, "delivery to Kazan")
    assert queue.waiting(Job.RESTORE) == 1
    reindex.restore(reindex.begin(tenant).id)
    assert retrieval.vectors().count(place) == 5


def test_what_another_model_embedded_is_embedded_anew(tenant: Tenant) -> None:
    doc = written(tenant)
    knowledge.index(doc.id)
    retrieval.vectors().drop(store.collection_name(str(tenant.uuid), retrieval.embedder_now().id))
    Chunk.update(embedder="another").execute()
    reindex.restore(reindex.begin(tenant).id)
    assert steps.fresh(doc).state == "pending"
    with time_machine.travel(clock.ahead(2), tick=True):
        knowledge.index(doc.id)
    assert closeness(tenant)[0] > 0.1 and Chunk.get().embedder == retrieval.embedder_now().id


def test_a_file_without_text_has_failed_and_says_why(tenant: Tenant) -> None:
    doc = knowledge.upload(by(tenant), "price.pdf", io.BytesIO(b"%PDF-1.4 nonsense"))
    knowledge.index(doc.id)
    assert steps.fresh(doc).state == "failed" and steps.fresh(doc).error


def test_an_uploaded_text_is_found(tenant: Tenant) -> None:
    doc = knowledge.upload(by(tenant), "delivery.md", io.BytesIO(f"# Delivery\n\n{_KAZAN}".encode()))
    assert queue.waiting(Job.INDEX) == 1
    knowledge.index(doc.id)
    assert steps.fresh(doc).title == "delivery" and titles(tenant, "delivery to Kazan") == ["delivery"]


@pytest.mark.parametrize(("written_as", "question"), [
    (unicodedata.normalize("NFD", "Заварочный чайник «Майский» вмещает девять чашек."),
     "Сколько чашек в чайнике Майский?"),
    ("Про бурмо\u00adлётик: он летает до Луны и обратно.", "бурмолетик"),
    ("Про штур\u200bмаланку: её варят на рассвете.", "штурмаланка"), ("The ﬁnest oﬃce chairs are here.", "office"),
    ("Der Roller trägt die Wirtschafts\u00adgrumpel\u00ad\nbescheinigung.", "Wirtschaftsgrumpelbescheinigung")])
@pytest.mark.parametrize("how", ["file", "article"])
def test_a_word_is_one_word_however_it_was_printed(tenant: Tenant, written_as: str, question: str, how: str) -> None:
    if how == "file":
        doc = knowledge.upload(by(tenant), "a.md", io.BytesIO(written_as.encode()))
    else:
        doc = knowledge.create(by(tenant), title="A", content=written_as.replace("\u00ad\n", "\u00ad"))
    knowledge.index(doc.id)
    best, = retrieval.search(tenant, question)
    assert best.lexical > 0 and best.evidence > 0.4
    quote = str(best.source()["quote"])
    assert unicodedata.is_normalized("NFC", quote) and not {"\u00ad", "\u200b", "ﬁ", "ﬃ"} & set(quote)


def test_customers_are_told_prices_in_the_signs_they_were_written_in(tenant: Tenant) -> None:
    doc = knowledge.upload(by(tenant), "uk.txt", io.BytesIO("Delivery inside the UK costs £4.99".encode("cp1252")))
    knowledge.index(doc.id)
    assert retrieval.search(tenant, "delivery UK")[0].source()["quote"] == "Delivery inside the UK costs £4.99"


def test_two_megabytes_of_one_letter_have_failed_and_say_why(tenant: Tenant) -> None:
    doc = knowledge.upload(by(tenant), "a.txt", io.BytesIO(b"a" * 1_995_000))
    knowledge.index(doc.id)
    now = steps.fresh(doc)
    assert (now.state, now.attempts) == ("failed", 1) and "more than 5,000 letters" in now.error


def test_a_book_keeps_no_other_writer_waiting(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its passages are swapped a few at a time; what is left of a longer version goes with the last of them."""
    monkeypatch.setattr(knowledge, "_AT_ONCE", 3)
    doc = written(tenant, content="\n\n".join(f"Town {number} waits a day. {'word ' * 60}" for number in range(30)))
    knowledge.index(doc.id)
    sizes: list[int] = []
    swap = knowledge._swap

    def counted(*args: Any) -> Any:
        sizes.append(len(args[-1]))
        return swap(*args)

    monkeypatch.setattr(knowledge, "_swap", counted)
    knowledge.change(by(doc.tenant), steps.fresh(doc),
                     content="\n\n".join(f"Pickup {number}. {'term ' * 60}" for number in range(14)))
    knowledge.index(doc.id)
    positions = [row.position for row in Chunk.select().order_by(Chunk.position)]
    assert positions == list(range(len(positions))) and len(positions) > 6 and max(sizes) == 3
    assert all("Pickup" in row.text or "term" in row.text for row in Chunk.select())
    assert vectors(tenant) == len(positions)


def test_a_document_that_kills_its_worker_is_given_up(tenant: Tenant) -> None:
    doc = written(tenant)
    KnowledgeDoc.update(state="indexing", attempts=6).execute()
    knowledge.index(doc.id)
    assert (steps.fresh(doc).state, Chunk.select().count()) == ("failed", 0)


def test_a_claim_ends_soon_after_its_worker_and_not_before(tenant: Tenant) -> None:
    doc = written(tenant)
    assert work.claim(knowledge.DOCS, doc.id) is not None and work.claim(knowledge.DOCS, doc.id) is None
    with time_machine.travel(clock.ahead(12), tick=True), work.held(knowledge.DOCS, doc.id):
        work.renew()
    with time_machine.travel(clock.ahead(20), tick=True):
        assert work.claim(knowledge.DOCS, doc.id) is None, "a slow job whose worker lives is not begun twice"
    with time_machine.travel(clock.ahead(30), tick=True):
        knowledge.index(doc.id)
    assert steps.fresh(doc).state == "ready"


def test_without_a_key_the_vectors_are_our_own(tenant: Tenant) -> None:
    assert isinstance(retrieval.embedder_now(), embed.HashEmbedder)
