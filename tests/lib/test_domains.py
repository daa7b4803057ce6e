"""What a person types where a domain is wanted: a rule that works, or one sentence at once."""

import pytest

from hub.errors import BadInput
from hub.lib import domains


@pytest.mark.parametrize(("typed", "rule"), [
    ("example.com", "example.com"), ("https://myshop.example/", "myshop.example"), ("MyShop.Example", "myshop.example"),
    ("  https://myshop.example:443/a?b=1#c ", "myshop.example"), ("HTTPS://MYSHOP.EXAMPLE", "myshop.example"),
    ("http://shop.example:80", "shop.example"), ("http://shop.example:8080/x", "shop.example:8080"),
    ("//shop.example", "shop.example"), ("shop.example/catalogue", "shop.example"), ("shop.example.", "shop.example"),
    ("shop.example?from=mail", "shop.example"), ("«shop.example»", "shop.example"), ('"shop.example"', "shop.example"),
    ("<https://shop.example/>", "shop.example"), ("shop\u200b.example", "shop.example"),
    ("*.shop.example", "*.shop.example"), ("https://*.shop.example/", "*.shop.example"),
    ("*.shop.example:8443", "*.shop.example:8443"), ("shop.example:443", "shop.example:443"),
    ("localhost:3000", "localhost:3000"), ("127.0.0.1:5395", "127.0.0.1:5395"),
    ("test_shop.example", "test_shop.example"),
    ("http://[::1]:3000/", "[::1]:3000"), ("[0:0:0:0:0:0:0:1]", "[::1]"),
    ("магазин.рф", "xn--80aairftm.xn--p1ai"), ("https://Магазин.РФ/каталог", "xn--80aairftm.xn--p1ai"),
    ("*.пример.рф", "*.xn--e1afmkfd.xn--p1ai"), ("xn--80aairftm.xn--p1ai", "xn--80aairftm.xn--p1ai"),
])
def test_an_address_or_a_domain_becomes_the_rule_that_was_meant(typed: str, rule: str) -> None:
    assert domains.rule(typed) == rule
    assert domains.rule(rule) == rule, "a rule stays what it is"


@pytest.mark.parametrize(("typed", "issue"), [
    ("*", "every_site"), ("ftp://shop.example", "scheme"), ("chrome-extension://abc", "scheme"),
    ("me@shop.example", "person"), ("https://me:secret@shop.example/", "person"), ("mailto:me@shop.example", "person"),
    ("", "form"), ("http://", "form"), ("https:/shop.example", "form"), ("shop..example", "form"),
    ("-shop.example", "form"), (".shop.example", "form"), ("*.", "form"), ("*.*.example", "form"),
    ("sh*p.example", "form"), ("shop example", "form"), ("shop.example:", "form"), ("shop.example:0", "form"),
    ("shop.example:99999", "form"), ("shop.example:eighty", "form"),
    ("300.1.1.1", "form"), ("1.2.3", "form"), ("http://[::1", "form"), ("[::zz]", "form"), ("shop.example\\x", "form"),
    ("javascript:alert(1)", "form"), ("\x00", "form"), ("a" * 64 + ".example", "form"), ("a.b" * 100, "form"),
    ("все магазины", "form"), ("магазин—два.рф", "form"), ("١٢٧.٠.٠.١", "form"),
])
def test_what_is_no_domain_is_told_in_one_sentence(typed: str, issue: str) -> None:
    with pytest.raises(BadInput) as refused:
        domains.rule(typed)
    error = refused.value
    assert (error.status, error.code, error.details["issue"]) == (400, "domain_invalid", issue)
    assert typed.strip()[:100] in error.message and error.message.endswith(".")


def test_a_list_is_read_as_it_was_typed_and_keeps_each_rule_once() -> None:
    typed = ["https://shop.example/, www.shop.example;\n\n shop.example", "", " * ".replace("*", "*.shop.example")]
    assert domains.rules(typed) == ["shop.example", "www.shop.example", "*.shop.example"]
    with pytest.raises(BadInput, match="“ftp://x”"):
        domains.rules(["shop.example", "ftp://x, also bad!"])


@pytest.mark.parametrize(("stored", "origin", "may"), [
    ("https://myshop.example/", "https://myshop.example", True),
    ("https://myshop.example/", "https://other.example", False),
    ("MyShop.example", "https://myshop.example", True), ("магазин.рф", "https://xn--80aairftm.xn--p1ai", True),
    ("[::1]:3000", "http://[::1]:3000", True), ("[::1]", "http://[::2]", False), ("[::1]:3000", "http://[::1]", False),
    ("shop.example", "https://shop.example?x", False), ("shop.example", "https://shop.example#x", False),
    ("shop.example", "https://@shop.example", False), ("not a domain", "https://not", False),
])
def test_a_rule_is_compared_with_the_origin_of_a_page(stored: str, origin: str, may: bool) -> None:
    assert domains.matches(stored, origin) is may
