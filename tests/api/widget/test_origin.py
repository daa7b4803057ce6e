"""Which pages may embed a site: look-alikes of the allowed ones, and what a browser is told about it."""

from typing import Any

import pytest

from hub.models.channels.channel import Channel
from tests import factories
from tests.api import world as worlds
from tests.api.callers import code
from tests.client import Client
from tests.factories import People

# (rule, origin, may it embed)
TABLE = [
    ("shop.example", "https://shop.example", True),
    ("shop.example", "http://shop.example", True),
    ("shop.example", "https://SHOP.Example", True),
    ("Shop.Example", "https://shop.example", True),
    ("shop.example", "https://shop.example:443", True),
    ("shop.example", "https://shop.example:8443", True),
    ("shop.example", "https://www.shop.example", False),
    ("shop.example", "https://evilshop.example", False),
    ("shop.example", "https://shop.example.evil.example", False),
    ("shop.example", "https://evil.example/shop.example", False),
    ("shop.example", "https://evil.example?shop.example", False),
    ("shop.example", "https://evil.example#shop.example", False),
    ("shop.example", "https://shop.example@evil.example", False),
    ("shop.example", "https://evil.example:shop.example", False),
    ("shop.example", "https://shop.example.", False),
    ("shop.example", "https://shop.exampl\u0435", False),
    ("shop.example", "https://xn--shop.example", False),
    ("shop.example", "https://shop-example", False),
    ("shop.example", "https://example", False),
    ("shop.example", "shop.example", False),
    ("shop.example", "//shop.example", False),
    ("shop.example", "file://shop.example", False),
    ("shop.example", "chrome-extension://shop.example", False),
    ("shop.example", "javascript://shop.example", False),
    ("shop.example", "null", False),
    ("shop.example", "", False),
    ("shop.example", None, False),
    ("shop.example", "https://", False),
    ("shop.example", "https://[::1", False),
    ("shop.example", "https://shop.example:99999", False),
    ("shop.example", "https://shop.example https://evil.example", False),
    ("shop.example", "https://shop.example,https://evil.example", False),
    ("shop.example:8443", "https://shop.example:8443", True),
    ("shop.example:8443", "https://shop.example", False),
    ("shop.example:8443", "https://shop.example:84430", False),
    ("shop.example:443", "https://shop.example", True),
    ("shop.example:80", "http://shop.example", True),
    ("shop.example:443", "http://shop.example", False),
    ("*.shop.example", "https://www.shop.example", True),
    ("*.shop.example", "https://a.b.shop.example", True),
    ("*.shop.example", "https://shop.example", False),
    ("*.shop.example", "https://evilshop.example", False),
    ("*.shop.example", "https://.shop.example", False),
    ("*.shop.example", "https://www.shop.example.evil.example", False),
    ("*.shop.example:8443", "https://www.shop.example:8443", True),
    ("*.shop.example:8443", "https://www.shop.example", False),
    ("localhost:3000", "http://localhost:3000", True),
    ("localhost:3000", "http://localhost:3001", False),
    ("127.0.0.1", "http://127.0.0.1", True),
    ("127.0.0.1", "http://127.0.0.1.evil.example", False),
    ("", "https://shop.example", False),
    ("*", "https://shop.example", False),
    ("*.", "https://shop.example", False),
]


@pytest.mark.parametrize(("rule", "origin", "allowed"), TABLE)
def test_only_the_pages_of_the_list_may_embed(
        client: Client, site: Channel, rule: str, origin: str | None, allowed: bool) -> None:
    Channel.update(config={"allowed_domains": [rule, "other.example"]}).where(Channel.id == site.id).execute()
    headers = {} if origin is None else {"Origin": origin}
    before = worlds.picture()
    config = client.call("GET", f"/widget/config?site={site.token}", headers=headers)
    session = client.call("POST", "/widget/session", json={"site": site.token}, headers=headers)
    assert (config.status_code, session.status_code) == ((200, 200) if allowed else (403, 403))
    assert worlds.picture() == before


@pytest.mark.parametrize("origin", ["https://anywhere.example", "null", None])
def test_an_empty_list_allows_every_page(client: Client, site: Channel, origin: str | None) -> None:
    client.get(f"/widget/config?site={site.token}", headers={"Origin": origin} if origin else {})


def test_a_token_does_not_help_on_a_page_that_is_not_allowed_any_more(client: Client, people: People) -> None:
    site = factories.make_site(people.tenant, "shop.example")
    page = {"Origin": "https://shop.example"}
    token = client.post("/widget/session", {"site": site.token}, headers=page)["visitorToken"]
    carried = {"Authorization": f"Bearer {token}"}
    client.get("/widget/messages", headers={**carried, **page})
    for origin in ({"Origin": "https://evil.example"}, {}, {"Origin": "null"}):
        for method, path in (("GET", "/widget/messages"), ("POST", "/widget/messages"), ("POST", "/widget/typing"),
                             ("POST", "/widget/read"), ("POST", "/widget/handoff"), ("GET", "/widget/events")):
            answer = client.call(method, path, json={} if method == "POST" else None, headers={**carried, **origin})
            assert answer.status_code == 403, (method, path, origin)


def preflight(client: Client, path: str, **headers: str) -> Any:
    return client.call("OPTIONS", path, headers={
        "Origin": "https://shop.example", "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type", **headers})


@pytest.mark.parametrize("path", ["/widget/session", "/widget/messages", "/widget/read", "/widget/files"])
def test_a_browser_may_ask_first(client: Client, path: str) -> None:
    answer = preflight(client, path)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert answer.headers["Vary"] == "Origin"
    assert {"GET", "POST"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
    allowed = answer.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"authorization", "content-type", "last-event-id"} <= set(allowed)
    assert 0 < int(answer.headers["Access-Control-Max-Age"]) <= 7200


def test_cookies_never_travel_to_the_widget(client: Client, site: Channel) -> None:
    answers = [preflight(client, "/widget/session"),
               client.call("GET", f"/widget/config?site={site.token}", headers={"Origin": "https://shop.example"}),
               client.call("POST", "/widget/messages", json={}, headers={"Origin": "https://shop.example"})]
    for answer in answers:
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"


def test_a_refusal_can_be_read_by_the_page_that_asked(client: Client, people: People) -> None:
    site = factories.make_site(people.tenant, "shop.example")
    answer = client.call("GET", f"/widget/config?site={site.token}", headers={"Origin": "https://evil.example"})
    assert (answer.status_code, code(answer)) == (403, "origin_not_allowed")
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize("path", ["/api/tenant", "/auth/login", "/inbox", "/webhooks/custom/x", "/health"])
def test_nothing_but_the_widget_answers_other_sites(client: Client, path: str) -> None:
    assert "Access-Control-Allow-Origin" not in preflight(client, path).headers


# Without an Origin: what a browser sends with a GET to the page's own host.

OWN = "http://localhost"


@pytest.mark.parametrize(("rule", "headers", "may"), [
    ("localhost", {}, True), ("localhost", {"Sec-Fetch-Site": "same-origin"}, True),
    ("localhost", {"Sec-Fetch-Site": "same-origin", "Referer": f"{OWN}/shop/page?x"}, True),
    ("localhost:5395", {"Host": "localhost", "Referer": "http://localhost:5395/shop"}, True),
    ("localhost:5395", {"Host": "localhost:5395"}, True), ("localhost:5395", {"Host": "localhost:5396"}, False),
    ("localhost", {"Referer": "https://evil.example/localhost"}, False),
    ("localhost", {"Referer": "https://localhost@evil.example/"}, False),
    ("localhost", {"Sec-Fetch-Site": "cross-site"}, False), ("localhost", {"Sec-Fetch-Site": "same-site"}, False),
    ("localhost", {"Sec-Fetch-Site": "none"}, False), ("localhost", {"Origin": "null"}, False),
    ("localhost", {"Origin": "https://evil.example", "Referer": f"{OWN}/"}, False),
    ("localhost", {"Referer": "http://[::1"}, True),
    ("shop.example", {"Sec-Fetch-Site": "cross-site", "Referer": "https://shop.example/"}, True),
    ("shop.example", {"Sec-Fetch-Site": "same-origin"}, False),
])
def test_a_page_on_the_hubs_own_host_need_not_say_its_origin(
        client: Client, people: People, rule: str, headers: dict[str, str], may: bool) -> None:
    site = factories.make_site(people.tenant, rule)
    token = client.post("/widget/session", {"site": site.token}, headers=headers, expect=200 if may else 403)
    carried = {"Authorization": f"Bearer {token['visitorToken']}"} if may else {}
    for path in (f"/widget/config?site={site.token}", "/widget/messages")[:2 if may else 1]:
        client.get(path, headers={**carried, **headers}, expect=200 if may else 403)
