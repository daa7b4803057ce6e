"""The widget is a guest: on a page that may not have it, under a strict policy, in the dark, at rest."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Visitor
from tests.browser.stack import Stack
from tests.browser.witness import Witness

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><title>Somebody else</title><link rel="icon" href="data:,">
<h1>Somebody else's page</h1><script src="{hub}/widget.js" data-site="{site}" async></script>"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and writes no log."""

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def elsewhere(stack: Stack, tmp_path: Path) -> Iterator[str]:
    """A page with the shop's tag on an origin that the site does not allow."""
    (tmp_path / "index.html").write_text(PAGE.format(hub=stack.hub, site=stack.site))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_page_that_may_not_have_it_gets_nothing(
        browse: Callable[..., Witness], stack: Stack, elsewhere: str) -> None:
    witness = browse()
    witness.own.add(urlsplit(elsewhere).netloc)
    witness.expected = ["403"]      # Chromium says so itself, whatever we do
    page = witness.context.new_page()
    with page.expect_response("**/widget/config*") as config:
        page.goto(elsewhere)
    assert config.value.status == 403
    page.wait_for_function("window.Parley && !Array.isArray(window.Parley)")
    page.evaluate("Parley.open()")      # the page's own button may still be there
    page.mouse.move(1200, 650)          # where the launcher would be
    page.wait_for_load_state("networkidle")
    expect(page.locator("parley-widget")).to_have_count(0)
    expect(page.get_by_role("heading")).to_have_text("Somebody else's page")
    assert witness.asked(stack.hub) == ["/widget.js", "/widget/config"]
    assert page.evaluate("Object.keys({...localStorage, ...sessionStorage})") == []
    assert len(witness.told) <= 1 and len(witness.errors) <= 1


def test_it_stands_under_the_strict_policy_in_the_dark_and_without_motion(
        visitor: Visitor, stack: Stack) -> None:
    chat = visitor("en", color_scheme="dark", reduced_motion="reduce")
    served = chat.page.request.get(f"{stack.shop}/en/").headers["content-security-policy"]
    assert "default-src 'none'" in served and "unsafe" not in served
    chat.open()
    host = chat.page.locator("parley-widget")
    expect(host).to_have_attribute("data-theme", "dark")
    chat.ask()
    red, green, blue = chat.dialog.evaluate(
        "node => getComputedStyle(node).backgroundColor.match(/[\\d.]+/g).slice(0, 3).map(Number)")
    assert max(red, green, blue) < 64
    moving = chat.page.evaluate("""document.querySelector("parley-widget").shadowRoot.getAnimations()
        .map((one) => `${one.animationName || one.transitionProperty} of ${one.effect.target.className}`)""")
    assert moving == []


def test_the_page_can_open_and_close_it(visitor: Visitor) -> None:
    chat = visitor("en")
    chat.page.evaluate("""window.heard = [];
        for (const name of ["open", "close", "send", "message", "unread"])
        Parley.on(name, () => window.heard.push(name)); Parley.open()""")
    expect(chat.dialog).to_be_visible()
    chat.ask()
    chat.page.evaluate("Parley.close()")
    expect(chat.dialog).to_be_hidden()
    chat.page.wait_for_function("heard.includes('close')")
    heard = chat.page.evaluate("heard")
    assert heard[0] == "open" and {"send", "message"} <= set(heard)


def test_the_shop_keeps_its_keys_and_its_looks(visitor: Visitor) -> None:
    chat = visitor("en")
    chat.page.evaluate("""window.pressed = [];
        addEventListener("keydown", (event) => pressed.push(event.key))""")
    look = "getComputedStyle(document.querySelector('h1')).font"
    before = chat.page.evaluate(look)
    chat.open().say("keys")
    assert chat.page.evaluate("pressed") == []
    assert chat.page.evaluate(look) == before
    assert chat.page.evaluate("Object.keys(window).filter(name => /parley/i.test(name))") == ["Parley"]
