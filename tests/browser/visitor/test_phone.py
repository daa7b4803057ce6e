"""On a phone: the chat fills the screen and gives the focus back; the inbox shows one pane at a time."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.chat import Visitor
from tests.browser.inbox import Inbox, Operator
from tests.waits import until

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


def box(locator: Locator) -> tuple[int, int, int, int]:
    """(left, top, width, height) in whole pixels, once it has come to rest."""
    locator.evaluate("node => Promise.all(node.getAnimations().map(one => one.finished))")
    found = locator.bounding_box()
    assert found is not None
    return round(found["x"]), round(found["y"]), round(found["width"]), round(found["height"])


def test_the_chat_fills_the_screen(visitor: Visitor) -> None:
    chat = visitor("ru", viewport=PHONE, has_touch=True, is_mobile=True)
    chat.launcher.tap()
    expect(chat.dialog).to_be_visible()
    until(lambda: box(chat.dialog) == (0, 0, 390, 844), lambda: box(chat.dialog))      # it opens with a movement
    expect(chat.dialog).to_have_attribute("aria-modal", "true")
    expect(chat.field).to_be_in_viewport(ratio=1)
    chat.field.fill(chat.words["question"])
    chat.dialog.get_by_role("button", name=chat.words["send"]).tap()
    expect(chat.others(chat.words["fact"])).to_be_visible()
    expect(chat.field).to_be_in_viewport(ratio=1)
    assert chat.page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("way", ["Escape", "button"])
def test_closing_gives_the_focus_back(visitor: Visitor, way: str) -> None:
    chat = visitor("ru", viewport=PHONE)
    chat.open_on_phone()
    if way == "Escape":
        chat.page.keyboard.press("Escape")
    else:
        chat.dialog.get_by_role("button", name=chat.words["close"]).click()
    expect(chat.dialog).to_be_hidden()
    expect(chat.launcher).to_be_visible()
    expect(chat.launcher).to_be_focused()


def test_the_focus_stays_in_the_chat_while_it_covers_the_page(visitor: Visitor) -> None:
    chat = visitor("ru", viewport=PHONE).open_on_phone()
    for _ in range(8):
        chat.page.keyboard.press("Tab")
        assert chat.page.evaluate("document.activeElement.localName") == "parley-widget"
        assert not chat.launcher.evaluate("node => node === node.getRootNode().activeElement")


def in_front(inbox: Inbox, pane: str) -> None:
    """Wait until a finger would touch this pane all over the screen, and nothing sticks out of it."""
    inbox.page.wait_for_function("""([pane, width]) => [200, 400, 600].every((y) => document.elementFromPoint(195, y)
        ?.closest(".inbox-side, .conversation, .side")?.classList[0] === pane)
        && document.documentElement.scrollWidth === width""", arg=[pane, PHONE["width"]])


def test_the_inbox_shows_one_pane_at_a_time(visitor: Visitor, operator: Operator) -> None:
    chat = visitor().open()
    chat.ask()
    inbox = operator(viewport=PHONE, reduced_motion="reduce")
    in_front(inbox, "inbox-side")
    inbox.open(chat)
    expect(inbox.line(chat.words["fact"])).to_be_visible()
    in_front(inbox, "conversation")
    expect(inbox.field).to_be_in_viewport(ratio=1)
    inbox.page.get_by_role("link", name="Клиент и причины").click()
    expect(inbox.page.locator("#customer")).to_be_in_viewport()
    in_front(inbox, "side")
    inbox.page.get_by_role("link", name="Закрыть сведения").click()
    in_front(inbox, "conversation")
    inbox.line(chat.words["fact"]).get_by_role("link", name="Почему?").click()
    expect(inbox.why).to_contain_text(chat.words["source"])
    in_front(inbox, "side")
    inbox.page.get_by_role("link", name="Закрыть сведения").click()
    inbox.page.get_by_role("link", name="К списку").click()
    in_front(inbox, "inbox-side")
    expect(inbox.page).to_have_url(re.compile("/inbox$"))
