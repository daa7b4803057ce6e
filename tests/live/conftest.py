"""One hub for all of these tests; each has visitors of its own."""

import os
import time
from collections.abc import Iterator

import pytest

from tests import servers
from tests.live import hub as running_hub
from tests.live.hub import Business, Hub, Visitor
from tests.live.peers import Stream, visitor_stream


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    folder, url = tmp_path_factory.mktemp("live"), os.environ.get("TEST_DATABASE_URL")
    if not url:
        with running_hub.running(folder, f"sqlite:///{folder}/hub.db") as hub:
            yield hub
        return
    with servers.fresh_database(url) as fresh, running_hub.running(folder, fresh) as hub:
        yield hub


@pytest.fixture(scope="session")
def bakery(hub: Hub) -> Business:
    return hub.business("bakery", "shop.example")


@pytest.fixture(scope="session")
def florist(hub: Hub) -> Business:
    return hub.business("florist")


@pytest.fixture
def visitor(hub: Hub, bakery: Business) -> Visitor:
    """Somebody new on the bakery's site."""
    return Visitor(hub, bakery.site)


@pytest.fixture(scope="session")
def idle(hub: Hub, bakery: Business) -> Iterator[tuple[Stream, float]]:
    """A stream on which nothing happens, and since when; opened early, because a heartbeat takes its time."""
    with visitor_stream(Visitor(hub, bakery.site)) as stream:
        yield stream, time.monotonic()
