"""A conversation longer than one page of lines: all of it can be reached, nothing twice."""

import re

import pytest

from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from tests import factories
from tests.client import Client


def long(site: Channel, lines: int) -> Conversation:
    for number in range(lines):
        last = factories.make_line(site, f"Line number {number:03d}", who="v-one")
    return Conversation.get_by_id(last.conversation_id)


def lines(text: str) -> list[str]:
    return re.findall(r"Line number \d{3}(?=</div>)", text)


def earlier(text: str) -> str | None:
    found = re.search(r'id="earlier">.*?href="([^"]+)".*?hx-get="([^"]+)"', text, re.DOTALL)
    return found[2].replace("&amp;", "&") if found else None


def test_earlier_lines_come_in_parts_without_gaps(page: Client, site: Channel) -> None:
    conversation = long(site, 215)
    text = page.call("GET", f"/inbox/{conversation.uuid}", expect=200).text
    found = lines(text)
    assert (found[0], found[-1]) == ("Line number 115", "Line number 214")
    while path := earlier(text):
        text = page.call("GET", path, headers={"HX-Request": "true"}, expect=200).text
        assert "<html" not in text and 'id="floor"' not in text
        found = lines(text) + found
    assert found == [f"Line number {number:03d}" for number in range(215)]


@pytest.mark.parametrize("count", [1, 100])
def test_nothing_is_offered_where_there_is_nothing_earlier(page: Client, site: Channel, count: int) -> None:
    assert earlier(page.call("GET", f"/inbox/{long(site, count).uuid}", expect=200).text) is None


def test_the_link_works_without_script_and_leads_back(page: Client, site: Channel) -> None:
    conversation = long(site, 101)
    first = page.call("GET", f"/inbox/{conversation.uuid}", expect=200).text
    href = re.search(r'id="earlier">.*?href="([^"]+)"', first, re.DOTALL)
    assert href is not None
    text = page.call("GET", href[1].replace("&amp;", "&"), expect=200).text
    assert "<html" in text and lines(text) == ["Line number 000"]
    assert "To the newest messages" in text and "To the newest messages" not in first


@pytest.mark.parametrize("key", ["x", "%00", "W10", "WyJ4Il0", "9" * 50])
def test_an_invented_key_is_refused(page: Client, site: Channel, key: str) -> None:
    conversation = long(site, 1)
    for path in (f"/inbox/{conversation.uuid}", f"/inbox/{conversation.uuid}/messages"):
        page.call("GET", f"{path}?before={key}", expect=400)


def test_the_search_box_says_what_it_looks_at(page: Client) -> None:
    assert "Search people and messages" in page.call("GET", "/inbox", expect=200).text
