"""The inbox as an operator uses it, in Russian (the demo business's people read it so)."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.chat import Chat
from tests.browser.witness import Witness

# Buttons and what they are called; kept here so that a test reads like a story.
TAKE, RELEASE, CLOSE, UNDO, REOPEN = "Взять диалог", "Вернуть ИИ", "Закрыть", "Вернуть", "Открыть снова"
WHY, USE, SEND = "Почему?", "Взять этот ответ", "Отправить"
MINE, WAITING, CLOSED = "Диалог ведёте вы.", "Ждёт человека.", "Диалог закрыт."


class Inbox:
    """One tab of one operator."""

    def __init__(self, page: Page, hub: str, witness: Witness) -> None:
        self.page = page
        self.witness = witness
        self.hub = hub
        self.rows = page.locator("#inbox-rows a[data-row]")
        self.conversation = page.locator("#conversation")
        self.lines = page.locator("#messages > li.message")
        self.floor = page.locator("#floor")
        self.field = page.locator("#reply-text")
        self.why = page.locator("#why")
        self.stream = page.locator("#stream [data-part=bubble]")
        self.toasts = page.locator("#toasts")
        self.suggestion = page.locator("#suggestion")

    def visit(self) -> "Inbox":
        """The list, and wait until it hears what happens."""
        self.page.goto(f"{self.hub}/inbox")
        expect(self.page.locator("[data-behaviour=live]")).to_have_attribute("data-state", "open")
        return self

    def filter(self, name: str) -> Locator:
        return self.page.locator(f"#inbox-filters a[data-filter={name}]")

    def row(self, chat: Chat) -> Locator:
        return self.page.locator(f'#inbox-rows a[data-row="{chat.conversation()}"]')

    def open(self, chat: Chat) -> "Inbox":
        """Click this visitor's row; it is there without a reload."""
        self.row(chat).click()
        expect(self.page.locator(f'#reply[data-uuid="{chat.conversation()}"]')).to_be_visible()
        return self

    def line(self, text: str) -> Locator:
        return self.lines.filter(has_text=text)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=False).first.click()

    def reply(self, text: str) -> Locator:
        """Write a reply and send it with Enter; the line as it appears."""
        self.field.fill(text)
        self.field.press("Enter")
        expect(self.field).to_have_value("")
        return self.line(text)

    def said(self, role: str) -> Locator:
        """What all lines of `customer`, `assistant` or `operator` say."""
        return self.page.locator(f"#messages .message-{role} .bubble")

    def bubbles(self, role: str) -> list[str]:
        """The texts of all lines of `customer`, `assistant` or `operator`, in order."""
        return [text.strip() for text in self.said(role).all_inner_texts()]


Operator = Callable[..., Inbox]     # the fixture: operator(viewport=…)
