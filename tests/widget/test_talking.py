"""The built widget in Chromium as a visitor uses it: with a mouse, a keyboard, a phone, a screen reader."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.widget.fake_hub import Hub
from tests.waits import until
from tests.widget.visitor import Visitor

pytestmark = pytest.mark.browser

ANSWER = "Да, **машину можно забрать** в аэропорту. Стойка открыта круглосуточно."
SOURCE = {"title": "Выдача", "url": "https://north.example/airport", "quote": "Стойка в зале прилёта"}
TOP = "node => node.getBoundingClientRect().top"
# Scrolls up and says which line is in the middle, and where it is; in one step, before anything can come in.
UP = """node => {
    node.scrollTop = 100
    const half = node.getBoundingClientRect().top + node.clientHeight / 2
    const line = [...node.querySelectorAll(".msg .text")].find(one => one.getBoundingClientRect().top > half)
    return [line.innerText, line.getBoundingClientRect().top]
}"""
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def test_a_streamed_answer_becomes_the_message_with_its_sources(hub: Hub, visit: Callable[..., Visitor]) -> None:
    one = visit().open()
    one.write("Можно в аэропорту?")
    until(lambda: one.status() == "Отправлено")
    hub.publish({"type": "typing", "who": "ai", "name": "Нова", "on": True})
    one.find(".typing").wait_for()
    hub.stream(ANSWER, "t1")
    one.find(".streaming strong").wait_for()
    hub.say(ANSWER, "assistant", turn="t1", sources=[SOURCE])
    one.find(".source").click()
    assert one.find("figure blockquote").inner_text() == SOURCE["quote"]
    link = one.find("figure a")
    assert link.get_attribute("href") == SOURCE["url"]
    assert link.get_attribute("rel") == "noopener noreferrer nofollow ugc"
    until(lambda: one.find(":is(.streaming, .typing)").count() == 0)
    assert one.find(".mark").first.inner_text() == "ИИ"
    heard = one.find("div.sr").last
    until(lambda: "Стойка открыта круглосуточно." in heard.inner_text())
    assert heard.inner_text().count("Стойка открыта круглосуточно.") == 1, "whole sentences, each once"


def test_a_withdrawn_answer_disappears(hub: Hub, visit: Callable[..., Visitor]) -> None:
    one = visit().open()
    one.write("вопрос")
    until(lambda: one.status() == "Отправлено")
    hub.stream("Думаю, что", "t1")
    one.find(".streaming").wait_for()
    hub.publish({"type": "reply.withdrawn", "turn": "t1"})
    until(lambda: one.find(".streaming").count() == 0)


def test_a_person_is_one_click_away_and_takes_over_in_plain_sight(hub: Hub, visit: Callable[..., Visitor]) -> None:
    one = visit().open()
    one.page.get_by_role("button", name="Позвать человека").click()
    until(lambda: "Зовём человека" in one.find(".bar").inner_text())
    hub.say("", "system", event="handoff.taken", name="Анна")
    hub.change("handoff.taken", handoff="active", floor="operator", operator={"name": "Анна"}, status="active")
    until(lambda: one.find(".head .status").inner_text() == "Анна на связи")
    until(lambda: one.find(".system").all_inner_texts() == ["Позвали человека", "Анна на связи"])
    until(lambda: not one.find(".call").is_visible())


def test_keyboard_alone_is_enough(hub: Hub, visit: Callable[..., Visitor]) -> None:
    one = visit()
    one.page.keyboard.press("Tab")
    one.page.keyboard.press("Tab")
    until(lambda: one.focus() == "launcher")
    one.page.keyboard.press("Enter")
    one.find("textarea:focus").wait_for()
    one.page.keyboard.type("один")
    one.page.keyboard.press("Shift+Enter")
    one.page.keyboard.type("два")
    one.find("textarea").evaluate("node => node.dispatchEvent(new KeyboardEvent('keydown', "
                                  "{key: 'Enter', isComposing: true, bubbles: true, composed: true}))")
    assert one.find("textarea").input_value() == "один\nдва", "an input method's Enter does not send"
    one.page.keyboard.press("Enter")
    until(lambda: one.lines() == ["один\nдва"])
    one.page.keyboard.press("Escape")
    until(lambda: not one.find(".panel").is_visible())
    until(lambda: one.focus() == "launcher")


def test_on_a_phone_it_fills_the_screen_and_keeps_the_focus_inside(hub: Hub, visit: Callable[..., Visitor]) -> None:
    one = visit(**PHONE).open()
    assert one.at_rest().bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert one.find(".panel").get_attribute("aria-modal") == "true"
    stops = []
    for _ in range(9):
        one.page.keyboard.press("Tab")
        stops.append(one.focus())
    assert stops.count("round close") >= 2, stops
    one.find(".close").click()
    until(lambda: one.find(".launcher").is_visible())


def test_long_history_is_read_in_pages_and_keeps_the_readers_place(hub: Hub, visit: Callable[..., Visitor]) -> None:
    one = visit().open()
    one.write("начало")
    until(lambda: one.status() == "Отправлено")
    for number in range(80):
        hub.say(f"сообщение {number} " + "подлиннее " * (number % 9))
    one.go("two")
    until(lambda: len(one.lines()) == 30)
    one.at_rest()
    scroll = one.find(".scroll")
    text, top = scroll.evaluate(UP)
    until(lambda: len(one.lines()) == 60)
    until(lambda: abs(one.find(".text").get_by_text(text, exact=True).evaluate(TOP) - top) <= 2)
    hub.say("новость")
    until(lambda: one.find(".pill").inner_text() == "1 новое сообщение")
    one.find(".pill").click()
    until(lambda: scroll.evaluate("node => node.scrollHeight - node.clientHeight - node.scrollTop") < 3)
    until(lambda: not one.find(".pill").is_visible())


def test_unread_answers_wait_on_the_launcher_of_every_page(hub: Hub, visit: Callable[..., Visitor]) -> None:
    one = visit().open()
    one.write("раз")
    until(lambda: one.status() == "Отправлено")
    one.page.keyboard.press("Escape")
    hub.say("ответ")
    hub.say("ещё")
    until(lambda: one.find(".badge").inner_text() == "2")
    until(lambda: one.find(".launcher").get_attribute("aria-label") == "Открыть чат, 2 непрочитанных сообщения")
    other = visit("two", of=one)
    until(lambda: other.find(".badge").inner_text() == "2")
    other.open()
    until(lambda: hub.asked("read")[-1:] == [{"upTo": "msg-00002"}])
    until(lambda: one.find(".badge").inner_text() == "")


def test_the_form_comes_first_when_the_business_asks_for_one(hub: Hub, visit: Callable[..., Visitor]) -> None:
    hub.config["preChat"] = {"fields": [{"name": "name", "required": True}, {"name": "email", "required": True},
                                        {"name": "phone", "required": False}]}
    one = visit().open()
    one.page.get_by_role("button", name="Начать чат").click()
    until(lambda: one.find(".error").all_inner_texts() == ["Заполните это поле", "Заполните это поле", ""])
    one.page.get_by_label("Ваше имя").fill("Иван")
    one.page.get_by_label("Электронная почта").fill("ivan@mail.example")
    one.page.get_by_role("button", name="Начать чат").click()
    one.write("Здравствуйте")
    until(lambda: hub.asked("send"))
    assert hub.asked("send")[0]["visitor"] == {"name": "Иван", "email": "ivan@mail.example"}
