"""What the business knows: articles, uploaded files, and what would be found for a question."""

import io
from pathlib import Path
from typing import Any

import pytest

from hub import queue
from hub.models.platform.file import File
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.services.knowledge import knowledge
from tests import factories
from tests.api.noun import Noun, Wrong
from tests.api.walks import walks
from tests.client import Client
from tests.factories import People

DOCS = "/api/knowledge-docs"
WRONG: dict[str, list[Any]] = {
    "title": ["", " \u202e", "x" * 501, None], "content": ["", " \n ", "x" * 50_001], "category": ["cakes"],
    "tags": [["x"] * 51, [["nested"]], [""], ["x" * 65]], "is_active": ["perhaps"],
    "url": ["javascript:alert(1)", "ftp://x", "https://", "https://x.example/a b",
            "https://" + "x" * 1000]}
NOUN = Noun(DOCS, make=factories.make_doc, new={"title": "Часы работы", "content": "Мы открыты с девяти до шести."},
            change={"category": "faq", "url": "https://bakery.example/hours"}, wrong=WRONG,
            filters={"search": "часы", "category": "general"}, reads="operator")
globals().update(walks(NOUN))


ASKED = Wrong("GET /api/knowledge/search", {"q": ["", "x" * 2001], "limit": [0, 21]})


def upload(client: Client, name: str, data: bytes, mime: str = "text/plain", field: str = "file", **more: Any) -> Any:
    return client.call("POST", f"{DOCS}/upload", data={field: (io.BytesIO(data), name, mime)},
                       content_type="multipart/form-data", **more)


def index(shown: dict[str, Any]) -> None:
    """What the job does with the article that the API showed."""
    knowledge.index(KnowledgeDoc.get(KnowledgeDoc.uuid == shown["id"]).id)


def test_an_article_waits_for_the_index(bob: Client) -> None:
    result = bob.post(DOCS, NOUN.new, expect=201)
    assert (result["state"], result["language"], result["isActive"], result["chunksCount"]) == ("pending", "ru",
                                                                                                True, 0)
    assert len(queue.queues()["knowledge-base-indexing"]) == 1
    index(result)
    assert bob.get(f"{DOCS}/{result['id']}")["state"] == "ready"


def test_new_text_goes_to_the_index_again_and_a_new_category_does_not(bob: Client, people: People) -> None:
    doc = factories.make_doc(people.tenant, "Hours", "From nine to six.")
    changed = bob.patch(f"{DOCS}/{doc.uuid}", {"category": "faq"})
    assert (changed["state"], changed["category"]) == ("ready", "faq")
    assert bob.patch(f"{DOCS}/{doc.uuid}", {"content": "From ten to six."})["state"] == "pending"
    knowledge.index(doc.id)
    found = bob.get("/api/knowledge/search?q=hours")["results"]
    assert [item["quote"] for item in found] == ["From ten to six."]


def test_what_is_switched_off_is_not_found(bob: Client, people: People) -> None:
    doc = factories.make_doc(people.tenant, "Hours", "From nine to six.")
    assert bob.patch(f"{DOCS}/{doc.uuid}", {"isActive": False})["isActive"] is False
    assert bob.get("/api/knowledge/search?q=hours")["results"] == []


def test_what_is_removed_is_never_found(bob: Client, people: People) -> None:
    bob.delete(f"{DOCS}/{factories.make_doc(people.tenant).uuid}")
    assert bob.get("/api/knowledge/search?q=hours")["results"] == []


def test_a_search_shows_what_was_found_and_how_well(bob: Client, dave: Client, people: People) -> None:
    doc = factories.make_doc(people.tenant, "Opening hours", "We are open from nine to six.",
                             url="https://bakery.example/hours")
    factories.make_doc(people.other, "Opening hours", "The florist opens at seven.")
    found = bob.get("/api/knowledge/search", query_string={"q": "When are you open?", "limit": 3})
    assert found["query"] == "When are you open?"
    best, = found["results"]
    assert set(best) == {"doc", "title", "heading", "quote", "url", "score", "lexical", "vector", "evidence"}
    assert (best["doc"], best["quote"]) == (str(doc.uuid), "We are open from nine to six.")
    assert 0 < best["evidence"] <= 1
    assert dave.get("/api/knowledge/search?q=open")["results"][0]["quote"] == "The florist opens at seven."


@pytest.mark.parametrize("question", ["%00", "'\"\\", "\U0001f382", "a" * 2000, "и не что", "()*&^%$#@!", "\u202e"])
def test_a_strange_question_finds_nothing_and_breaks_nothing(bob: Client, people: People, question: str) -> None:
    factories.make_doc(people.tenant, "Hours", "From nine to six.")
    bob.get("/api/knowledge/search", query_string={"q": question})


@pytest.mark.parametrize("name", ["Hours.md", "hours.TXT", "hours.markdown"])
def test_a_file_is_kept_and_read_by_a_job(bob: Client, name: str) -> None:
    result = upload(bob, name, b"# Hours\n\nFrom nine to six.", expect=201).get_json()
    assert (result["title"].lower(), result["state"]) == ("hours", "pending")
    index(result)
    found = bob.get(f"{DOCS}/{result['id']}")
    assert (found["state"], found["language"]) == ("ready", "en")
    assert "From nine to six." in found["content"]


def test_a_file_that_cannot_be_read_says_so(bob: Client) -> None:
    result = upload(bob, "broken.pdf", b"%PDF-1.4 nothing", "application/pdf", expect=201).get_json()
    index(result)
    found = bob.get(f"{DOCS}/{result['id']}")
    assert found["state"] == "failed"
    assert found["error"] and "Traceback" not in found["error"]


def test_a_file_is_removed_together_with_its_document(bob: Client, settings: Any) -> None:
    result = upload(bob, "hours.md", b"# Hours that nobody else has", expect=201).get_json()
    (path,) = Path(settings.data_dir).glob(f"files/*/*/{File.get().sha256}")
    bob.delete(f"{DOCS}/{result['id']}")
    assert File.select().count() == 0 and not path.exists()
