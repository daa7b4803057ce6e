"""A passkey in Chromium, whose virtual device has a lock of its own: made on one's account, and signing in with it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.stack import Stack
from tests.waits import STUCK_S

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, stack: Stack) -> Iterator[Page]:
    """At the one address for which passkeys are made: an IP address has none."""
    context = browser.new_context(locale="ru-RU", base_url=stack.hub.replace("127.0.0.1", "localhost"))
    context.set_default_timeout(STUCK_S * 1000)
    yield context.new_page()
    context.close()


def device(page: Page, *, is_unlocked: bool = True) -> CDPSession:
    """A phone that is near; its owner shows their finger, or another one."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": is_unlocked, "automaticPresenceSimulation": True}})
    return session


def test_a_passkey_is_made_and_signs_in_without_a_password(page: Page, stack: Stack) -> None:
    device(page)
    page.goto("/auth/login?next=/account")
    page.get_by_label("Почта").fill(stack.operator["email"])
    page.get_by_label("Пароль").fill(stack.operator["password"])
    page.get_by_role("button", name="Войти", exact=True).click()
    keys = page.locator("#passkeys")
    keys.get_by_label("Как его назвать").fill("Рабочий телефон")
    keys.get_by_label("Пароль или код").fill("Wrong-horse-7")
    keys.get_by_role("button", name="Добавить ключ").click()
    expect(keys.get_by_role("alert")).to_have_text("Это не ваш пароль и не подходящий код.")
    keys.get_by_label("Пароль или код").fill(stack.operator["password"])
    keys.get_by_role("button", name="Добавить ключ").click()
    expect(keys.get_by_role("listitem")).to_contain_text("Рабочий телефон")

    page.context.clear_cookies()
    page.goto("/auth/login?next=/account")
    page.get_by_role("button", name="Войти без пароля").click()
    expect(keys.get_by_role("listitem")).to_contain_text("последний вход")
    keys.get_by_role("button", name="Убрать: Рабочий телефон").click()
    expect(page.get_by_text("Этот ключ больше не действует.")).to_be_visible()

    page.context.clear_cookies()
    page.goto("/auth/login")
    page.get_by_role("button", name="Войти без пароля").click()
    expect(page.get_by_role("alert")).to_have_text("Не получилось. Попробуйте ещё раз или войдите с паролем.")


def test_where_passkeys_do_not_work_the_page_says_where_they_do(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.hub}/auth/login?next=/account")
    expect(page.get_by_role("button", name="Войти без пароля")).to_have_count(0)
    page.get_by_label("Почта").fill(stack.operator["email"])
    page.get_by_label("Пароль").fill(stack.operator["password"])
    page.get_by_role("button", name="Войти", exact=True).click()
    home = stack.hub.replace("127.0.0.1", "localhost")
    expect(page.locator("#passkeys")).to_contain_text(f"работают по адресу {home}")
