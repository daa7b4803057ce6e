"""Addresses inside what people write."""

import pytest

from hub.lib import links
from hub.pages.kit.links import linked

WHOLE = [("HTTPS://EXAMPLE.COM/A", "https://EXAMPLE.COM/A"),
         ("Http://Shop.Example/?a=1&b=2", "http://Shop.Example/?a=1&b=2"),
         ("www.shop.example", "https://www.shop.example"), ("WWW.SHOP.EXAMPLE/x", "https://WWW.SHOP.EXAMPLE/x"),
         ("https://пекарня.рф/меню", "https://пекарня.рф/меню"), ("https://a.example/x_(y)", "https://a.example/x_(y)")]


@pytest.mark.parametrize(("text", "address"), WHOLE)
def test_an_address_leads_where_it_says(text: str, address: str) -> None:
    assert list(links.split(text)) == [(text, address)]
    assert list(links.split(f"see {text}, please")) == [("see ", None), (text, address), (", please", None)]


@pytest.mark.parametrize("text", ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "https://",
                                  "http://[::1",
                                  "mailto:a@b.example", "ftp://a.example", "xhttps:/a", "", "1.5"])
def test_what_is_no_web_address_stays_text(text: str) -> None:
    assert "".join(piece for piece, _ in links.split(text)) == text
    assert not any(address for _, address in links.split(text))


@pytest.mark.parametrize(("text", "end"), [("(https://a.example/x)", ")"), ("https://a.example/?!", "?!"),
                                           ("«https://a.example»", "»"), ("https://a.example/x…", "…")])
def test_the_end_of_a_sentence_is_no_part_of_an_address(text: str, end: str) -> None:
    pieces = list(links.split(text))
    assert pieces[-1] == (end, None)
    assert "".join(piece for piece, _ in pieces) == text


def test_hostile_text_takes_no_time_and_is_never_markup() -> None:
    assert len(list(links.split("https://" * 20_000))) > 0
    shown = linked('<script>alert(1)</script> HTTPS://A.EXAMPLE/"><img src=x onerror=alert(1)>')
    assert "<script" not in shown and "<img" not in shown
    assert 'href="https://A.EXAMPLE/"' in shown
    assert linked(None) == ""
