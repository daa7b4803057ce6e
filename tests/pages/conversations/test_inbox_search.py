"""The inbox finds a conversation by what was said in it, in whichever line, and by who said it."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from hub.lib import text
from hub.models import base
from hub.models.channels.channel import Channel
from hub.models.conversations import line_search
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.services.conversations import outbox
from hub.services.platform import catch_up
from tests import factories
from tests.client import Client
from tests.factories import People


@pytest.fixture(params=["just written", "indexed", "common words"])
def settle(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[], object]:
    """Lines are found at once, and as well when the sweeper has been there; the same if every word is a common one."""
    if request.param == "common words":
        monkeypatch.setattr(line_search, "_COMMON", 1)
    return (lambda: None) if request.param == "just written" else catch_up.index_lines


def found(client: Client, typed: str) -> set[str]:
    page = client.call("GET", "/inbox/rows", query_string={"filter": "all", "q": typed}, expect=200).text
    return set(re.findall(r"/inbox/([0-9a-f-]{36})", page))


def speak(site: Channel, *lines: str, who: str = "v-1", **values: str) -> str:
    for line in lines:
        last = factories.make_line(site, line, who, **values)
    return str(last.conversation.uuid)


@pytest.mark.parametrize("typed", [
    "Ссылки", "ССЫЛКИ", "ссыл", "елка", "Ёлка зелёная", "зеленая ссылки", "№5", "example.com",
    "сло\u00adво", "екатерина ссылки"])
def test_any_line_is_found_in_any_case_and_form(alice: Client, site: Channel, settle: Callable[[], object],
                                                typed: str) -> None:
    uuid = speak(site, "Ссылки: https://example.com/a, No5", "е\u0308лка зелёная", "слово", *"123456", name="Екатерина")
    speak(site, "Other", who="v-2")
    settle()
    assert found(alice, typed) == {uuid}


@pytest.mark.parametrize("typed", [
    "сылки", "nothing", "ссылки nothing", "%", "_", '"', "' OR 1=1", "*", ":", "ссылки*x", "\\"])
def test_what_nobody_said_is_not_found(alice: Client, site: Channel, settle: Callable[[], object], typed: str) -> None:
    speak(site, "Ссылки: тут")
    settle()
    assert found(alice, typed) == set()


def test_an_answer_of_ours_is_found_and_what_the_hub_itself_says_is_not(alice: Client, site: Channel, people: People,
                                                                        settle: Callable[[], object]) -> None:
    uuid = speak(site, "Hello")
    conversation = Conversation.with_people(people.tenant).get()
    outbox.reply(factories.caller(people.bob), conversation, "Доставим завтра", "c-1")
    settle()
    assert found(alice, "ЗАВТРА") == {uuid}
    assert Message.select().where(Message.role == "system").count() == 1 and found(alice, "answering") == set()


def test_a_stranger_finds_nothing_of_it(dave: Client, site: Channel, people: People,
                                        settle: Callable[[], object]) -> None:
    speak(site, "Ссылки: тут", name="Екатерина")
    speak(factories.make_site(people.other), "Other")
    settle()
    assert found(dave, "ссылки") == found(dave, "екатерина") == set()


def test_who_is_erased_is_erased_from_the_full_text(alice: Client, site: Channel, people: People,
                                                    settle: Callable[[], object]) -> None:
    speak(site, "Ссылки: тут")
    kept = speak(site, "Ссылки и тут", who="v-2")
    settle()
    first = Conversation.select().order_by(Conversation.id).get()
    alice.delete(f"/api/customers/{first.customer.uuid}/data", expect=200)
    assert found(alice, "ссылки") == {kept}
    speak(site, "Something else", who="v-3")            # SQLite gives numbers of erased rows to new ones
    assert found(alice, "ссылки") == {kept}
    catch_up.index_lines()
    (count,) = base.db.execute_sql("SELECT COUNT(*) FROM message_words").fetchone()
    assert count == Message.select().count()


def test_a_line_of_very_many_words_is_indexed(alice: Client, site: Channel) -> None:
    uuid = speak(site, " ".join(text.shorten(f"слово{number}" + "ы" * 80, 90) for number in range(100)))
    assert catch_up.index_lines() == 1 and catch_up.index_lines() == 0
    assert found(alice, "слово42ы") == {uuid}


@pytest.mark.parametrize("only", [None, ["text"], [Message.text]])
def test_a_changed_line_is_found_by_its_new_words(alice: Client, site: Channel, only: Any) -> None:
    uuid = speak(site, "Первое")
    catch_up.index_lines()
    line = Message.get()
    line.text = "Второе"
    line.save(only=only)
    assert found(alice, "второе") == {uuid}
    catch_up.index_lines()
    assert (found(alice, "второе"), found(alice, "первое")) == ({uuid}, set())


def test_lines_of_a_business_with_many_do_not_hold_up_anybody_elses(people: People, site: Channel) -> None:
    elsewhere = factories.make_site(people.other)
    few = factories.make_line(elsewhere, "Where is my vase?")
    many = [factories.make_line(site, f"line {number}", who="v-1") for number in range(9)]
    assert line_search.index(4) == 3
    waiting = {message.id for message in Message.select().where(Message.is_indexed == 0)}
    assert few.id not in waiting and waiting == {line.id for line in many[:7]}, "of each its newest ones"
    assert catch_up.index_lines() == 7
