"""The demo shop as a visitor and their browser see it: pages, languages, policy, pictures, cart, process."""

import json
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from scripts.demo import content
from scripts.demo.content import Article
from scripts.demo.shelf import price, slug
from scripts.demo.shop import create_shop, text_of

from tests.waits import STUCK_S

HUB = "https://hub.example"
POLICY = (
    "default-src 'none'; script-src 'self' https://hub.example; "
    "connect-src https://hub.example wss://hub.example; style-src 'self'; "
    "img-src 'self' https://hub.example data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SKUS = [item["sku"] for item in content.products()]


@pytest.fixture(scope="module")
def shop() -> FlaskClient:
    return create_shop(HUB, "site-token").test_client()


@pytest.fixture(scope="module")
def site(shop: FlaskClient) -> dict[str, str]:
    """Every page that links lead to from both start pages: address -> HTML. A dead link fails here."""
    found: dict[str, str] = {}
    waiting = ["/ru/", "/en/"]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        answer = shop.get(address)
        assert answer.status_code == 200, address
        found[address] = answer.text if answer.mimetype == "text/html" else ""
        waiting += re.findall(r'(?:href|src|srcset)="(/[^"#]*)', found[address])
    return {address: html for address, html in found.items() if html}


@pytest.mark.parametrize(("asks", "gets"), [
    ("ru-RU,ru;q=0.9,en;q=0.8", "/ru/"), ("en-GB,en;q=0.9", "/en/"), ("de,en;q=0.5", "/en/"),
    ("de", "/ru/"), ("", "/ru/"),
])
def test_the_front_door_leads_to_the_visitors_language(shop: FlaskClient, asks: str, gets: str) -> None:
    answer = shop.get("/", headers={"Accept-Language": asks})
    assert (answer.status_code, answer.location) == (302, gets)


def test_it_says_that_it_is_alive(shop: FlaskClient) -> None:
    assert shop.get("/healthz").status_code == 200


def test_links_lead_to_every_page_and_none_is_dead(site: dict[str, str]) -> None:
    assert len([address for address in site if "/items/" in address]) == 2 * 30
    assert len([address for address in site if re.search("/help/.", address)]) == 2 * 40


def test_every_page_loads_the_widget_with_its_one_line(site: dict[str, str]) -> None:
    line = '<script src="https://hub.example/widget.js" data-site="site-token" async></script>'
    assert [address for address, html in site.items() if html.count(line) != 1] == []


def test_no_page_needs_inline_script_or_style(site: dict[str, str]) -> None:
    for address, html in site.items():
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", html), address
        inline = set(re.findall(r"<script(?! src)([^>]*)>", html))
        assert inline <= {' type="application/json" id="goods"'}, address  # data, which no policy forbids


def test_every_page_says_that_this_is_a_demo(site: dict[str, str]) -> None:
    for address, html in site.items():
        words = "Демонстрационный магазин Parley" if address.startswith("/ru/") else "Parley&#39;s demo shop"
        assert words in html, address


def test_every_page_leads_to_itself_in_the_other_language(site: dict[str, str]) -> None:
    for address, html in site.items():
        other = {"ru": "/en", "en": "/ru"}[address[1:3]] + address[3:]
        assert f'rel="alternate" hreflang="{other[1:3]}" href="{other}"' in html, address


@pytest.mark.parametrize("address", ["/ru/", "/en/cart/", "/ru/nowhere/", "/healthz", "/images/VR-JK-01.svg"])
def test_the_policy_stands_on_every_answer(shop: FlaskClient, address: str) -> None:
    assert shop.get(address).headers["Content-Security-Policy"] == POLICY


def test_a_plain_http_hub_gets_a_plain_ws_origin() -> None:
    answer = create_shop("http://localhost:8000/", "t").test_client().get("/en/")
    policy = answer.headers["Content-Security-Policy"]
    assert "connect-src http://localhost:8000 ws://localhost:8000;" in policy
    assert '<script src="http://localhost:8000/widget.js"' in answer.text


@pytest.mark.parametrize("address", ["", "hub.example", "ftp://hub.example", "https://"])
def test_it_refuses_an_address_that_no_widget_could_load_from(address: str) -> None:
    with pytest.raises(ValueError, match="must look like"):
        create_shop(address, "t")


def test_a_strange_site_token_stays_inside_its_attribute() -> None:
    html = create_shop(HUB, '"><script>alert(1)</script>').test_client().get("/en/").text
    assert "<script>alert" not in html


def test_the_catalogue_shows_one_section_when_asked(shop: FlaskClient) -> None:
    html = shop.get("/en/catalogue/tents-sleep/").text
    shown = {item["sku"] for item in content.products() if f"/images/{item['sku']}.svg" in html}
    assert shown == {f"VR-TS-0{n}" for n in range(1, 6)}
    assert shop.get("/en/catalogue/spaceships/").status_code == 404


def test_a_product_page_shows_its_price_sizes_and_discount(shop: FlaskClient) -> None:
    html = shop.get("/ru/items/korba-trail-shoes/").text
    assert "9\u00a0700\u00a0₽" in html and "<s>11\u00a0400\u00a0₽</s>" in html
    assert re.findall(r'name="size" value="(\d+)"', html) == [str(n) for n in range(36, 47)]
    assert "/ru/help/size-footwear/" in html


@pytest.mark.parametrize(("item", "words"), [
    ("gull-1-tent", "Tell me when it is back"), ("portage-75-backpack", "Ships within 45 days"),
])
def test_what_is_out_of_stock_cannot_be_added(shop: FlaskClient, item: str, words: str) -> None:
    html = shop.get(f"/en/items/{item}/").text
    assert words in html and "Add to cart" not in html


def test_the_delivery_page_repeats_the_help_articles_word_for_word(shop: FlaskClient) -> None:
    html = shop.get("/en/delivery/").text
    assert "<td>190\u00a0₽</td>" in html and "Orders placed before 14:00 Moscow time" in html


@pytest.mark.parametrize(("address", "words"), [
    ("/en/items/unicorn/", "The trail ends here"), ("/en/help/unicorn/", "The trail ends here"),
    ("/ru/unicorn/", "Тропа кончилась"), ("/unicorn", "Тропа кончилась"),
    ("/images/unicorn.svg", "Тропа кончилась"),
])
def test_a_wrong_address_gets_a_page_that_leads_back(shop: FlaskClient, address: str, words: str) -> None:
    answer = shop.get(address)
    assert answer.status_code == 404
    assert words in answer.text and "/catalogue/" in answer.text


@pytest.mark.parametrize("sku", SKUS)
def test_a_product_has_its_own_picture_by_day_and_by_night(shop: FlaskClient, sku: str) -> None:
    day, night = shop.get(f"/images/{sku}.svg"), shop.get(f"/images/night/{sku}.svg")
    assert day.mimetype == "image/svg+xml"
    assert ElementTree.fromstring(day.text).get("viewBox") == "0 0 400 400"
    assert ElementTree.fromstring(night.text).tag.endswith("svg") and day.text != night.text


def test_no_two_products_look_the_same(shop: FlaskClient) -> None:
    drawings = {re.sub("<title>.*</title>", "", shop.get(f"/images/{sku}.svg").text) for sku in SKUS}
    assert len(drawings) == len(SKUS)


def test_markup_inside_an_article_stays_text() -> None:
    text = "<script>alert(1)</script> **bold** [a](javascript:alert(1))"
    html = text_of(Article("x", "en", "X", "faq", [], text))
    assert "<script" not in html and "<strong>bold</strong>" in html and 'href="javascript' not in html


def test_addresses_and_prices_are_written_as_people_write_them() -> None:
    assert slug("Froglet Kids' Rain Suit") == "froglet-kids-rain-suit"
    assert slug("Bear −10 Sleeping Bag") == "bear-10-sleeping-bag"
    assert (price(890, "ru"), price(18900, "en")) == ("890\u00a0₽", "18,900\u00a0₽")


@pytest.fixture
def running() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The shop as its own process on a free port: (process, address)."""
    argv = [sys.executable, "-m", "scripts.demo.shop", "--port", "0", "--hub", HUB, "--site", "token"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().split()[-1]
        finally:
            process.kill()


def test_the_process_serves_quietly_and_ends_on_sigterm(running: tuple[subprocess.Popen[str], str]) -> None:
    process, address = running
    with urllib.request.urlopen(f"{address}/healthz", timeout=STUCK_S) as answer:
        assert json.load(answer) == {"ok": True}
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=STUCK_S) == ("", "")
    assert process.returncode == 0
