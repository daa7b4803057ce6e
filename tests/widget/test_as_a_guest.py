"""The built widget in Chromium as a guest: on a page of another origin, under the strictest policy, or worse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.widget.fake_hub import Hub
from tests.waits import until
from tests.widget.visitor import Visitor

pytestmark = pytest.mark.browser


def test_before_the_visitor_acts_it_asks_for_its_config_and_keeps_nothing(
        hub: Hub, visit: Callable[..., Visitor]) -> None:
    one = visit()
    one.page.mouse.move(200, 200)
    one.page.wait_for_timeout(700)
    assert [path for path, _ in hub.calls] == ["/widget.js", "/widget/config"]
    assert (one.kept(), one.page.evaluate("document.cookie")) == ([], "")
    one.open()
    one.page.wait_for_timeout(300)
    assert hub.asked("session") == [], "a look is not yet a visitor"


def test_the_chat_is_fetched_when_the_pointer_comes_near(hub: Hub, visit: Callable[..., Visitor]) -> None:
    one = visit()
    one.page.mouse.move(1170, 690)
    until(lambda: hub.asked("chat") == ["chat.ru.js"])
    assert one.find(".panel.open").count() == 0


def test_it_is_there_once_and_stays_when_a_framework_replaces_the_page(hub: Hub, visit: Callable[..., Visitor]) -> None:
    one = visit()
    one.page.evaluate("for (const tag of document.querySelectorAll('script')) tag.replaceWith(tag.cloneNode())")
    one.page.evaluate("document.body.replaceWith(document.createElement('body'))")
    one.page.evaluate("document.querySelector('parley-widget').remove()")
    until(lambda: one.page.locator("parley-widget").count() == 1)
    one.open()
    assert len(hub.asked("/widget/config")) == 1


_NEW = "const html = document.createElement('html'); html.append(document.createElement('head'), " \
       "document.createElement('body'));"


@pytest.mark.parametrize("replace", [
    f"{_NEW} document.documentElement.replaceWith(html)",
    f"document.documentElement.remove(); {_NEW} document.append(html)",
    f"document.documentElement.remove(); setTimeout(() => {{ {_NEW} document.append(html) }}, 200)",
    f"document.replaceChildren(); {_NEW} document.append(html)",
    "document.documentElement.replaceChildren(document.createElement('body'))",
], ids=["replaced", "removed and made anew", "anew after a while", "everything anew", "emptied"])
def test_it_comes_back_when_a_framework_replaces_the_whole_document(
        replace: str, hub: Hub, visit: Callable[..., Visitor]) -> None:
    one = visit()
    one.find(".launcher").wait_for()
    for _ in range(3):      # the new <html> may be replaced as well
        one.page.evaluate(f"{{ {replace} }}")
        until(lambda: one.page.locator("html > parley-widget").count() == 1)
    one.open()
    one.write("раз")
    until(lambda: one.status() == "Отправлено")


def test_a_document_that_is_replaced_before_the_config_came_gets_the_chat(
        hub: Hub, visit: Callable[..., Visitor]) -> None:
    one = visit(script=f"addEventListener('DOMContentLoaded', () => {{ {_NEW} "
                       "document.documentElement.replaceWith(html) })")
    until(lambda: one.page.locator("html > parley-widget").count() == 1)
    one.open()


@pytest.mark.parametrize("script", [
    "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, "
    "{get() { throw new DOMException('no', 'SecurityError') }})",
    "Array.prototype.toJSON = () => 'x'; Object.prototype.foo = 1; Array.prototype.bar = () => {}",
    "window.requestIdleCallback = window.CloseWatcher = undefined; delete Navigator.prototype.locks",
], ids=["storage is forbidden", "prototypes are broken", "the browser is older"])
def test_it_works_on_a_page_where(script: str, hub: Hub, visit: Callable[..., Visitor]) -> None:
    one = visit(script=script).open()
    one.write("раз")
    until(lambda: one.status() == "Отправлено")
    hub.say("ответ")
    until(lambda: one.lines() == ["раз", "ответ"])


def test_what_people_write_stays_text(hub: Hub, visit: Callable[..., Visitor]) -> None:
    hostile = ["<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "[x](javascript:alert(1))", "{{7*7}} ${7}",
               'https://a.example/"><svg onload=alert(1)>', "[https://bank.example](https://evil.example)"]
    one = visit().open()
    one.write("раз")
    until(lambda: one.status() == "Отправлено")
    for text in hostile:
        hub.say(text, "assistant", name=text, sources=[{"title": text, "url": "javascript:alert(1)", "quote": text}])
    until(lambda: len(one.lines()) == len(hostile) + 1)
    assert one.find(":is(img, script, iframe, [onload])").count() == 0
    links = one.find("a").evaluate_all("nodes => nodes.map(node => [node.href, node.textContent])")
    assert links == [["https://a.example/", "https://a.example/"], ["https://evil.example/", "https://evil.example"]]


def test_a_page_can_steer_it_and_sign_its_person_out(hub: Hub, visit: Callable[..., Visitor]) -> None:
    one = visit(script="window.heard = []; window.Parley = [['identify', {id: 'u1', hash: 'h', name: 'Аня'}], "
                       "['on', 'message', one => heard.push(one.text)], ['open']]")
    one.find(".panel.open").wait_for()
    until(lambda: hub.asked("session"))
    assert hub.asked("session")[0]["identity"] == {"id": "u1", "hash": "h", "name": "Аня"}
    one.write("моё")
    until(lambda: one.status() == "Отправлено")
    hub.say("ответ")
    until(lambda: one.page.evaluate("heard") == ["ответ"])
    one.page.evaluate("Parley.identify(null)")
    until(lambda: one.lines() == [])
    until(lambda: not any(key.endswith(".me") for key in one.kept()))
    one.page.evaluate("Parley.close()")
    until(lambda: not one.find(".panel").is_visible())


def test_a_chat_that_did_not_load_is_one_quiet_line_and_the_next_click_tries_again(
        hub: Hub, visit: Callable[..., Visitor]) -> None:
    hub.chat = False
    one = visit()
    one.find(".launcher").click()
    until(lambda: "Parley: the chat did not load" in one.heard())
    hub.chat = True
    one.open()
    assert one.said.count("Parley: the chat did not load") == 1
    one.said.remove("Parley: the chat did not load")


@pytest.mark.parametrize(("query", "scheme", "theme", "placeholder"), [
    ("?locale=en&theme=dark", "light", "dark", "Write a message…"),
    ("", "dark", "dark", "Напишите сообщение…"),
    ("?theme=light", "dark", "light", "Напишите сообщение…"),
])
def test_language_and_theme_follow_the_tag_then_the_page(
        query: str, scheme: str, theme: str, placeholder: str, hub: Hub, visit: Callable[..., Visitor]) -> None:
    one = visit(query, color_scheme=scheme).open()
    expect(one.page.locator("parley-widget")).to_have_attribute("data-theme", theme)
    expect(one.find("textarea")).to_have_attribute("placeholder", placeholder)
