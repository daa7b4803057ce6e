"""The inbox is looked at by who operates it."""

from typing import Any

import pytest

from tests.api.callers import browser
from tests.client import Client
from tests.factories import People


@pytest.fixture
def page(app: Any, people: People) -> Client:
    """Bob's browser."""
    return browser(app, people.bob)
