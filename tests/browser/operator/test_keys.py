"""The inbox without a mouse, on a Latin and on a Cyrillic keyboard."""


import pytest
from playwright.sync_api import Page, expect

from tests.browser import inbox as at
from tests.browser.chat import Visitor
from tests.browser.inbox import Operator

pytestmark = pytest.mark.browser

CYRILLIC = {"j": "о", "k": "л", "r": "к", "t": "е", "e": "у"}      # the same keys on a Russian layout


def press(page: Page, key: str, layout: str) -> None:
    if layout == "latin" or key not in CYRILLIC:
        page.keyboard.press(key)
        return
    stroke = {"key": CYRILLIC[key], "code": f"Key{key.upper()}", "bubbles": True, "cancelable": True}
    page.locator(":focus, body").last.dispatch_event("keydown", stroke)


@pytest.mark.parametrize("layout", ["latin", "cyrillic"])
def test_a_conversation_is_answered_and_closed_by_keys(
        visitor: Visitor, operator: Operator, layout: str) -> None:
    for _ in range(2):
        chat = visitor().open()
        chat.say(chat.words["unknown"])
        expect(chat.event("called")).to_be_visible()
    inbox = operator()
    rows = [inbox.rows.nth(number) for number in range(2)]
    for key, row in (("j", rows[0]), ("j", rows[1]), ("k", rows[0])):
        press(inbox.page, key, layout)
        expect(row).to_be_focused()
    inbox.page.keyboard.press("Enter")
    expect(inbox.line(chat.words["unknown"])).to_be_visible()
    press(inbox.page, "t", layout)
    expect(inbox.floor).to_contain_text(at.MINE)
    press(inbox.page, "r", layout)
    expect(inbox.field).to_be_focused()
    inbox.page.keyboard.type("tree")        # in a field letters are letters
    inbox.page.keyboard.press("Shift+Enter")
    inbox.page.keyboard.type("two")
    expect(inbox.field).to_have_value("tree\ntwo")
    inbox.page.keyboard.press("Enter")
    expect(inbox.line("tree")).to_be_visible()
    inbox.page.keyboard.press("Escape")
    expect(inbox.field).not_to_be_focused()
    press(inbox.page, "e", layout)
    expect(inbox.floor).to_contain_text(at.CLOSED)


def test_search_and_help_are_one_key_away(operator: Operator) -> None:
    inbox = operator()
    inbox.page.keyboard.press("/")
    search = inbox.page.get_by_role("searchbox")
    expect(search).to_be_focused()
    inbox.page.keyboard.type("никто такого не писал")
    expect(inbox.page.locator("#inbox-list")).to_contain_text("Ничего не нашлось")
    search.fill("")
    inbox.page.keyboard.press("Escape")
    inbox.page.keyboard.press("?")
    shortcuts = inbox.page.get_by_role("dialog")
    expect(shortcuts).to_contain_text(at.TAKE)
    inbox.page.keyboard.press("Escape")
    expect(shortcuts).to_be_hidden()
