"""An installation of each earlier release, upgraded once, and the application over it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from hub import create_app, queue
from hub.models import base, migrate
from hub.services.start import start
from hub.settings import Settings
from tests import factories, kept
from tests.client import Client
from tests.fakes.custom_channel import signed


@dataclass(frozen=True)
class Upgraded:
    """The application over an upgraded database, what the upgrade did, and what must still be true."""

    app: Any
    release: str
    url: str
    applied: list[str]
    truths: dict[str, Any]
    settings: Settings

    def caller(self, **headers: str) -> Client:
        return Client(self.app, headers=headers)

    def hook(self, body: bytes, secret: str) -> Any:
        """The answer to a body that a system of the business posts, signed with that secret."""
        return Client(self.app).call("POST", f"/webhooks/custom/{self.truths['custom']['token']}", data=body,
                                     headers=signed(secret, body))


@pytest.fixture(scope="module", params=kept.RELEASES)
def upgraded(request: pytest.FixtureRequest, settings: Settings, web: Any,
             tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    """The same database for all tests of a file: each looks at something of its own."""
    with _put_back(settings), kept.restored(request.param, settings.database_url,
                                            tmp_path_factory.mktemp("kept")) as url:
        upgraded_settings = Settings.load({
            "REDIS_URL": settings.redis_url, "CHROMA_URL": settings.chroma_url, "DATA_DIR": settings.data_dir,
            "LOG_LEVEL": "error", "DATABASE_URL": url, **kept.settings(request.param)})
        try:
            applied = migrate.upgrade(upgraded_settings)
            app = create_app(upgraded_settings)
            queue.redis().flushall()
            factories.forget()
            yield Upgraded(app, request.param, url, applied, kept.truths(request.param, url), upgraded_settings)
        finally:
            base.release()
            base.db.close_all()


@contextmanager
def _put_back(settings: Settings) -> Iterator[None]:
    """Whatever fails in between, the tests after it work on the run's own database and nothing of another's."""
    base.release()
    base.db.close_all()
    try:
        yield
    finally:
        start(settings)
        factories.forget()
