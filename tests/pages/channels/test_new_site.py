"""The steps of a new site: forward, back, left and gone on with."""

import re
from typing import Any


from hub.models.channels.channel import Channel
from tests import factories
from tests.api.callers import browser
from tests.client import Client
from tests.factories import People
from tests.pages.forms import submit

WHERE: dict[str, Any] = {"name": "Shop", "allowed_domains": "https://shop.example/"}
LOOK: dict[str, Any] = {"color": "#ff0000", "position": "left", "theme": "auto", "locale": "ru"}


def leave(page: Client, step: str, expect: int = 303, **fields: str) -> Any:
    """Send one step."""
    return submit(page, f"/settings/sites/new?step={step}", expect, **fields)


def at(page: Client) -> str:
    """The step that is gone on with."""
    text = page.call("GET", "/settings/sites/new", expect=200).text
    found = re.search(r'aria-current="step">.*?<span>([^<]+)</span>\s*</li>', text, re.DOTALL)
    assert found is not None
    return found[1]


def test_three_steps_make_a_site(page: Client, people: People) -> None:
    assert at(page) == "Your site"
    assert leave(page, "where", **WHERE).location == "/settings/sites/new?step=look"
    assert leave(page, "look", **LOOK).location == "/settings/sites/new?step=review"
    review = page.call("GET", "/settings/sites/new?step=review", expect=200).text
    assert "Shop" in review and "https://shop.example/" in review and "#ff0000" in review
    assert Channel.select().count() == 0
    leave(page, "review")
    made = Channel.get()
    assert (made.tenant, made.name, made.kind) == (people.tenant, "Shop", "website")
    assert made.config["allowed_domains"] == ["shop.example"] and made.config["position"] == "left"
    assert at(page) == "Your site"     # the next one begins anew


def test_it_can_be_left_and_gone_on_with_from_another_browser(app: Any, page: Client, people: People) -> None:
    leave(page, "where", **WHERE)
    other = browser(app, people.alice)
    assert at(other) == "Look"
    assert 'value="Shop"' in other.call("GET", "/settings/sites/new?step=where", expect=200).text
    anna = browser(app, factories.make_user(people.tenant, "admin"))
    assert at(anna) == "Your site"
    assert 'value="Shop"' not in anna.call("GET", "/settings/sites/new?step=where", expect=200).text


def test_going_back_keeps_what_is_typed_even_if_it_is_wrong(page: Client) -> None:
    leave(page, "where", **WHERE)
    back = leave(page, "look", **{**LOOK, "color": "red", "_back": "1"})
    assert back.location == "/settings/sites/new?step=where"
    assert 'value="red"' in page.call("GET", "/settings/sites/new?step=look", expect=200).text


def test_a_wrong_step_is_not_left_forwards(page: Client) -> None:
    text = leave(page, "where", 422, name="", allowed_domains="owner@shop.example").text
    assert "Fill this in." in text and "looks like an e-mail address" in text and "owner@shop.example" in text


def test_a_step_that_was_passed_over_is_come_back_to(page: Client) -> None:
    leave(page, "look", **LOOK)
    review = page.call("GET", "/settings/sites/new?step=review", expect=200).text
    assert "<dd>–</dd>" in review and "<dd>every site</dd>" in review
    assert leave(page, "review").location == "/settings/sites/new"
    assert at(page) == "Your site"
    assert Channel.select().count() == 0


def test_it_can_be_thrown_away(page: Client) -> None:
    leave(page, "where", **WHERE)
    submit(page, "/settings/sites/new/discard", 303)
    assert 'value="Shop"' not in page.call("GET", "/settings/sites/new?step=where", expect=200).text


def test_an_invented_step_is_not_there(page: Client) -> None:
    page.call("GET", "/settings/sites/new?step=nothing", expect=404)
    leave(page, "nothing", 404)
