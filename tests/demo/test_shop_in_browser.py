"""The demo shop in Chromium: the policy lets everything needed through, and the cart counts right."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from scripts.demo.shop import create_shop
from tests.chromium import launched

pytestmark = pytest.mark.browser

HUB = "http://hub.example:8080"
WIDGET = "document.documentElement.dataset.widget = document.currentScript.dataset.site;"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_shop(HUB, "site-token"), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join(5)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone at night whose console must stay silent; the hub's script is answered on its behalf."""
    page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page.route(f"{HUB}/widget.js", lambda route: route.fulfill(body=WIDGET, content_type="text/javascript"))
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    page.close()
    assert said == []


def test_the_policy_lets_the_widget_the_font_and_the_pictures_in(page: Page, address: str) -> None:
    page.goto(f"{address}/en/")
    page.wait_for_selector("html[data-widget=site-token]")
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px Onest'))")
    page.wait_for_function("() => document.querySelector('.section img').naturalWidth > 0")


@pytest.mark.parametrize("path", [
    "/ru/", "/ru/catalogue/", "/ru/items/karelit-hiking-boots/", "/ru/delivery/",
    "/ru/about/", "/ru/cart/", "/ru/help/", "/ru/help/choose-tent/",
])
def test_no_page_is_wider_than_a_phone(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_cart_adds_counts_discounts_and_remembers(page: Page, address: str) -> None:
    page.goto(f"{address}/en/items/moss-fleece/")
    page.click("text=XL >> nth=0")
    page.click("text=Add to cart")
    expect(page.locator("[data-count]")).to_have_text("1")
    page.goto(f"{address}/en/cart/")
    expect(page.locator("[data-size]")).to_have_text("Size XL")
    expect(page.locator("[data-free]")).to_have_text("Left to free delivery to a pickup point: 1,100\u00a0₽")
    page.click("[data-more]")
    expect(page.locator("[data-pay]")).to_have_text("11,800\u00a0₽")
    expect(page.locator("[data-free]")).to_have_text("Delivery to a pickup point is free")
    page.fill("#code", "varaka10 ")
    page.click("text=Apply")
    expect(page.locator("[data-pay]")).to_have_text("10,620\u00a0₽")
    page.reload()
    expect(page.locator("[data-quantity]")).to_have_text("2")
    page.click("[data-remove]")
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    expect(page.locator("[data-count]")).to_be_hidden()


def test_the_code_leaves_sale_goods_at_their_price(page: Page, address: str) -> None:
    page.goto(f"{address}/en/items/korba-trail-shoes/")
    page.click("text=Add to cart")
    page.goto(f"{address}/en/cart/")
    page.fill("#code", "VARAKA10")
    page.click("text=Apply")
    expect(page.locator("[data-promo-note]")).to_contain_text("from 3,000")
    expect(page.locator("[data-pay]")).to_have_text("9,700\u00a0₽")


def test_checking_out_says_that_nothing_was_ordered(page: Page, address: str) -> None:
    page.goto(f"{address}/en/items/varaka-enamel-mug/")
    page.click("text=Add to cart")
    page.click("text=Open")
    page.click("text=Check out")
    expect(page.locator("[data-checkout-note]")).to_contain_text("the order goes nowhere")


def test_a_foreign_thing_in_storage_does_not_break_the_cart(page: Page, address: str) -> None:
    page.goto(f"{address}/en/")
    page.evaluate("localStorage.setItem('cart', '{\"not\": \"a list\"}')")
    page.goto(f"{address}/en/cart/")
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
