"""The security report: of a business to its people, of the installation to those who look after it."""

from typing import Any

from hub.services.platform.security_rules import RULES
from tests import factories
from tests.client import Client
from tests.factories import People


def test_everybody_is_told_of_what_is_theirs(app: Any, alice: Client, people: People) -> None:
    root = Client(app, factories.make_user(people.other, "owner", is_platform_owner=True))
    mine, all_of_it = (client.get("/api/admin/security/readiness") for client in (alice, root))
    assert {check["code"] for check in mine["checks"]} == {
        "SITE_DOMAINS", "CONFIRMED_ADDRESSES", "IDLE_PEOPLE", "CHANNEL_SECRETS"}
    assert {check["code"] for check in all_of_it["checks"]} == set(RULES)
    assert all_of_it["ready"] is False and 0 < all_of_it["score"] < 100
    assert all_of_it["recommendations"][0].startswith("Set APP_ENV=production")
