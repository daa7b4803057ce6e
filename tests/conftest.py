"""Real servers once per run, an empty database per test, and the three people and a stranger of every test."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hub import create_app
from hub.access import passwords
from hub.models import base, migrate
from hub.models.channels.channel import Channel
from hub.services import files
from hub.services.platform import figures, health, history, traffic
from hub.settings import Settings, use_settings
from tests import exchanges, factories, servers
from tests.client import Client, Visitor
from tests.factories import People
from tests.fakes import FakeServer
from tests.waits import STUCK_S

_SECRET = "tests-only-secret-of-more-than-32-characters"
passwords.ROUNDS = 4        # twelve take a quarter of a second; tests/access/test_passwords.py looks at those


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--needs-database", action="store_true",
                     help="only what asks for the database: all else is the same on each kind of database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --needs-database: what has the fixture `database_url`, by whatever way, and what runs on Postgres only."""
    if not config.getoption("--needs-database"):
        return
    chosen = {item: needs_database(item) for item in items}
    config.hook.pytest_deselected(items=[item for item in items if not chosen[item]])
    items[:] = [item for item in items if chosen[item]]


def needs_database(item: pytest.Item) -> bool:
    return "database_url" in getattr(item, "fixturenames", ()) or item.get_closest_marker("postgres") is not None


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with servers.redis_server() as url:
        yield url


@pytest.fixture(scope="session")
def chroma_url() -> Iterator[str]:
    with servers.chroma_server() as url:
        yield url


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """SQLite in a file; the same suite runs on Postgres when TEST_DATABASE_URL names one."""
    return os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{tmp_path_factory.mktemp('db')}/hub.db"


@pytest.fixture(scope="session")
def settings(redis_url: str, chroma_url: str, database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    patient = f"{redis_url}?socket_timeout={STUCK_S}&socket_connect_timeout={STUCK_S}"     # not the second of a request
    return Settings.load({
        "APP_ENV": "test", "ALLOW_LOOPBACK_URLS": "true", "SQLITE_SYNCHRONOUS": "normal",
        "DATABASE_URL": database_url, "REDIS_URL": patient, "CHROMA_URL": chroma_url,
        "SESSION_SECRET": _SECRET, "ADMIN_TOKEN": "tests-only-admin-token", "WA_WEB_TOKEN": "tests-only-worker-token",
         "DATA_DIR": str(tmp_path_factory.mktemp("data")), "LOG_LEVEL": "error"})


@pytest.fixture(scope="session")
def web(settings: Settings) -> Any:
    """The Flask application over a migrated database."""
    migrate.upgrade(settings)
    app = create_app(settings)
    exchanges.record(app)
    return app


@pytest.fixture
def app(web: Any, settings: Settings) -> Iterator[Any]:
    """The application with nothing in its database and nothing in its queues."""
    use_settings(settings)
    base.release()
    with base.db.connection_context():
        factories.empty()
    factories.uncount(web)
    factories.forget()
    yield web
    base.release()


@pytest.fixture
def use(settings: Settings) -> Iterator[Any]:
    """use(openai_api_key="…"): other settings for one test."""
    yield lambda **changes: use_settings(replace(settings, **changes))
    use_settings(settings)


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> float:
    """Time stands still for what is counted, measured and signed; the moment, in the middle of a slot. No part that
    is asked how it does is too slow."""
    moment = time.time() // traffic.SLOT_S * traffic.SLOT_S + traffic.SLOT_S / 2
    for module in (traffic, history, figures, files):
        monkeypatch.setattr(module, "time", SimpleNamespace(time=lambda: moment))
    monkeypatch.setattr(health, "_DEADLINE_S", STUCK_S)
    return moment


@pytest.fixture
def people(app: Any) -> People:
    """alice owns, bob operates, carol views; dave owns another business."""
    return factories.make_people()


@pytest.fixture
def client(app: Any) -> Client:
    """Nobody in particular, over HTTP."""
    return Client(app)


@pytest.fixture
def alice(app: Any, people: People) -> Client:
    return Client(app, people.alice)


@pytest.fixture
def bob(app: Any, people: People) -> Client:
    return Client(app, people.bob)


@pytest.fixture
def carol(app: Any, people: People) -> Client:
    return Client(app, people.carol)


@pytest.fixture
def dave(app: Any, people: People) -> Client:
    return Client(app, people.dave)


@pytest.fixture
def site(people: People) -> Channel:
    """A site of alice's business, which has an agent."""
    factories.make_agent(people.tenant)
    return factories.make_site(people.tenant)


@pytest.fixture
def visitor(app: Any, site: Channel) -> Visitor:
    """Somebody new on that site."""
    return Visitor(app, str(site.token))


@pytest.fixture(scope="session")
def fake_server() -> Iterator[FakeServer]:
    with FakeServer() as fake:
        yield fake


@pytest.fixture
def fake(fake_server: FakeServer) -> FakeServer:
    """The providers and the model, which have not been called yet."""
    fake_server.reset()
    factories.forget()
    return fake_server


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).resolve().parent.parent
