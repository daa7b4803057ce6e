"""A business that is open: its people, its agent, two articles, a site, and somebody who works through the queues."""

import importlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hub import queue
from hub.models.channels.channel import Channel
from tests import factories
from tests.client import Visitor
from tests.factories import People
from tests.fakes import FakeServer

_ARTICLES = {"Delivery": "Delivery to Kazan costs 300 rubles and takes two days.",
             "Доставка": "Доставка в Казань стоит 300 рублей и занимает два дня."}
Work = Callable[[], None]


@pytest.fixture(scope="session")
def fake_server() -> Iterator[FakeServer]:
    with FakeServer() as fake:
        yield fake


@pytest.fixture
def fake(fake_server: FakeServer, use: Any) -> FakeServer:
    """The model answers; answers are not put off."""
    fake_server.reset()
    use(openai_api_key="sk-test", openai_base_url=fake_server.openai_url, answer_pause_ms=0, ai_deadline_s=5.0)
    return fake_server


@pytest.fixture
def business(people: People, fake: FakeServer) -> People:
    factories.make_agent(people.tenant)
    for title, text in _ARTICLES.items():
        factories.make_doc(people.tenant, title, text)
    return people


@pytest.fixture
def site(business: People) -> Channel:
    return factories.make_site(business.tenant, "shop.example")


@pytest.fixture
def visitor(app: Any, site: Channel) -> Visitor:
    return Visitor(app, str(site.token))


@pytest.fixture
def work() -> Work:
    """work(): take every hint out of the queues and do it, until there is none; what is due later is not waited for."""
    def work() -> None:
        while True:
            queue.release_due()
            hints = [hint for waiting in queue.queues().values() for hint in waiting.get_jobs()]
            if not hints:
                return
            for hint in hints:
                hint.delete()
                module, name = str(hint.func_name).rsplit(".", 1)
                getattr(importlib.import_module(module), name)(*hint.args)

    return work
