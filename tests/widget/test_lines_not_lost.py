"""The built widget in Chromium when the line, the hub and the other tabs misbehave: nothing is lost or doubled."""

import random
from collections.abc import Callable

import pytest

from tests.widget.fake_hub import LOST, Hub
from tests.waits import until
from tests.widget.visitor import Visitor

pytestmark = pytest.mark.browser


def test_lines_written_without_a_connection_survive_the_page_and_go_in_order(
        hub: Hub, visit: Callable[..., Visitor]) -> None:
    one = visit().open()
    one.write("ноль")
    until(lambda: one.status() == "Отправлено")
    hub.fates = [(503, "down")] * 400
    hub.sockets = hub.streams = False
    hub.cut()
    for text in ("раз", "два", "три"):
        one.write(text)
    until(lambda: "Нет связи" in one.find(".notice").inner_text())
    hub.fates = []
    one.context.route("**/widget/messages", lambda route: route.abort())
    one.go("two")
    one.find(".panel.open").wait_for()
    until(lambda: one.lines()[-3:] == ["раз", "два", "три"])
    one.context.unroute("**/widget/messages")
    hub.sockets = True
    until(lambda: hub.texts() == ["ноль", "раз", "два", "три"])
    until(lambda: one.lines() == hub.texts() and one.status() == "Отправлено")
    until(lambda: not any(".out." in key for key in one.kept()))


def test_an_answer_that_was_lost_does_not_double_the_line(hub: Hub, visit: Callable[..., Visitor]) -> None:
    hub.fates = [LOST]
    one = visit().open()
    one.write("раз")
    until(lambda: one.status() == "Отправлено")
    until(lambda: len(hub.asked("send")) == 2 and not any(".out." in key for key in one.kept()))
    until(lambda: (one.lines(), hub.texts()) == (["раз"], ["раз"]))
    assert len({body["clientId"] for body in hub.asked("send")}) == 1


def test_two_tabs_are_one_visitor_and_send_each_line_once(hub: Hub, visit: Callable[..., Visitor]) -> None:
    one = visit().open()
    other = visit(of=one).open()
    for number in range(8):
        one.write(f"первая {number}")
        other.write(f"вторая {number}")
    until(lambda: len(hub.conversation.rows) == 16)
    assert len(hub.talks) == 1
    until(lambda: one.lines() == other.lines() == hub.texts())


def test_a_line_cut_again_and_again_loses_and_doubles_nothing(hub: Hub, visit: Callable[..., Visitor]) -> None:
    chance = random.Random(7)
    one = visit().open()
    one.write("начало")
    until(lambda: one.status() == "Отправлено")
    for number in range(60):
        hub.say(f"сообщение {number}", heard=chance.random() < 0.9)
        if chance.random() < 0.3:
            hub.cut()
        one.page.wait_for_timeout(chance.choice((0, 0, 50, 300)))
    hub.say("конец")
    until(lambda: one.lines() == hub.texts())


def test_without_sockets_it_streams_and_without_streams_it_asks(hub: Hub, visit: Callable[..., Visitor]) -> None:
    hub.sockets = False
    one = visit().open()
    one.write("раз")
    until(lambda: hub.asked("events"))
    hub.say("по потоку")
    until(lambda: one.lines()[-1] == "по потоку")
    hub.streams = False
    other = visit().open()
    other.write("два")
    until(lambda: any("since" in query for query in hub.asked("messages")))
    hub.say("по опросу")
    until(lambda: other.lines()[-1] == "по опросу")


def test_a_visitor_whom_the_hub_forgot_goes_on_as_a_new_one(hub: Hub, visit: Callable[..., Visitor]) -> None:
    one = visit().open()
    one.write("раз")
    until(lambda: one.status() == "Отправлено")
    hub.talks.clear()
    one.write("два")
    until(lambda: one.lines() == ["два"] and hub.texts() == ["два"])


def test_a_refused_line_says_why_and_can_be_sent_again_or_deleted(hub: Hub, visit: Callable[..., Visitor]) -> None:
    hub.fates = [(400, "text_invalid"), (400, "text_invalid")]
    one = visit().open()
    one.write("раз")
    until(lambda: "недопустимые символы" in one.status())
    one.write("два")
    until(lambda: one.find(".failed").count() == 2)
    one.page.get_by_role("button", name="Повторить").first.click()
    one.page.get_by_role("button", name="Удалить").last.click()
    until(lambda: one.lines() == ["раз"] and hub.texts() == ["раз"])


def test_told_to_slow_down_it_says_so_and_goes_on_later(hub: Hub, visit: Callable[..., Visitor]) -> None:
    hub.fates = [(429, "rate_limited")]
    one = visit().open()
    one.write("раз")
    until(lambda: "Слишком много" in one.find(".notice").inner_text())
    until(lambda: one.status() == "Отправлено")
    assert len(hub.asked("send")) == 2
