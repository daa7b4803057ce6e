"""A business that is open: its people, its agent, two articles, a site, and somebody who works through the queues."""

import importlib
from collections.abc import Callable
from typing import Any

import pytest

from hub import queue
from hub.models.channels.channel import Channel
from tests import factories
from tests.factories import People
from tests.fakes import FakeServer

_ARTICLES = {"Delivery": "Delivery to Kazan costs 300 rubles and takes two days.",
             "Доставка": "Доставка в Казань стоит 300 рублей и занимает два дня."}
Work = Callable[[], None]


@pytest.fixture
def fake(fake: FakeServer, use: Any) -> FakeServer:
    """The model answers; answers are not put off."""
    use(openai_api_key="sk-test", openai_base_url=fake.openai_url, answer_pause_ms=0, ai_deadline_s=5.0)
    return fake


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
