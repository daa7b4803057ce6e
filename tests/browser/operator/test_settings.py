"""The owner's pages in a browser: the team and a site, with the keyboard, and without a reload where that helps."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK
from tests.browser.stack import Stack
from tests.browser.witness import Witness

pytestmark = pytest.mark.browser

ANNA, DARYA = "anna@varaka.example", "Дарья Синицына"


@pytest.fixture
def owner(browse: Callable[..., Witness], stack: Stack) -> Witness:
    """Anna, signed in; refusals of forms are no complaints."""
    witness = browse(locale="ru-RU", viewport=DESK)
    witness.expected = ["422"]
    page = witness.context.new_page()
    page.goto(f"{stack.hub}/auth/login")
    page.get_by_label("Почта").fill(ANNA)
    page.get_by_label("Пароль").fill(stack.operator["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox")
    return witness


def open_at(owner: Witness, stack: Stack, path: str) -> Page:
    page = owner.context.pages[0]
    page.goto(f"{stack.hub}{path}")
    return page


def test_an_owner_finds_somebody_changes_the_role_and_takes_it_back(owner: Witness, stack: Stack) -> None:
    page = open_at(owner, stack, "/settings/team")
    page.evaluate("window.sameDocument = true")
    rows = page.locator("#listing-body > tr")
    expect(rows).to_have_count(4)
    page.get_by_role("searchbox").fill("дарья")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/settings/team\?q=%D0%B4"))
    role = page.get_by_role("combobox", name=f"Роль: {DARYA}")
    role.select_option("admin")
    expect(page.locator("#toasts")).to_contain_text("новая роль — «Администратор»")
    page.locator("#toasts").get_by_role("button", name="Вернуть").click()
    expect(role).to_have_value("operator")
    page.get_by_role("button", name=f"Отключить: {DARYA}").click()
    expect(rows.first).to_contain_text("Отключён")
    page.get_by_role("button", name=f"Включить: {DARYA}").click()
    expect(rows.first).to_contain_text("Работает")
    assert page.evaluate("window.sameDocument === true")


def test_what_is_wrong_on_a_sites_page_gets_the_focus_and_what_is_right_reaches_the_chat(owner: Witness,
                                                                                         stack: Stack) -> None:
    page = open_at(owner, stack, "/settings/sites")
    page.locator("#listing-body a").first.click()
    page.get_by_role("group", name="Место кнопки").get_by_label("Слева").check()
    expect(page.locator("#preview circle").last).to_have_attribute("cx", "30")      # drawn anew while one looks
    domains, before = page.get_by_label("Домены"), page.get_by_label("Домены").input_value()
    domains.fill("owner@shop.example")
    page.get_by_role("button", name="Сохранить").click()
    expect(domains).to_be_focused()
    expect(domains).to_have_value("owner@shop.example")
    expect(page.locator("#allowed_domains-error")).to_contain_text("похоже на адрес почты")
    expect(page.get_by_label("Слева")).to_be_checked()                              # nothing was lost
    domains.fill(before)
    page.get_by_label("Справа").check()
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("#toasts")).to_contain_text("Сохранено")
    expect(domains).to_have_value(before)


def test_a_setting_is_found_with_the_keyboard_and_has_the_focus(owner: Witness, stack: Stack) -> None:
    page = open_at(owner, stack, "/settings/team")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("валюта")
    found = page.get_by_role("list", name="Найдено").get_by_role("link").first
    expect(page).to_have_url(re.compile(r"/settings\?q=(%D0%B2%D0%B0%D0%BB%D1%8E%D1%82%D0%B0|валюта)$"))
    page.keyboard.press("Tab")
    expect(found).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Валюта")).to_be_focused()
    expect(page).to_have_url(re.compile("/settings/business#currency$"))
