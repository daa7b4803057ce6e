"""For tests that walk every route: one business with one of everything, made once, and its callers."""

import re
from typing import Any

import pytest

from hub.models import base
from hub.settings import current_settings, use_settings
from tests import factories
from tests.api import world as worlds
from tests.api.callers import Acting, bearer
from tests.api.world import World
from tests.client import Client


@pytest.fixture(scope="module")
def world(web: Any, settings: Any) -> World:
    """Made once per file: whoever changes it does so inside `undone`."""
    use_settings(settings)
    base.release()
    with base.db.connection_context():
        factories.empty()
    factories.forget()
    return worlds.make()


@pytest.fixture(scope="module")
def callers(web: Any, world: World) -> dict[str, Client]:
    people = world.people
    users = {"nobody": None, "guest": world.guest, "viewer": people.carol, "operator": people.bob, "admin": world.admin,
             "owner": people.alice, "stranger": people.dave}
    found = {name: Client(web, user) for name, user in users.items()}
    found |= {"platform_admin": Client(web, world.platform_admin), "platform_owner": Client(web, world.platform_owner)}
    found |= {name: Client(web, headers={"X-API-Key": text}) for name, text in world.keys.items()}
    known = current_settings()
    found["service"] = Client(web, headers={"X-Admin-Token": known.admin_token, "X-Auth-Token": known.wa_web_token})
    found["impersonator"] = Acting(web, people.bob, world.platform_owner)
    found["visitor"] = bearer(web, world.visitor)
    for client in found.values():       # pages want the form's secret before they ask who it is
        page = client.call("GET", "/api-docs", expect=200)
        secret = re.search('name="csrf-token" content="([^"]+)"', page.text)
        assert secret is not None
        client.headers["X-CSRFToken"] = secret[1]
    return found


@pytest.fixture
def uncounted(web: Any, world: World) -> None:
    """No limit has counted anything yet."""
    factories.uncount(web)
