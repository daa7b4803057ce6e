"""Fixtures of the fake server's own tests: one server for all of them, emptied before each; a real client."""
from __future__ import annotations

from collections.abc import Iterator

import openai
import pytest

from tests.fakes import FakeServer
from tests.fakes_tests.requests import KEY
from tests.waits import STUCK_S


@pytest.fixture(scope="session")
def server() -> Iterator[FakeServer]:
    with FakeServer() as fake:
        yield fake


@pytest.fixture
def fake(server: FakeServer) -> FakeServer:
    server.reset()
    return server


@pytest.fixture(scope="session")
def client(server: FakeServer) -> Iterator[openai.OpenAI]:
    """The real client, without retries of its own, as patient as a wait of ours."""
    with openai.OpenAI(base_url=server.openai_url, api_key=KEY, max_retries=0, timeout=STUCK_S) as client:
        yield client
