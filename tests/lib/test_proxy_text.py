"""Pasted lists of proxies: every usual spelling is read, what is none is named by its line and never repeated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.lib import proxy_text
from hub.lib.proxy_text import Written


@pytest.mark.parametrize(("entry", "host", "port", "protocol", "username", "password"), [
    ("proxy.example:1080", "proxy.example", 1080, "http", "", ""),
    ("203.0.113.7:3128:vera:secret", "203.0.113.7", 3128, "http", "vera", "secret"),
    ("vera:secret:proxy.example:3128", "proxy.example", 3128, "http", "vera", "secret"),
    ("vera:s:e@cret@proxy.example:3128", "proxy.example", 3128, "http", "vera", "s:e@cret"),
    ("proxy.example:3128@vera:secret", "proxy.example", 3128, "http", "vera", "secret"),
    ("socks5://vera:p%40ss@proxy.example:1080", "proxy.example", 1080, "socks5", "vera", "p@ss"),
    ("SOCKS5H://proxy.example:1080/", "proxy.example", 1080, "socks5", "", ""),
    ("https://proxy.example:443:vera:secret", "proxy.example", 443, "https", "vera", "secret"),
    ("socks5 proxy.example 1080 vera secret", "proxy.example", 1080, "socks5", "vera", "secret"),
    ("proxy.example;1080;vera;se:cret", "proxy.example", 1080, "http", "vera", "se:cret"),
    ("proxy.example:1080 vera se:cret", "proxy.example", 1080, "http", "vera", "se:cret"),
    ("proxy.example, 1080", "proxy.example", 1080, "http", "", ""),
    ("proxy.example\t1080|vera|secret", "proxy.example", 1080, "http", "vera", "secret"),
    ("[2001:db8::7]:1080:vera:secret", "2001:db8::7", 1080, "http", "vera", "secret"),
    ("vera:secret@[2001:db8::7]:1080", "2001:db8::7", 1080, "http", "vera", "secret"),
    ("  Прокси.example:8080  ", "xn--h1adldfi.example", 8080, "http", "", "")])
def test_a_proxy_is_read_however_it_is_written(
        entry: str, host: str, port: int, protocol: str, username: str, password: str) -> None:
    assert proxy_text.read(entry) == Written(host, port, protocol, username, password)


def test_a_list_is_read_line_by_line_and_says_which_lines_are_none() -> None:
    text = "# bought in May\nproxy.example:1080\n\nproxy.example\nftp://a.example:21\na.example:70000:vera:secret\n"
    good, wrong = proxy_text.parsed(text, "socks5")
    assert good == [Written("proxy.example", 1080, "socks5")]
    assert [number for number, _ in wrong] == [4, 5, 6] and "secret" not in str(wrong)


@pytest.mark.parametrize("entry", ["host", ":1080", "host:0", "host:65536", "host:http", "1:2:3:4:5", "-a.example:80",
                                   "999.1.1.1:80", "a..b:80", "@", "://:1", "[::1:80", "vera:secret@", "host:80/path"])
def test_what_is_none_is_refused(entry: str) -> None:
    with pytest.raises(proxy_text.NoProxy):
        proxy_text.read(entry)


@given(st.text(alphabet="ab1.:@[]/%;, \t|#-\u0130\x00", max_size=30))
def test_nothing_that_is_pasted_breaks_it(text: str) -> None:
    good, wrong = proxy_text.parsed(text)
    assert all(1 <= one.port <= 65535 and one.host for one in good) and len(good) + len(wrong) <= len(text) + 1
