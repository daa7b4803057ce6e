"""A visitor of the site: asks, is answered by the AI, then by a person, and misses nothing."""

from typing import Any

from hub.models.conversations.conversation import Conversation
from hub.models.conversations.turn import Turn
from tests.client import Client, Visitor
from tests.fakes import FakeServer
from tests.flow.conftest import Work
from tests.services import steps

_FACT = "Delivery to Kazan costs 300 rubles and takes two days."


def roles(visitor: Visitor) -> list[str]:
    return [line["role"] for line in visitor.lines()]


def test_a_question_is_answered_from_the_knowledge(visitor: Visitor, work: Work) -> None:
    result = visitor.say("How much is delivery to Kazan?")
    assert result["message"]["status"] == "received" and result["conversation"]["floor"] == "ai"
    work()
    question, answer = visitor.lines()
    assert (question["role"], answer["role"], answer["name"]) == ("customer", "assistant", "Aino")
    assert answer["text"] == _FACT
    assert [source["title"] for source in answer["sources"]] == ["Delivery"]


def test_a_russian_question_is_answered_in_russian(visitor: Visitor, work: Work) -> None:
    visitor.say("Сколько стоит доставка в Казань?")
    work()
    assert visitor.lines()[-1]["text"] == "Доставка в Казань стоит 300 рублей и занимает два дня."


def test_from_the_ai_to_a_person_and_back(visitor: Visitor, bob: Client, work: Work) -> None:
    visitor.say("How much is delivery to Kazan?")
    work()
    visitor.say("I would like to talk to a human")
    work()
    assert roles(visitor) == ["customer", "assistant", "customer", "system"]
    (conversation,) = bob.get("/api/conversations", query_string={"status": "waiting_operator"})
    assert conversation["unread"] > 0
    path = f"/api/conversations/{conversation['id']}"
    bob.post(f"{path}/messages", {"content": "Bob here, how can I help?", "clientId": "b-1"}, expect=201)
    visitor.say("Is the price really 300?")
    work()
    assert roles(visitor)[4:] == ["system", "operator", "customer"], "the AI keeps out of it"
    bob.post(f"{path}/messages", {"content": "Yes.", "clientId": "b-2"}, expect=201)
    bob.patch(f"{path}/resume")
    visitor.say("How much is delivery to Kazan?")
    work()
    assert roles(visitor)[7:] == ["operator", "system", "customer", "assistant"]


def test_a_suggestion_is_sent_by_a_person(visitor: Visitor, bob: Client, work: Work) -> None:
    visitor.say("How much is delivery to Kazan?")
    Conversation.update(mode="semi-auto").execute()
    work()
    assert roles(visitor) == ["customer"]
    (conversation,) = bob.get("/api/conversations")
    suggestion = Turn.suggestion(Conversation.get())
    assert suggestion is not None and suggestion.text == _FACT
    bob.post(f"/api/conversations/{conversation['id']}/messages", {"content": suggestion.text, "clientId": "b-1"},
             expect=201)
    assert visitor.lines()[-1]["text"] == _FACT and Turn.suggestion(Conversation.get()) is None


def test_a_page_that_was_away_gets_exactly_what_it_missed(visitor: Visitor, work: Work) -> None:
    change = visitor.say("How much is delivery to Kazan?")["message"]["change"]
    work()
    missed = visitor.get("/widget/messages", query_string={"since": change})
    assert [line["role"] for line in missed["messages"]] == ["assistant"] and not missed["hasMore"]
    again = visitor.get("/widget/messages", query_string={"since": missed["change"]})
    assert again["messages"] == [] and again["change"] == missed["change"]


def test_the_same_line_sent_again_is_answered_once(visitor: Visitor, work: Work, fake: FakeServer) -> None:
    first = visitor.say("How much is delivery to Kazan?", "same-line-0001")
    work()
    again = visitor.say("How much is delivery to Kazan?", "same-line-0001")
    work()
    assert again["message"]["id"] == first["message"]["id"] and roles(visitor) == ["customer", "assistant"]
    assert again["conversation"]["change"] == visitor.get("/widget/messages")["change"]
    assert len(fake.calls("openai")) == 1


def test_many_pages_send_the_same_line_at_once(app: Any, visitor: Visitor, work: Work) -> None:
    def send() -> Any:
        page = Client(app, headers=visitor.headers)
        return page.post("/widget/messages", {"clientId": "same-line-0001", "text": "Hello"}, expect=201)

    result = steps.good(steps.at_once(*[send] * 8))
    work()
    assert len({one["message"]["id"] for one in result}) == 1 and roles(visitor) == ["customer", "assistant"]


def test_asking_for_a_person_before_the_first_line_opens_a_conversation(visitor: Visitor, bob: Client) -> None:
    with steps.listening() as heard:
        result = visitor.post("/widget/handoff", {})
    assert result["conversation"]["handoff"] == "requested" and roles(visitor) == ["system"]
    assert heard[0].get("identity"), "pages that were open before it existed are told that it is theirs"
    assert len(bob.get("/api/conversations", query_string={"status": "waiting_operator"})) == 1


def test_reading_takes_the_badge_away_and_tells_the_operator(visitor: Visitor, bob: Client, work: Work) -> None:
    visitor.say("How much is delivery to Kazan?")
    work()
    assert visitor.get("/widget/messages")["conversation"]["unread"] == 1
    visitor.post("/widget/read", {"upTo": visitor.lines()[-1]["id"]})
    assert visitor.get("/widget/messages")["conversation"]["unread"] == 0
    (conversation,) = bob.get("/api/conversations")
    lines = bob.get(f"/api/conversations/{conversation['id']}/messages")
    assert lines[-1]["status"] == "read"


def test_erasing_the_customer_leaves_nothing_and_a_new_line_begins_anew(visitor: Visitor, alice: Client,
                                                                        work: Work) -> None:
    visitor.say("How much is delivery to Kazan?")
    (conversation,) = alice.get("/api/conversations")
    alice.delete(f"/api/customers/{conversation['customer']['id']}/data", expect=200)
    work()
    assert visitor.lines() == []
    visitor.say("Hello again")
    work()
    assert roles(visitor) == ["customer", "assistant"]


def test_a_stranger_sees_nothing_of_it(app: Any, site: Any, visitor: Visitor, dave: Client, work: Work) -> None:
    visitor.say("How much is delivery to Kazan?")
    work()
    assert Visitor(app, str(site.token)).lines() == [] and dave.get("/api/conversations") == []
