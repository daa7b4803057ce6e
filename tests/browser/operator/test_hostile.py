"""Whatever anybody types stays text: on both sides, on a phone, with every request on record."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.chat import Chat, Visitor
from tests.browser.inbox import Inbox, Operator
from tests.browser.stack import Stack

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}

# What is typed -> what is stored, where that is not the same.
PLAIN = {
    "<script>alert(1)</script>": "",
    '<img src="http://evil.example/pixel.png" onerror="alert(2)">': "",
    '<svg onload=alert(3)><a href="javascript:alert(4)">click</a></svg>': "",
    '"><iframe srcdoc="<script>parent.alert(5)</script>"></iframe>': "",
    "javascript:alert(document.cookie)": "",
    "{{ 7*7 }} {% raw %} ${7*7} <%= 7*7 %> #{7*7}": "",
    "' OR 1=1; DROP TABLE message; --": "",
    "&lt;b&gt; &amp;amp; &#60;i&#62;": "",
    "abc \u202etxet desrever\u202c def": "abc txet desrever def",
    "nul\x00in the \x1bmiddle": "nulin the middle",
    "👩🏽‍🚀 🏳️‍🌈 𝒳 ﷽": "",
    "Ы" * 500: "",
    "http://evil.example/" + "a" * 400: "",
}
MARKED = {
    "![pixel](http://evil.example/pixel.png)": "!pixel",
    "[click](javascript:alert(6))": "[click](javascript:alert(6))",
    "[http://good.example](http://evil.example/)": "http://evil.example/",      # no label hides an address
    "**bold <b>not</b>**": "bold <b>not</b>",
}
TYPED = [*PLAIN, *MARKED]
STORED = [PLAIN.get(text) or text for text in TYPED]
DRAWN = [*STORED[:len(PLAIN)], *MARKED.values()]        # as the widget draws an operator's


def made_of(area: Locator, allowed: str) -> None:
    """Nothing but these elements, and no link that is not an address on the web."""
    tags, links = area.locator("*").evaluate_all(
        "all => [all.map((one) => one.tagName), all.filter((one) => 'href' in one).map((one) => one.href)]")
    assert set(tags) <= set(allowed.split())
    assert all(link.startswith(("http://", "https://")) for link in links)


def fits(chat: Chat, inbox: Inbox) -> None:
    """No page and no part of it can be pushed sideways."""
    for page in (chat.page, inbox.page):
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for part in (chat.dialog.get_by_role("log"), inbox.page.locator(".thread-scroll")):
        assert part.evaluate("part => part.scrollWidth - part.clientWidth") <= 0


def test_hostile_lines_stay_text_on_both_sides(visitor: Visitor, operator: Operator) -> None:
    chat, inbox = visitor(viewport=PHONE).open_on_phone(), operator(viewport=PHONE)
    for text in TYPED:
        chat.say(text)
    chat.sent(STORED[-1])
    expect(chat.texts("own")).to_have_count(len(STORED))
    assert chat.said("own") == STORED
    made_of(chat.dialog.locator(".msg.own .text"), "P A")
    inbox.open(chat)
    expect(inbox.line(STORED[-1])).to_be_visible()
    expect(inbox.said("customer")).to_have_count(len(STORED))
    assert inbox.bubbles("customer") == STORED
    made_of(inbox.page.locator(".message-customer .bubble"), "A")
    for text in TYPED:
        inbox.reply(text)
    expect(inbox.page.locator(".message-operator")).to_have_count(len(TYPED))
    assert inbox.bubbles("operator") == STORED
    expect(chat.others(DRAWN[-1])).to_have_count(1)
    assert chat.said("other")[-len(DRAWN):] == DRAWN
    made_of(chat.dialog.locator(".msg.other .text"), "P A STRONG")
    fits(chat, inbox)


@pytest.mark.parametrize(
    "name", ['<img src=x onerror=alert(7)>"><b>', "{{ config }}' onfocus=alert(8) x='", "Щ" * 255])
def test_a_hostile_name_and_page_stay_text(
        visitor: Visitor, operator: Operator, stack: Stack, name: str) -> None:
    chat = visitor(viewport=PHONE)
    uuid = stack.say(chat.page.request, "Здравствуйте!", visitor={"name": name},
                     page={"url": "javascript:alert(9)", "title": f"<title>{name}</title>"})
    inbox = operator()
    expect(inbox.page.locator(f'a[data-row="{uuid}"] .row-name')).to_have_text(name)
    inbox.page.locator(f'a[data-row="{uuid}"]').click()
    expect(inbox.conversation.get_by_role("heading", level=2)).to_have_text(name)
    expect(inbox.page.locator("#customer h2")).to_have_text(name)
    inbox.page.set_viewport_size({"width": 390, "height": 844})
    assert inbox.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert inbox.page.locator("a[href^='javascript']").count() == 0
    inbox.page.reload()
    expect(inbox.conversation.get_by_role("heading", level=2)).to_have_text(name)
