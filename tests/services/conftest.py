"""A business that can answer: an agent, a little knowledge, and a fake model that speaks HTTP."""

from typing import Any

import pytest

from hub.models.agents.agent import Agent
from hub.models.accounts.tenant import Tenant
from tests import factories
from tests.factories import People
from tests.fakes import FakeServer

DELIVERY = "Delivery to Kazan costs 300 rubles and takes two days. Delivery to Tomsk costs 500 rubles."
RETURNS = "Unworn shoes may be returned within fourteen days. The money comes back within three days."


@pytest.fixture
def tenant(people: People) -> Tenant:
    return people.tenant


@pytest.fixture
def agent(tenant: Tenant) -> Agent:
    return factories.make_agent(tenant)


@pytest.fixture
def knowledge(tenant: Tenant) -> Tenant:
    """The business with two articles."""
    factories.make_doc(tenant, "Delivery", DELIVERY)
    factories.make_doc(tenant, "Returns", RETURNS)
    return tenant


@pytest.fixture
def model(fake: FakeServer, use: Any) -> FakeServer:
    """Answers come from the fake model."""
    use(openai_api_key="sk-test", openai_base_url=fake.openai_url)
    return fake
