"""The inbox's list while several requests for it are on their way: what was wished last is what is shown."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.inbox import Inbox, Operator
from tests.browser.late import Late
from tests.browser.stack import Stack

pytestmark = pytest.mark.browser

WORDS = {"first": f"палатка{uuid4().hex[:8]}", "second": f"фонарь{uuid4().hex[:8]}"}


@pytest.fixture(scope="package")
def written(quoting_stack: Stack, browser: Any) -> None:
    """A conversation with each of the words; its people have asked for a person, so that nobody answers them."""
    context = browser.new_context()
    for word in WORDS.values():
        quoting_stack.say(context.request, f"Есть ли {word}?")
    context.close()


def refresh(inbox: Inbox) -> None:
    """As when the hub is heard again."""
    inbox.page.evaluate("document.querySelector('#inbox').dispatchEvent(new CustomEvent('htmx:sseOpen'))")


def choose(inbox: Inbox, name: str) -> None:
    inbox.filter(name).click()


def look_for(inbox: Inbox, name: str) -> None:
    """Type the words, and wait until they are sent, which takes a moment."""
    inbox.page.evaluate("""() => {
        window.isSent = false
        const form = document.querySelector(".inbox-search")
        form.addEventListener("htmx:trigger", () => { isSent = true }, { once: true })
    }""")
    inbox.page.get_by_role("searchbox").fill(WORDS[name])
    inbox.page.wait_for_function("() => isSent")


Step = Callable[[Inbox], None]
WAITING, ALL = partial(choose, name="waiting"), partial(choose, name="all")
FIRST, SECOND = partial(look_for, name="first"), partial(look_for, name="second")


@pytest.mark.parametrize(("steps", "chosen", "words"), [
    pytest.param((refresh, ALL), "all", "", id="a filter while the list is refreshed"),
    pytest.param((refresh, FIRST), "open", "first", id="words while the list is refreshed"),
    pytest.param((WAITING, ALL), "all", "", id="a filter while another one is on its way"),
    pytest.param((SECOND, FIRST), "open", "first", id="words while others are looked for"),
    pytest.param((FIRST, ALL), "all", "first", id="a filter while words are looked for"),
    pytest.param((ALL, FIRST), "all", "first", id="words while a filter is on its way"),
    pytest.param((ALL, refresh), "all", "", id="a refresh while a filter is on its way"),
    pytest.param((FIRST, refresh), "open", "first", id="a refresh while words are looked for"),
    pytest.param((refresh, refresh, ALL, refresh), "all", "", id="a filter between refreshes"),
    pytest.param((refresh, refresh, FIRST, refresh), "open", "first", id="words between refreshes")])
def test_what_was_wished_last_is_shown_whatever_comes_late(
        operator: Operator, stack: Stack, written: None, steps: tuple[Step, ...], chosen: str, words: str) -> None:
    inbox = operator()
    late = Late(inbox.page)
    for step in steps:
        late.hold = step is not steps[-1]
        step(inbox)
        late.asked()
    late.let_go()
    expect(inbox.filter(chosen)).to_have_attribute("aria-current", "true")
    assert shown(inbox.page.locator("#inbox-list").inner_html()) == asked(inbox, chosen, WORDS.get(words, ""))


def asked(inbox: Inbox, chosen: str, words: str) -> set[str]:
    """The rows that the hub has for this filter and these words."""
    answer = inbox.page.request.get(f"{inbox.hub}/inbox/rows", params={"filter": chosen, "q": words, "count": "200"})
    return shown(answer.text())


def shown(html: str) -> set[str]:
    return set(re.findall(r'data-row="([^"]+)"', html))
