"""An operator and a visitor at the same time: what one does the other sees, and nobody reloads a page."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browser import inbox as at
from tests.browser.chat import Chat, Visitor
from tests.browser.conftest import sign_in
from tests.browser.inbox import Inbox, Operator
from tests.browser.stack import Stack
from tests.browser.witness import Witness

pytestmark = pytest.mark.browser

ILYA = "Илья Морозов"


def meet(visitor: Visitor, operator: Operator) -> tuple[Chat, Inbox]:
    """A visitor who has been answered, and the operator with that conversation in front of them."""
    inbox, chat = operator(), visitor().open()
    chat.ask()
    inbox.open(chat)
    expect(inbox.line(chat.words["fact"])).to_be_visible()
    return chat, inbox


def no_reload(page: Page) -> None:
    """From now on this page must stay the same document; see `same`."""
    page.evaluate("window.sameDocument = true")


def same(page: Page) -> bool:
    return bool(page.evaluate("window.sameDocument === true"))


def test_the_form_lets_in_only_with_the_right_password(browse: Callable[..., Witness], stack: Stack) -> None:
    witness = browse(locale="ru-RU")
    witness.expected = ["401"]      # Chromium says on the console that the page's status was 401
    inbox = Inbox(witness.context.new_page(), stack.hub, witness)
    inbox.page.goto(f"{stack.hub}/inbox?filter=mine")
    inbox.page.get_by_label("Почта").fill(stack.operator["email"])
    inbox.page.get_by_label("Пароль").fill("not the password")
    inbox.page.keyboard.press("Enter")
    expect(inbox.page.get_by_role("alert")).to_contain_text("Неверная почта или пароль.")
    expect(inbox.page.get_by_label("Почта")).to_have_value(stack.operator["email"])
    inbox.page.get_by_label("Пароль").fill(stack.operator["password"])
    inbox.page.keyboard.press("Enter")
    expect(inbox.page).to_have_url(f"{stack.hub}/inbox?filter=mine")    # where they wanted to go


def test_signing_out_ends_it(browse: Callable[..., Witness], stack: Stack) -> None:
    witness = browse(locale="ru-RU", viewport={"width": 1440, "height": 900})
    inbox = Inbox(witness.context.new_page(), stack.hub, witness)
    sign_in(inbox, stack)
    witness.expected.append("[object Event]")       # the hub ends the stream of whoever signs out
    inbox.page.get_by_label(re.compile("Ваш аккаунт")).first.click()
    inbox.page.get_by_role("button", name="Выйти").click()
    expect(inbox.page.get_by_role("heading", name="Войти")).to_be_visible()
    inbox.page.goto(f"{stack.hub}/inbox")
    expect(inbox.page).to_have_url(re.compile("/auth/login"))


def test_a_new_conversation_appears_by_itself(visitor: Visitor, operator: Operator) -> None:
    inbox, chat = operator(), visitor().open()
    no_reload(inbox.page)
    chat.say("есть ли у вас палатки цвета фуксии")
    expect(chat.event("called")).to_be_visible()
    expect(inbox.row(chat)).to_contain_text("Ждёт человека")
    expect(inbox.page).to_have_title(re.compile(r"^\(\d+\)"))
    inbox.open(chat)
    expect(inbox.line("палатки цвета фуксии")).to_be_visible()
    assert same(inbox.page)


def test_what_comes_while_the_list_is_being_fetched_is_shown_after_it(visitor: Visitor, operator: Operator) -> None:
    inbox, first, second = operator(), visitor().open(), visitor().open()
    late: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if late:
            route.fallback()
        else:
            late.append((route, route.fetch()))

    inbox.page.route("**/inbox/rows?*", hold)
    inbox.page.evaluate("""() => {
        window.wishes = 0
        document.querySelector("#inbox-list").addEventListener("htmx:trigger", () => { window.wishes += 1 })
    }""")
    with inbox.page.expect_request("**/inbox/rows?*"):
        first.ask()
    before = inbox.page.evaluate("wishes")
    second.ask()
    inbox.page.wait_for_function("before => wishes > before", arg=before)
    route, old = late[0]
    route.fulfill(response=old)
    expect(inbox.row(second)).to_be_visible()


def test_lines_arrive_in_the_open_conversation(visitor: Visitor, operator: Operator) -> None:
    chat, inbox = meet(visitor, operator)
    no_reload(inbox.page)
    chat.ask(chat.words["other"], chat.words["other_fact"])
    expect(inbox.line(chat.words["other_fact"])).to_be_visible()
    expect(inbox.line(chat.words["other"]).first).to_be_visible()
    expect(inbox.said("customer")).to_have_text([chat.words["question"], chat.words["other"]])
    assert same(inbox.page)


def test_each_sees_the_other_write(visitor: Visitor, operator: Operator) -> None:
    chat, inbox = meet(visitor, operator)
    chat.field.press_sequentially("я тут думаю")
    expect(inbox.page.locator("#stream [data-part=typing]")).to_be_visible()


def test_why_shows_sources_and_scores(visitor: Visitor, operator: Operator) -> None:
    chat, inbox = meet(visitor, operator)
    inbox.line(chat.words["fact"]).get_by_role("link", name=at.WHY).click()
    expect(inbox.why).to_be_visible()
    expect(inbox.why.get_by_role("heading", level=4).first).to_contain_text(chat.words["source"])
    expect(inbox.why).to_contain_text(re.compile(r"Сходство \d"))
    expect(inbox.why).to_contain_text(re.compile(r"\d+\s%"))
    expect(inbox.why.locator(".asked")).to_have_text(chat.words["question"])


def test_a_person_takes_over_and_talks_with_the_visitor(visitor: Visitor, operator: Operator) -> None:
    chat, inbox = meet(visitor, operator)
    inbox.press(at.TAKE)
    expect(inbox.floor).to_contain_text(at.MINE)
    expect(chat.event("taken", name=ILYA)).to_be_visible()
    inbox.reply("Добрый день! Проверю на складе.")
    answer = chat.others("Проверю на складе")
    expect(answer).to_be_visible()
    expect(answer.locator(".by")).to_have_text(ILYA)
    expect(answer.locator(".mark")).to_have_count(0)        # a person is not marked as AI
    chat.say("Спасибо, жду")
    expect(inbox.line("Спасибо, жду")).to_be_visible()


def test_the_ai_is_silent_while_a_person_has_the_floor(visitor: Visitor, operator: Operator) -> None:
    chat, inbox = meet(visitor, operator)
    inbox.press(at.TAKE)
    expect(inbox.floor).to_contain_text(at.MINE)
    chat.say(chat.words["other"])       # it knows the answer
    expect(inbox.line(chat.words["other"])).to_be_visible()
    inbox.reply("Отвечаю сам.")
    expect(chat.others("Отвечаю сам.")).to_be_visible()
    inbox.press(at.RELEASE)
    expect(chat.event("released")).to_be_visible()
    chat.ask("Можно оплатить наличными при получении?", "наличными курьеру")
    assert chat.others(chat.words["other_fact"]).count() == 0      # and it does not make up for it afterwards
    expect(inbox.said("operator")).to_have_count(1)


def test_closing_can_be_undone(visitor: Visitor, operator: Operator) -> None:
    chat, inbox = meet(visitor, operator)
    no_reload(inbox.page)
    inbox.page.keyboard.press("e")
    expect(inbox.floor).to_contain_text(at.CLOSED)
    expect(chat.event("resolved")).to_be_visible()
    inbox.toasts.get_by_role("button", name=at.UNDO).click()
    expect(inbox.floor).to_contain_text(at.MINE)
    expect(inbox.toasts.get_by_role("button", name=at.UNDO)).to_have_count(0)
    assert same(inbox.page)
    inbox.reply("Ещё минуту!")
    expect(chat.others("Ещё минуту!")).to_be_visible()


def test_a_closed_conversation_opens_when_the_visitor_writes(visitor: Visitor, operator: Operator) -> None:
    chat, inbox = meet(visitor, operator)
    inbox.press(at.CLOSE)
    expect(chat.event("resolved")).to_be_visible()
    expect(inbox.page.get_by_role("button", name=at.REOPEN)).to_be_visible()
    chat.ask(chat.words["other"], chat.words["other_fact"])
    expect(inbox.line(chat.words["other_fact"])).to_be_visible()
    expect(inbox.floor).not_to_contain_text(at.CLOSED)


def test_a_reply_that_could_not_be_sent_is_kept(visitor: Visitor, operator: Operator) -> None:
    chat, inbox = meet(visitor, operator)
    inbox.witness.expected = ["ERR_INTERNET_DISCONNECTED", "htmx:"]
    inbox.witness.context.set_offline(True)
    inbox.field.fill("Это не должно пропасть")
    inbox.field.press("Enter")
    expect(inbox.toasts).to_contain_text("Нет связи")
    expect(inbox.field).to_have_value("Это не должно пропасть")
    inbox.witness.context.set_offline(False)
    inbox.field.press("Enter")
    expect(chat.others("Это не должно пропасть")).to_have_count(1)
    inbox.page.reload()
    expect(inbox.field).to_have_value("")
