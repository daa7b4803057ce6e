"""Fixtures of the fake server's own tests: a real client."""
from __future__ import annotations

from collections.abc import Iterator

import openai
import pytest

from tests.fakes import FakeServer
from tests.fakes_tests.requests import KEY
from tests.waits import STUCK_S


@pytest.fixture(scope="session")
def client(fake_server: FakeServer) -> Iterator[openai.OpenAI]:
    """The real client, without retries of its own, as patient as a wait of ours."""
    with openai.OpenAI(base_url=fake_server.openai_url, api_key=KEY, max_retries=0, timeout=STUCK_S) as client:
        yield client
