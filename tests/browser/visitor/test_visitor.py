"""A visitor in Russian and in English: asks, is answered with sources, is told when a person is called."""


import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat, Visitor
from tests.browser.stack import Stack

pytestmark = pytest.mark.browser

both = pytest.mark.parametrize("language", ["ru", "en"])


@both
def test_nothing_happens_before_the_visitor_acts(visitor: Visitor, stack: Stack, language: str) -> None:
    chat = visitor(language)
    expect(chat.launcher).to_have_accessible_name(chat.words["open"])
    chat.page.wait_for_load_state("networkidle")
    assert sorted(chat.witness.asked(stack.hub)) == ["/widget.js", "/widget/config"]
    assert chat.stored() == {}


def test_looking_at_the_chat_is_no_visit_yet(visitor: Visitor, stack: Stack) -> None:
    chat = visitor("en").open()
    expect(chat.others()).to_have_count(1)      # the business's greeting, which is stored nowhere
    chat.page.get_by_role("button", name=chat.words["close"]).first.click()
    expect(chat.dialog).to_be_hidden()
    assert "/widget/session" not in chat.witness.asked(stack.hub)
    assert not [key for key in chat.stored() if key.endswith(".me")]


@both
def test_a_question_is_answered_with_its_source(visitor: Visitor, stack: Stack, language: str) -> None:
    chat = visitor(language).open()
    answer = chat.ask()
    expect(answer.locator(".mark")).to_have_text(chat.words["ai"])
    chat.sent(chat.words["question"])
    source = answer.get_by_role("button", name=chat.words["source"])
    expect(source).to_have_attribute("aria-expanded", "false")
    source.click()
    quote = answer.get_by_role("figure")
    expect(quote).to_contain_text(chat.words["quote"])
    page = quote.get_by_role("link", name=chat.words["page"])
    expect(page).to_have_attribute("href", stack.shop + chat.words["address"])
    expect(page).to_be_in_viewport()
    source.click()
    expect(quote).to_be_hidden()


@both
def test_the_quotation_bears_out_the_answer_and_has_no_marks_of_markdown(visitor: Visitor, language: str) -> None:
    chat = visitor(language).open()
    for question, fact in (("question", "fact"), ("other", "other_fact")):
        answer = chat.ask(chat.words[question], chat.words[fact])
        answer.get_by_role("button", expanded=False).click()
        expect(answer.locator("blockquote")).to_contain_text(chat.words[fact])
        quoted = answer.locator("blockquote").inner_text()
        assert not [mark for mark in ("|", "**", "##", "](") if mark in quoted]


def test_the_source_leads_to_a_page_where_the_chat_goes_on(visitor: Visitor) -> None:
    chat = visitor("en").open()
    answer = chat.ask()
    answer.get_by_role("button", name=chat.words["source"]).click()
    with chat.page.context.expect_page() as opened:
        answer.get_by_role("link", name=chat.words["page"]).click()
    there = Chat(opened.value, "en", chat.witness)
    expect(there.page.get_by_role("heading", level=1)).to_have_text(chat.words["source"])
    there.launcher.click()
    expect(there.others(chat.words["fact"])).to_be_visible()


@both
def test_an_unknown_thing_calls_a_person_and_says_so(visitor: Visitor, language: str) -> None:
    chat = visitor(language).open()
    chat.say(chat.words["unknown"])
    expect(chat.others(chat.words["sorry"])).to_have_count(1)
    expect(chat.event("called")).to_have_count(1)
    expect(chat.dialog.get_by_role("button", name=chat.words["call"])).to_be_hidden()
    expect(chat.others(chat.words["sorry"]).locator(".sources")).to_have_count(0)


def test_the_visitor_calls_a_person_before_the_first_word(visitor: Visitor) -> None:
    chat = visitor("ru").open()
    chat.dialog.get_by_role("button", name=chat.words["call"]).click()
    expect(chat.event("called")).to_have_count(1)
    chat.say(chat.words["question"])
    chat.sent(chat.words["question"])
    expect(chat.others(chat.words["fact"])).to_have_count(0)


def test_the_whole_visit_works_with_the_keyboard_alone(visitor: Visitor) -> None:
    chat = visitor("en")
    chat.launcher.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.field).to_be_focused()
    chat.page.keyboard.type("Hello!")
    chat.page.keyboard.press("Shift+Enter")
    chat.page.keyboard.type(chat.words["question"])
    chat.page.keyboard.press("Enter")
    expect(chat.own().locator(".text")).to_have_text(f"Hello!\n{chat.words['question']}")
    expect(chat.others(chat.words["fact"])).to_have_count(1)
    chat.page.keyboard.press("Shift+Tab")
    chat.page.keyboard.press("Enter")
    expect(chat.dialog.get_by_role("button", name=chat.words["source"], expanded=True)).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(chat.dialog).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_an_answer_is_read_out_once(visitor: Visitor) -> None:
    chat = visitor("en").open()
    chat.ask()
    spoken = chat.page.locator("parley-widget [aria-live=polite]")
    expect(spoken).to_contain_text(chat.words["fact"])
    assert spoken.inner_text().count(chat.words["fact"]) == 1
    expect(spoken).to_contain_text(chat.words["ai"])


def test_what_was_said_is_there_on_the_next_page(visitor: Visitor, stack: Stack) -> None:
    chat = visitor("ru").open()
    chat.ask()
    before = chat.said()
    chat.page.goto(f"{stack.shop}/ru/catalogue/")
    expect(chat.dialog).to_be_visible()         # it was open, so it is open again
    expect(chat.others(chat.words["fact"])).to_have_count(1)
    expect(chat.texts()).to_have_text(before)


def test_two_tabs_of_one_visitor_show_the_same(visitor: Visitor, stack: Stack) -> None:
    first = visitor("ru").open()
    first.ask()
    page = first.page.context.new_page()
    page.goto(f"{stack.shop}/ru/delivery/")
    second = Chat(page, "ru", first.witness).open()
    expect(second.others(first.words["fact"])).to_have_count(1)
    second.ask(first.words["other"], first.words["other_fact"])
    expect(first.others(first.words["other_fact"])).to_have_count(1)
    expect(first.texts()).to_have_text(second.said())
