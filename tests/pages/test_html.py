"""Every page as a browser gets it: valid HTML, one heading, named fields, forms with a token, two languages."""

import re
from typing import Any
from xml.etree.ElementTree import Element

import html5lib  # type: ignore[import-untyped]
import pytest
from flask import render_template

from hub.models.conversations.conversation import Conversation
from hub.models.conversations.turn import Turn
from hub.services.accounts.onboarding import STEPS
from hub.services.conversations import floor, outbox
from tests import factories
from tests.client import Client
from tests.factories import People, make_agent, make_conversation, make_site

HTML = "{http://www.w3.org/1999/xhtml}"


def parse(text: str) -> Element:
    """The document; html5lib's strict mode raises on the first error a validator would name."""
    tree: Element = html5lib.HTMLParser(strict=True, tree=html5lib.getTreeBuilder("etree")).parse(text)
    return tree


def every(tree: Element, tag: str) -> list[Element]:
    return list(tree.iter(HTML + tag))


def words(tree: Element) -> str:
    return re.sub(r"\s+", " ", " ".join(tree.itertext())).strip()


def look(who: Client, path: str, locale: str = "en", expect: int = 200) -> Element:
    who.http.set_cookie("locale", locale)
    return parse(who.call("GET", path, expect=expect).text)


@pytest.fixture
def conversation(people: People) -> Conversation:
    make_agent(people.tenant)
    asked = "Can I <b>return</b> it? https://shop.example/?a=1&b=2"
    return make_conversation(make_site(people.tenant), asked)


@pytest.fixture
def paths(conversation: Conversation) -> list[str]:
    lists = [f"/inbox?filter={name}" for name in ("open", "waiting", "mine", "resolved", "all")]
    return [*lists, "/inbox?q=nothing+like+it", f"/inbox/{conversation.uuid}", "/theme", "/api-docs",
            *(f"/onboarding?step={step}" for step in STEPS), "/onboarding/try",
            "/settings", "/settings?q=name", "/settings?q=zebra", "/settings/team", "/settings/team?q=nobody",
            "/settings/audit", "/settings/audit?q=nobody", "/settings/features", "/settings/sites",
            "/settings/sites?q=nothing", f"/settings/sites/{conversation.channel.uuid}",
            *(f"/settings/sites/new?step={step}" for step in ("where", "look", "review"))]


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_it_serves_pages_that_a_validator_accepts(alice: Client, client: Client, paths: list[str],
                                                  locale: str) -> None:
    for who, path in [(client, "/auth/login"), (client, "/api-docs"), *((alice, path) for path in paths)]:
        tree = look(who, path, locale)
        assert every(tree, "html")[0].get("lang") == locale, path
        assert len(every(tree, "h1")) == 1, path
        title = (every(tree, "title")[0].text or "").strip()
        assert title.endswith("Parley") and len(title) > len(" · Parley"), path
        ids = [element.get("id") for element in tree.iter() if element.get("id")]
        assert len(ids) == len(set(ids)), path


def test_the_catalogue_shows_a_field_of_each_kind_that_a_model_may_have(alice: Client) -> None:
    tree = look(alice, "/theme")
    names = {field.get("name") for tag in ("input", "select", "textarea") for field in every(tree, tag)}
    assert names >= {f"shown_{kind}" for kind in ("title", "color", "place", "list", "mode", "number", "switch")}


def test_it_names_every_field_and_every_button(alice: Client, paths: list[str]) -> None:
    for path in paths:
        tree = look(alice, path)
        labelled = {label.get("for") for label in every(tree, "label")}
        inside = {id(field) for label in every(tree, "label") for field in label.iter()}
        for field in [*every(tree, "input"), *every(tree, "textarea"), *every(tree, "select")]:
            named = field.get("id") in labelled or id(field) in inside or field.get("aria-label")
            assert named or field.get("type") == "hidden", (path, field.attrib)
        for button in [*every(tree, "button"), *every(tree, "summary")]:
            assert button.get("aria-label") or words(button), (path, button.attrib)


def test_it_gives_every_form_an_address_and_every_post_its_token(alice: Client, paths: list[str]) -> None:
    for path in paths:
        for form in every(look(alice, path), "form"):
            if form.get("method") == "dialog":
                continue
            assert form.get("action"), (path, form.attrib)
            fields = {field.get("name"): field.get("value") for field in every(form, "input")}
            assert form.get("method") == "get" or fields.get("csrf_token"), (path, form.attrib)


def test_it_shows_what_customers_write_as_text_with_working_links(alice: Client, conversation: Conversation) -> None:
    tree = look(alice, f"/inbox/{conversation.uuid}")
    bubble = next(each for each in every(tree, "div") if each.get("class") == "bubble")
    assert words(bubble).startswith("Can I <b>return</b> it?")
    link = every(bubble, "a")[0]
    assert link.get("href") == "https://shop.example/?a=1&b=2"
    assert set((link.get("rel") or "").split()) >= {"noopener", "nofollow"}


def part(tree: Element, id_: str) -> Element:
    return next(element for element in tree.iter() if element.get("id") == id_)


def test_it_says_who_has_the_floor_and_offers_the_right_action(alice: Client, conversation: Conversation,
                                                               people: People) -> None:
    def shown(locale: str = "en") -> str:
        return words(part(look(alice, f"/inbox/{conversation.uuid}", locale), "floor"))

    assert "answers." in shown() and "Take over" in shown()
    now = floor.request(factories.SOMEBODY, conversation)
    assert shown().startswith("Waits for a person. The customer asked for a person.")
    assert "Take over" in shown()
    assert shown("ru").startswith("Ждёт человека. Клиент попросил человека.")
    now = floor.take_over(factories.caller(people.alice), now)
    assert shown().startswith("You have the conversation.") and "Give back to the AI" in shown()
    now = floor.close(factories.caller(people.alice), now)
    assert shown().startswith("Closed.") and "Take over" not in shown()


def test_it_gives_readers_no_buttons_that_would_be_refused(carol: Client, conversation: Conversation) -> None:
    tree = look(carol, f"/inbox/{conversation.uuid}")
    actions = {form.get("action") for form in every(tree, "form")}
    assert not any(action and action.endswith(("/reply", "/take-over", "/close")) for action in actions)
    assert "You may read here." in words(part(tree, "composer"))


def why(conversation: Conversation, **values: Any) -> Turn:
    question = conversation.messages.get()
    first = {"tenant": conversation.tenant, "conversation": conversation, "question": question, "floor_version": 0}
    return Turn.create(**{**first, **values})


def test_it_explains_in_words_why_the_ai_did_what_it_did(alice: Client, conversation: Conversation) -> None:
    turn = why(conversation, state="handed_over", reason="guard", intent="return", model="some-model", tokens_in=1200,
               tokens_out=40, cost=0.0012, model_ms=900, total_ms=1500,
               confidence={"total": 0.41, "similarity": 0.9, "intent": 0.9, "selfCheck": 0.0},
               penalties=[{"code": "number", "message": "…", "value": -0.5}],
               sources=[{"title": "Returns", "quote": "Within 14 days.", "score": 1.2, "lexical": 0.9,
                         "vector": 0.3, "used": True}])
    english = ["Handed to a person", "so it was not sent", "41%", "A number that no source has", "Match 1.20"]
    russian = ["Передал человеку", "поэтому он не отправлен", "Число, которого нет в источниках"]
    for locale, told in (("en", english), ("ru", russian)):
        alice.http.set_cookie("locale", locale)
        text = words(html5lib.parseFragment(alice.call("GET", f"/inbox/turns/{turn.uuid}", expect=200).text))
        for phrase in told:
            assert phrase in text, (locale, phrase, text)


STATES = ("running", "replied", "suggested", "handed_over", "silent", "overtaken", "failed")


@pytest.mark.parametrize("state", STATES)
def test_it_explains_a_turn_that_holds_nothing_yet(alice: Client, conversation: Conversation, state: str) -> None:
    turn = why(conversation, state=state)
    part_alone = html5lib.parseFragment(alice.call("GET", f"/inbox/turns/{turn.uuid}", expect=200).text)
    told = every(part_alone, "h2")
    assert len(told) == 1 and words(told[0]) not in ("", state)


def test_it_shows_an_operators_line_with_its_state(alice: Client, conversation: Conversation, people: People) -> None:
    outbox.reply(factories.caller(people.alice), conversation, "Of course", "client-1")
    tree = look(alice, f"/inbox/{conversation.uuid}")
    mine = [each for each in every(tree, "li") if "message-operator" in (each.get("class") or "")]
    assert len(mine) == 1
    assert "Of course" in words(mine[0]) and "Alice" in words(mine[0])


def test_it_says_in_human_words_what_went_wrong(alice: Client, web: Any) -> None:
    tree = look(alice, "/inbox/00000000-0000-4000-8000-000000000000", "ru", expect=404)
    assert words(every(tree, "h1")[0]) == "Здесь ничего нет"
    with web.test_request_context("/inbox", headers=alice.headers):
        for status in (400, 403, 404, 409, 418, 429, 500, 502, 503):
            page = parse(render_template("pages/error.html", status=status, retry_after=5, request_id="r-1"))
            assert str(status) in words(page) and "r-1" in words(page)
