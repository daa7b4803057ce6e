"""The people who look after the installation."""

from collections.abc import Callable
from typing import Any

import pytest

from tests import factories
from tests.client import Client
from tests.factories import People


@pytest.fixture
def platform(app: Any, people: People) -> Callable[..., Client]:
    """platform(): an administrator; platform(owner=True): the owner. Both of a business of their own."""
    tenant = factories.make_tenant(name="Platform")
    ada = factories.make_user(tenant, "owner", first_name="Ada", is_platform_admin=True)
    root = factories.make_user(tenant, "owner", first_name="Root", is_platform_admin=True, is_platform_owner=True)
    return lambda owner=False: Client(app, root if owner else ada)
