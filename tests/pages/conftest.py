"""The browser in which most pages are looked at."""

from typing import Any

import pytest

from tests.api.callers import browser
from tests.client import Client
from tests.factories import People


@pytest.fixture
def page(app: Any, people: People) -> Client:
    """Alice's browser; she owns the business."""
    return browser(app, people.alice)
