"""The widget on a page of the shop, as a visitor uses it."""

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.witness import Witness
from tests.browser.words import WORDS


class Chat:
    """One tab of one visitor."""

    def __init__(self, page: Page, language: str, witness: Witness, hub: str = "") -> None:
        self.page = page
        self.hub = hub
        self.witness = witness
        self.words = WORDS[language]
        self.launcher = page.locator("parley-widget .launcher")
        self.dialog = page.locator("parley-widget").get_by_role("dialog")
        self.field = self.dialog.get_by_label(self.words["write"])
        self.events = self.dialog.locator(".system")

    def open(self) -> "Chat":
        self.page.get_by_role("button", name=self.words["open"]).click()
        expect(self.field).to_be_focused()
        return self

    def open_on_phone(self) -> "Chat":
        """Where the keyboard would cover half of the screen the field waits to be tapped."""
        self.launcher.click()
        expect(self.dialog).to_be_focused()
        return self

    def say(self, text: str) -> Locator:
        """Write a line and send it with Enter; the line as it appears."""
        self.field.fill(text)
        self.field.press("Enter")
        return self.own().last

    def own(self, text: str = "") -> Locator:
        """The visitor's lines with this text in them."""
        return self._lines("own", text)

    def others(self, text: str = "") -> Locator:
        """What the AI and operators said with this text in it; what they quote does not count."""
        return self._lines("other", text)

    def _lines(self, side: str, text: str) -> Locator:
        return self.dialog.locator(f".msg.{side}").filter(has=self.page.locator(".text", has_text=text))

    def ask(self, question: str = "", fact: str = "") -> Locator:
        """Ask what the shop knows and wait for the fact; the answer."""
        self.say(question or self.words["question"])
        answer = self.others(fact or self.words["fact"])
        expect(answer).to_have_count(1)
        return answer

    def event(self, key: str, **values: str) -> Locator:
        return self.events.filter(has_text=self.words[key].format(**values))

    def sent(self, text: str) -> None:
        """Wait until the hub has this line; somebody may have read it by then."""
        expect(self.own(text).last).to_contain_text(re.compile(f"{self.words['sent']}|{self.words['read']}"))

    def texts(self, role: str = "msg") -> Locator:
        """The texts of all lines, in order."""
        return self.dialog.locator(f".{role} .text")

    def said(self, role: str = "msg") -> list[str]:
        """What `texts` are now."""
        return [text.strip() for text in self.texts(role).all_inner_texts()]

    def conversation(self) -> str:
        """The id under which the hub keeps this conversation; asked as the widget itself would ask."""
        record = self.page.evaluate("Object.entries(localStorage).find(([key]) => key.endsWith('.me'))[1]")
        answer = self.page.request.get(f"{self.hub}/widget/messages", headers={
            "Authorization": f"Bearer {json.loads(record)['token']}", "Origin": self.page.evaluate("origin")})
        return str(answer.json()["conversation"]["id"])

    def stored(self) -> dict[str, Any]:
        """What this site has left in the browser: cookies and everything in its storage."""
        kept = self.page.evaluate("({...localStorage, ...sessionStorage})")
        return {**kept, **{cookie["name"]: cookie for cookie in self.page.context.cookies()}}


Visitor = Callable[..., Chat]        # the fixture: visitor("ru", path="/", …)
