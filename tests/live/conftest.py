"""One hub for all of these tests; each has visitors of its own."""

import time
from collections.abc import Iterator

import pytest

from tests import servers
from tests.live import hub as running_hub
from tests.live.hub import Business, Hub, Visitor
from tests.live.peers import Stream, visitor_stream


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Iterator[Hub]:
    folder = tmp_path_factory.mktemp("live")
    with servers.empty_database(database_url, folder) as own, running_hub.running(folder, own) as hub:
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
