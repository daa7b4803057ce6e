"""Is the chat on somebody's site? A page is opened over HTTP, and what keeps the chat from showing is named."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.lib import http
from hub.models.channels.channel import Channel
from hub.models.platform.task import Task
from hub.pages.channels.site_findings import FINDINGS
from hub.services.channels import site_check, site_page
from tests import factories
from tests.fakes import site as sites
from tests.fakes.site import Site
from tests.factories import People

HUB = "https://hub.example"
CSP = "Content-Security-Policy"


@pytest.fixture
def site() -> Iterator[Site]:
    http.allow_loopback(True)
    with sites.running() as site:
        yield site
    http.allow_loopback(True)


@pytest.fixture
def channel(people: People) -> Channel:
    return factories.make_site(people.tenant)


def tag(channel: Channel, **more: str) -> str:
    given = {"src": f"{HUB}/widget.js", "data-site": str(channel.token), **more}
    return "<script " + " ".join(f'{name}="{value}"' for name, value in given.items() if value) + " async></script>"


def page(inside: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>Bakery</title>{head}</head><body><h1>Bread</h1>{inside}</body></html>"


def checked(people: People, channel: Channel, url: str) -> Task:
    task = site_check.begin(factories.caller(people.alice), channel, url, HUB)
    site_check.run(task.id)
    done = Task.get_by_id(task.id)
    assert (done.state, done.progress) == ("done", 100)
    assert all(FINDINGS[found["code"]] % found["values"] for found in done.result["findings"]), "each has its words"
    return done


def codes(people: People, channel: Channel, url: str) -> list[str]:
    result = checked(people, channel, url).result
    found = [found["code"] for found in result["findings"]]
    assert result["isInstalled"] == (set(found) <= set(site_check.NOTES))
    return found


def test_a_page_with_the_line_shows_the_chat(people: People, channel: Channel, site: Site) -> None:
    url = site.shows(page(tag(channel)))
    assert checked(people, channel, url).result == {"url": url, "isInstalled": True, "findings": []}


@pytest.mark.parametrize(("written", "code"), [
    ("<p>Bread</p>", "missing"),
    ("<script src='https://www.googletagmanager.com/gtm.js'></script>", "by_tag_manager"),
    ("<!-- {tag} -->", "commented_out"),
    ("<pre>&lt;script src=&quot;https://hub.example/widget.js&quot; data-site=&quot;{token}&quot;&gt;</pre>",
     "shown_as_text"),
    ("<noscript>{tag}</noscript>", "inside"),
    ("<template>{tag}</template>", "inside"),
    ("<script>if (a < b) {{ c('<noscript>') }}</script>{tag}", ""),
    ("<noscript><img src='x'></noscript>{tag}", ""),
    ("{tag}{tag}", "twice"),
    ("<script src=https://hub.example/widget.js?v=2 data-site={token}></script>", ""),
    ("<SCRIPT SRC='https://hub.example/widget.js' DATA-SITE='{token}'></SCRIPT>", "")])
def test_where_the_line_stands_decides(people: People, channel: Channel, site: Site, written: str, code: str) -> None:
    url = site.shows(page(written.format(tag=tag(channel), token=channel.token)))
    assert codes(people, channel, url) == ([code] if code else [])


@pytest.mark.parametrize(("more", "code"), [
    ({"src": "https://old.example/widget.js"}, "wrong_hub"), ({"data-site": "another"}, "wrong_token"),
    ({"src": "https://hub.example:443/widget.js"}, ""), ({"src": "https://hub.example:8443/widget.js"}, "wrong_hub"),
    ({"src": "https://hub.example:99999/widget.js"}, "wrong_hub"), ({"src": "http://[x/widget.js"}, "wrong_hub"),
    ({"data-site": ""}, "no_token"), ({"type": "text/plain"}, "held_back"), ({"type": "module"}, "")])
def test_what_the_line_says_decides(people: People, channel: Channel, site: Site, more: dict[str, str],
                                    code: str) -> None:
    assert codes(people, channel, site.shows(page(tag(channel, **more)))) == ([code] if code else [])


@pytest.mark.parametrize(("policy", "code"), [
    ("default-src 'self'", "csp_script"), ("script-src 'self' https://cdn.example", "csp_script"),
    ("script-src 'none'", "csp_script"), ("script-src 'strict-dynamic' https://hub.example", "csp_script"),
    ("default-src 'self'; script-src https://hub.example", "csp_connect"),
    ("script-src https:; connect-src https://hub.example", "csp_connect"),
    ("script-src https:; connect-src https://hub.example wss://hub.example", ""),
    ("script-src https://*.example; connect-src *", ""), ("script-src https://hub.example:8443", "csp_script"),
    ("img-src 'none'", ""), ("script-src https://hub.example/widget.js", ""),
    ("script-src https://hub.example/Widget.js", "csp_script"), ("script-src HTTPS://HUB.example/widget.js", ""),
    ("script-src https://hub.example/other/", "csp_script"), ("script-src-elem 'self'; script-src *", "csp_script")])
@pytest.mark.parametrize("in_page", [False, True])
def test_a_policy_of_the_site_may_forbid_the_chat(people: People, channel: Channel, site: Site, policy: str, code: str,
                                                  in_page: bool) -> None:
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">' if in_page else ""
    url = site.shows(page(tag(channel), head), headers={} if in_page else {CSP: policy})
    assert codes(people, channel, url) == ([code] if code else [])


def test_of_several_policies_each_must_let_the_chat_in(people: People, channel: Channel, site: Site) -> None:
    url = site.shows(page(tag(channel)), headers={CSP: "script-src *\nscript-src 'self'"})
    assert codes(people, channel, url) == ["csp_script"]
    url = site.shows(page(tag(channel, src="https://hub.example:99999/widget.js")), headers={CSP: "script-src https:"})
    assert codes(people, channel, url) == ["wrong_hub"]
    url = site.shows(page(tag(channel, src="http://[x/widget.js")), headers={CSP: "script-src http:"})
    assert codes(people, channel, url) == ["wrong_hub", "csp_script"]


def test_a_base_that_is_no_address_is_none(people: People, channel: Channel, site: Site) -> None:
    url = site.shows(page(tag(channel), "<base href='http://[x'>"))
    assert codes(people, channel, url) == []


@pytest.mark.parametrize(("place", "code"), [
    ("http://[x", "broken"), ("http://h:99999/", "broken"), ("//\u2100.example", "broken"),
    ("mailto:a@b.example", "not_public"), ("http://" + "a" * 300 + ".example/", "not_public"),
    ("http://a b/", "not_reached"), ("http://xn--\u00e9/", "not_reached")])
def test_a_page_that_leads_to_no_address_says_so(people: People, channel: Channel, site: Site, place: str,
                                                 code: str) -> None:
    assert codes(people, channel, site.shows("", 302, headers={"Location": place}))[0] == code


def test_a_page_that_breaks_off_is_told_from_one_that_is_not_there(
        people: People, channel: Channel, site: Site) -> None:
    assert codes(people, channel, site.shows(page(tag(channel)), headers={"Content-Length": "9999"})) == ["broken"]


def test_a_page_on_https_loads_no_script_without_it() -> None:
    text = '<script src="http://hub.example/widget.js" data-site="token"></script>'
    found = {url: [one.code for one in site_page.examine(site_page.read(url, text, []), "http://hub.example", "token")]
             for url in ("https://bakery.example/", "http://bakery.example/")}
    assert found == {"https://bakery.example/": ["insecure"], "http://bakery.example/": []}


def test_every_finding_is_found_here() -> None:
    told = Path(__file__).read_text("utf-8")
    assert [code for code in FINDINGS if f'"{code}"' not in told] == []


def test_a_nonce_of_the_page_lets_the_script_in(people: People, channel: Channel, site: Site) -> None:
    url = site.shows(page(tag(channel, nonce="n1")), headers={CSP: "script-src 'nonce-n1' 'strict-dynamic'"})
    assert codes(people, channel, url) == []


def test_a_page_that_moved_is_followed_and_the_new_address_told(people: People, channel: Channel, site: Site) -> None:
    there = site.shows(page(tag(channel)), path="/new")
    result = checked(people, channel, site.shows("", 301, headers={"Location": "/new"})).result
    assert result == {"url": there, "isInstalled": True, "findings": [{"code": "moved", "values": {"to": there}}]}
    assert codes(people, channel, site.shows("", 302, "/round", {"Location": "/round"}))[0] == "moves_in_circles"


def test_what_cannot_be_read_says_why(people: People, channel: Channel, site: Site) -> None:
    assert codes(people, channel, site.shows("", 503)) == ["refused"]
    assert codes(people, channel, site.shows("{}", headers={"Content-Type": "application/json"})) == ["no_page"]
    assert codes(people, channel, site.shows(page("x" * 2_100_000 + tag(channel)))) == ["missing", "cut"]
    assert codes(people, channel, "http://127.0.0.1:1/") == ["not_reached"]
    http.allow_loopback(False)
    assert codes(people, channel, site.url) == ["not_public"]


def test_the_site_of_another_domain_and_one_that_is_off_are_said(people: People, channel: Channel, site: Site) -> None:
    Channel.update(config={"allowed_domains": ["bakery.example"]}, is_active=False).execute()
    assert codes(people, channel, site.shows(page(tag(channel)))) == ["switched_off", "other_domain"]


def test_a_check_is_asked_for_once_while_it_waits_and_each_site_has_its_own(people: People, channel: Channel) -> None:
    alice, other = factories.caller(people.alice), factories.make_site(people.tenant, "shop.example")
    first = site_check.begin(alice, channel, "bakery.example", HUB)
    assert site_check.begin(alice, channel, "bakery.example", HUB) == first
    assert first.params["url"] == "https://bakery.example" and site_check.usual(other) == "https://shop.example/"
    second = site_check.begin(alice, other, "bakery.example", HUB)
    assert second != first and (site_check.last(channel), site_check.last(other)) == (first, second)


@pytest.mark.parametrize("text", ["<!--" * 50_000, "<script " * 50_000, "<script a='" * 50_000, "<base href='//[' ",
                                  "<script src='http://[' data-site=x>", "</noscript>" * 9, "<", ""])
def test_a_hostile_page_is_read_to_its_end(people: People, channel: Channel, site: Site, text: str) -> None:
    assert codes(people, channel, site.shows(text)) in (["missing"], ["wrong_hub", "wrong_token"])
