"""What is found: the business's own passages only, and by which of the words that were asked."""

import pytest

from hub.ai import store
from hub.models.accounts.tenant import Tenant
from hub.models.knowledge.chunk import Chunk
from hub.services.knowledge import knowledge, retrieval
from tests import factories
from tests.factories import People
from tests.services.knowledge.test_knowledge import written

_KAZAN = "Delivery to Kazan costs 300 rubles and takes two days."


def test_a_passage_of_another_business_is_not_found_even_if_it_is_in_our_index(people: People) -> None:
    """SQLite hands out the ids of removed passages again: what an index still holds may name a stranger's."""
    ours, theirs = (written(people.tenant, "Ours", "Pickup in Tomsk is free of charge."),
                    written(people.other, "Theirs"))
    knowledge.index(ours.id)
    knowledge.index(theirs.id)
    place = store.collection_name(str(people.tenant.uuid), retrieval.embedder_now().id)
    foreign = str(Chunk.get(Chunk.doc == theirs).id)
    retrieval.vectors().upsert(place, [foreign], retrieval.embedder_now().embed([_KAZAN]))
    factories.forget()
    assert [found.doc for found in retrieval.search(people.tenant, _KAZAN)] == [ours]
    assert [found.doc for found in retrieval.search(people.other, _KAZAN)] == [theirs]


def by_words(tenant: Tenant, question: str) -> set[str]:
    factories.forget()
    return {str(found.doc.title) for found in retrieval.search(tenant, question) if found.lexical}


def test_a_word_of_most_articles_counts_until_the_index_is_large(tenant: Tenant,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    towns = ("Kazan", "Tomsk", "Perm", "Omsk", "Tver")       # as many as a search brings
    others = ("Returns", "Payment", "Hours")
    for title in (*towns, *others):
        knowledge.index(written(tenant, title, f"Delivery to {title}." if title in towns else "Ask us.").id)
    assert by_words(tenant, "delivery to Kazan") == by_words(tenant, "delivery") == set(towns)
    monkeypatch.setattr(retrieval, "_COMMON_FROM", len(towns + others) - 1)
    assert by_words(tenant, "delivery to Kazan") == {"Kazan"}
    assert by_words(tenant, "delivery") != set(), "there is no rarer word"
    monkeypatch.setattr(retrieval, "_COMMON_FROM", len(towns + others))
    assert by_words(tenant, "delivery to Kazan") == set(towns)
