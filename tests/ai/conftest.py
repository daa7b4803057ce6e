"""A model server for each test of the AI room."""

from collections.abc import Iterator

import pytest

from tests.ai import model_server


@pytest.fixture
def model() -> Iterator[model_server.Model]:
    with model_server.running() as server:
        yield server
