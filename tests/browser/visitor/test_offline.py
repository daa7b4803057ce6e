"""The visitor's line breaks and comes back: nothing written is lost, nothing said is missed."""


import pytest
from playwright.sync_api import expect

from tests.browser import inbox as at
from tests.browser.chat import Chat, Visitor
from tests.browser.inbox import Operator
from tests.browser.line import Line
from tests.browser.stack import Stack

pytestmark = pytest.mark.browser

LINES = ["Первая строка без связи", "Вторая строка без связи"]


def conversation(visitor: Visitor, stack: Stack) -> tuple[Chat, Line]:
    """A visitor who has been answered, and the line that carries it."""
    chat = visitor()
    line = Line(chat.page.context)
    chat.witness.expected = ["ERR_INTERNET_DISCONNECTED", "WebSocket"]      # which is what we are here for
    chat.page.reload()
    chat.open().ask()
    return chat, line


def test_lines_wait_visibly_and_leave_once_in_order(
        visitor: Visitor, operator: Operator, stack: Stack) -> None:
    chat, line = conversation(visitor, stack)
    inbox = operator().open(chat)
    line.cut()
    for text in LINES:
        expect(chat.say(text)).to_contain_text(chat.words["waiting"])
    expect(chat.dialog.get_by_role("status").filter(has_text=chat.words["no_line"])).to_be_visible()
    line.mend()
    chat.sent(LINES[1])
    expect(chat.own(chat.words["waiting"])).to_have_count(0)
    for text in LINES:
        expect(inbox.line(text)).to_have_count(1)
    assert inbox.bubbles("customer") == [chat.words["question"], *LINES] == chat.said("own")


def test_waiting_lines_survive_a_change_of_page(visitor: Visitor, operator: Operator, stack: Stack) -> None:
    chat, _ = conversation(visitor, stack)
    inbox = operator().open(chat)
    # Only the hub is away: the shop itself must still be there to change the page.
    chat.page.context.route(f"{stack.hub}/widget/messages**",
                            lambda route: route.abort("internetdisconnected"))
    for text in LINES:
        expect(chat.say(text)).to_contain_text(chat.words["waiting"])
    chat.page.goto(f"{stack.shop}/ru/delivery/")
    for text in LINES:
        expect(chat.own(text)).to_have_count(1)
    chat.page.context.unroute_all(behavior="ignoreErrors")
    chat.page.goto(f"{stack.shop}/ru/about/")
    chat.sent(LINES[1])
    for text in LINES:
        expect(inbox.line(text)).to_have_count(1)
    assert inbox.bubbles("customer") == [chat.words["question"], *LINES] == chat.said("own")


def test_what_was_missed_comes_once_and_in_order(visitor: Visitor, operator: Operator, stack: Stack) -> None:
    chat, line = conversation(visitor, stack)
    inbox = operator().open(chat)
    inbox.press(at.TAKE)
    expect(inbox.floor).to_contain_text(at.MINE)
    expect(chat.event("taken", name="Илья Морозов")).to_be_visible()
    line.cut()
    missed = [f"Сказано без вас, {number}" for number in (1, 2, 3)]
    for text in missed:
        inbox.reply(text)
    assert chat.others("Сказано без вас").count() == 0      # the line is really cut
    line.mend()
    expect(chat.others("Сказано без вас")).to_have_count(3)
    inbox.reply("И снова вместе")
    expect(chat.others("И снова вместе")).to_have_count(1)
    assert chat.said("other")[-4:] == [*missed, "И снова вместе"]


def test_a_chat_without_websockets_hears_all_the_same(visitor: Visitor, operator: Operator) -> None:
    chat = visitor()
    chat.page.context.route_web_socket("**/widget/live**", lambda socket: socket.close(code=1006))
    chat.page.reload()
    chat.open().ask()
    inbox = operator().open(chat)
    inbox.reply("Слышно?")
    expect(chat.others("Слышно?")).to_have_count(1)
