"""A new owner, from the sign-up to the first answer with its source on the own page: few clicks, nothing to read up."""

import time
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.stack import Stack

CLICKS, SECONDS = 25, 600       # the bar for the whole way, a person's typing included


class Owner:
    """A person at a browser who counts what they press."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def press(self, name: str) -> None:
        self.clicks += 1
        self.page.get_by_role("button", name=name, exact=True).click()

    def fill(self, **fields: str) -> None:
        """Type into fields, going from one to the next by Tab."""
        for name, value in fields.items():
            self.page.locator(f"main [name='{name}']").fill(value)


@pytest.mark.slow
def test_from_the_sign_up_to_a_sourced_answer_on_the_own_page(browser: Browser, stack: Stack) -> None:
    began = time.monotonic()
    with browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900}) as context:
        owner = Owner(context.new_page())
        owner.page.goto(f"{stack.hub}/auth/signup")
        owner.fill(business="Baker Street Bakery", name="Alice Baker", email=f"alice-{uuid4().hex[:8]}@bakery.example",
                   password="Correct-horse-7")
        owner.press("Create an account")
        owner.fill(about="We bake bread, pies and cakes to order.", address="12 Baker Street, London")
        owner.press("Next")
        owner.press("Next")         # the chat and the assistant as they are proposed
        owner.fill(offer="Rye bread: 3 pounds\nApple pie: 12 pounds", ordering="Write to us in this chat.")
        owner.press("Next")
        owner.fill(delivery="By courier in London for 5 pounds, the next day.", payment="Card or cash.",
                   returns="Tell us within 24 hours, and we replace it.")
        owner.press("Next")
        owner.press("Next")         # the articles as they are drafted
        owner.press("Start the test")
        expect(owner.page.get_by_role("button", name="Test again")).to_be_visible()
        owner.press("Next")
        owner.press("Open my page and ask")
        _asks(owner)
        spent = time.monotonic() - began
    assert owner.clicks <= CLICKS and spent <= SECONDS, f"{owner.clicks} clicks, {spent:.0f} s"


def _asks(owner: Owner) -> None:
    chat = owner.page.locator("parley-widget")
    owner.clicks += 1
    chat.locator(".launcher").click()
    line = chat.get_by_role("textbox")
    line.fill("How much does delivery cost?")
    line.press("Enter")
    answer = chat.locator(".msg.other").filter(has_text="5 pounds")
    expect(answer).to_have_count(1)
    expect(answer).to_contain_text("Delivery")
