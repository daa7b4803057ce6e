"""The message line's other end: a shop over the channel for other systems."""

import pytest

from hub.models.agents.agent import Agent
from hub.models.channels.channel import Channel
from tests import factories
from tests.factories import People
from tests.fakes import FakeServer


@pytest.fixture
def shop(people: People, agent: Agent, fake: FakeServer) -> Channel:
    """What is sent there, the fake provider takes."""
    channel = factories.make_custom(people.tenant, fake.channel_url("shop"))
    fake.options("channel", "shop", secret=channel.secret.reveal())
    return channel
