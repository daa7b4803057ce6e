"""With a model the answer is seen while it grows; whoever takes over withdraws it and keeps it as a draft."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser import inbox as at
from tests.browser.chat import Chat, Visitor
from tests.browser.inbox import Inbox, Operator
from tests.browser.stack import Stack
from tests.fakes import FakeProcess

pytestmark = pytest.mark.browser

FIRST, LAST = "Wir haben", "dann morgen."
# Latin letters, because the fake writes others as escapes, which makes the answer six times as long.
ANSWER = f"{FIRST} den Artikel gelesen und schreiben gern mehr dazu, Satz um Satz, ohne jede Eile, {LAST}"

# Looks again and again from within the page, because the whole answer may be there before a test has asked twice.
LOOK = """([first, last]) => setInterval(() => {
    const text = GROWING?.innerText ?? ""
    window.grew = window.grew || text.includes(first) && !text.includes(last)
}, 20)"""


@pytest.fixture
def stack(writing_stack: Stack) -> Stack:
    return writing_stack


@pytest.fixture
def slow(model: FakeProcess) -> Iterator[FakeProcess]:
    """The model writes this one answer, slowly."""
    model.reset()
    model.mode("openai", "slow_stream", delay_s=0.12)
    model.answer("openai", {"action": "answer", "sources": [1], "text": ANSWER})
    yield model
    model.reset()


def watch(visitor: Visitor, operator: Operator) -> tuple[Chat, Inbox]:
    """A visitor who has said hello, and an operator who watches: both see the next answer grow."""
    inbox, chat = operator(), visitor().open()
    chat.say("Здравствуйте!")
    expect(chat.others()).to_have_count(2)
    inbox.open(chat)
    return chat, inbox


def test_an_answer_grows_on_both_sides(slow: FakeProcess, visitor: Visitor, operator: Operator) -> None:
    chat, inbox = watch(visitor, operator)
    pages = {chat.page: "document.querySelector('parley-widget').shadowRoot.querySelector('.msg.streaming')",
             inbox.page: "document.querySelector('#stream [data-part=bubble]')"}
    for page, growing in pages.items():
        page.evaluate(LOOK.replace("GROWING", growing), [FIRST, LAST])
    chat.say(chat.words["question"])
    live = chat.dialog.locator(".msg.streaming")
    for page in pages:
        page.wait_for_function("() => window.grew")
    whole = chat.others(LAST)
    expect(whole).to_have_count(1)
    expect(live).to_have_count(0)
    expect(whole.locator(".text")).to_have_text(ANSWER)
    expect(whole.get_by_role("button", name=chat.words["source"])).to_be_visible()
    expect(inbox.line(LAST)).to_have_count(1)
    expect(inbox.stream).to_be_hidden()


def test_taking_over_withdraws_the_text_and_keeps_it_as_a_suggestion(
        slow: FakeProcess, visitor: Visitor, operator: Operator) -> None:
    chat, inbox = watch(visitor, operator)
    chat.say(chat.words["question"])
    expect(chat.dialog.locator(".msg.streaming")).to_contain_text(FIRST)
    inbox.press(at.TAKE)
    expect(chat.event("taken", name="Илья Морозов")).to_be_visible()
    expect(chat.others(FIRST)).to_have_count(0)
    expect(inbox.stream).to_be_hidden()
    expect(inbox.suggestion).to_contain_text(ANSWER)        # the model was let finish
    expect(chat.others(FIRST)).to_have_count(0)
    inbox.press(at.USE)
    expect(inbox.field).to_have_value(ANSWER)
    inbox.field.press("Enter")
    sent = chat.others(ANSWER)
    expect(sent).to_have_count(1)
    expect(sent.locator(".by")).to_have_text("Илья Морозов")
    expect(inbox.suggestion).to_be_hidden()


def test_a_second_line_stops_the_answer_to_the_first(
        slow: FakeProcess, visitor: Visitor, operator: Operator) -> None:
    chat, _ = watch(visitor, operator)
    slow.answer("openai", {"action": "answer", "sources": [1], "text": "Beides geht."})
    chat.say(chat.words["question"])
    expect(chat.dialog.locator(".msg.streaming")).to_contain_text(FIRST)
    chat.say("И сколько это занимает?")
    expect(chat.others("Beides geht.")).to_have_count(1)
    expect(chat.others(FIRST)).to_have_count(0)


def test_a_model_that_fails_costs_no_answer(model: FakeProcess, visitor: Visitor) -> None:
    model.reset()
    model.mode("openai", "401")     # a key that nobody renewed: no use in trying again
    chat = visitor().open()
    chat.ask()
    model.reset()
