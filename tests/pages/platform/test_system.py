"""The page of how the installation does."""

from typing import Any

import pytest

from hub import queue
from hub.lib import meter
from hub.pages.platform import system
from hub.services.platform import backlog, history, traffic
from tests import factories
from tests.api.callers import browser
from tests.client import Client
from tests.factories import People

pytestmark = pytest.mark.usefixtures("still")


@pytest.fixture
def root(app: Any, people: People) -> Client:
    return browser(app, factories.make_user(factories.make_tenant(), "owner", is_platform_owner=True))


def test_the_owner_sees_parts_work_processes_and_pictures(root: Client) -> None:
    meter.took("http core", "2xx", 0.02)
    traffic.share(traffic.own("web", 4))
    history.measure()
    text = root.call("GET", "/platform/system?hours=1", expect=200).text
    assert text.count("answers in") == 3 and "Lines on their way" in text
    assert traffic.own("web", 0).name in text and 'aria-label="Open pages: now 4, at most 4 ' in text
    assert "style=" not in text.partition("<main")[2] and 'href="/platform/system"' in text


def test_every_kind_of_work_has_words(app: Any) -> None:
    assert {one.name for one in backlog.of_all()} == system.WORK.keys()


def test_the_page_is_there_without_redis(root: Client, settings: Any) -> None:
    queue.connect("redis://127.0.0.1:9/0")
    try:
        text = root.call("GET", "/platform/system", expect=200).text
    finally:
        queue.connect(settings.redis_url)
    assert "Redis does not answer" in text and "Nothing was measured yet" in text


def test_the_page_is_the_owners_alone(app: Any, people: People, root: Client) -> None:
    admin = factories.make_user(people.tenant, "owner", is_platform_admin=True)
    for user in (people.alice, admin):
        browser(app, user).call("GET", "/platform/system", expect=403)
    root.call("GET", "/platform/system?hours=7", expect=400)
