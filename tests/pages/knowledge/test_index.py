"""The index of the articles: what can be found, what could not be read, and a check that is asked for and watched."""

from typing import Any

from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.platform.task import Task
from hub.services.platform import tasks
from tests import factories
from tests.client import Client
from tests.factories import People
from tests.pages.forms import submit

PATH = "/settings/knowledge-index"


def text(client: Client, path: str = PATH) -> Any:
    return client.call("GET", path, expect=200).text


def test_an_empty_business_is_told_what_to_do(bob: Client) -> None:
    assert "No articles yet" in text(bob)


def test_it_counts_what_can_be_found_and_names_what_could_not_be_read(bob: Client, people: People) -> None:
    factories.make_doc(people.tenant, "Hours", "From nine.")
    bad = factories.make_doc(people.tenant, "Old scan", "x")
    KnowledgeDoc.update(state="failed", error="The file is too large.").where(KnowledgeDoc.id == bad.id).execute()
    shown = text(bob)
    assert "Old scan" in shown and "The file is too large." in shown and "1 article could not be read." in shown


def test_a_check_is_begun_watched_and_stopped(bob: Client, people: People) -> None:
    factories.make_doc(people.tenant, "Hours", "From nine.")
    submit(bob, PATH, expect=303)
    task = Task.get()
    assert f'sse-connect="/api/tasks/{task.uuid}/events"' in text(bob) and "Waits for its turn" in text(bob)
    with tasks.taken(task.id) as mine:
        assert mine is not None
        tasks.step(mine, 40, "2 / 5")
        part = text(bob, f"{PATH}/tasks/{task.uuid}")
        assert "2 / 5" in part and 'value="40"' in part and "Running" in part
    ended = text(bob, f"{PATH}/tasks/{task.uuid}")
    assert "Done" in ended and "sse-connect" not in ended and "Check now" in ended


def test_it_is_for_those_who_may_edit_knowledge_and_for_nobody_elses_articles(
        carol: Client, dave: Client, people: People) -> None:
    carol.call("GET", PATH, expect=403)
    factories.make_doc(people.tenant, "Hours", "From nine.")
    assert "No articles yet" in text(dave)
