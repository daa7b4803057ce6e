"""The business with one of everything, and its callers, as the walks of the API have them; nothing is recorded."""

from typing import Any

import pytest

from hub import create_app
from hub.models import migrate
from hub.settings import Settings
from tests.api import conftest as api

callers, world = api.callers, api.world


@pytest.fixture(scope="session")
def web(settings: Settings) -> Any:
    """What is asked here by chance is no example of anything."""
    migrate.upgrade(settings)
    return create_app(settings)
