"""Pages of the platform as a browser gets them: valid, with ids of their own, in two languages."""

from typing import Any

import pytest

from hub.models.platform.grant import Grant
from hub.models.platform.integration_secret import IntegrationSecret
from hub.models.platform.proxy import Proxy
from hub.lib import clock
from hub.services.platform import tenants
from tests import factories
from tests.client import Client
from tests.factories import People
from tests.pages.test_html import every, look


@pytest.fixture
def root(app: Any, people: People) -> Client:
    """Who owns the platform."""
    user = factories.make_user(factories.make_tenant(name="Platform"), "owner", is_platform_owner=True)
    for days in (-1, 1, 1):
        Grant.create(tenant=people.tenant, starts_at=clock.ahead(-2 * 86_400), ends_at=clock.ahead(days * 86_400),
                     reason="Patience", granted_by="service:test")
    tenants.grant_days(factories.caller(user), people.tenant, 7, "Asked by phone")
    return Client(app, user)


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_validator_accepts_them_and_every_field_has_a_name(root: Client, people: People, locale: str) -> None:
    secret = IntegrationSecret.create(tenant=people.tenant, key_name="STRIPE_SECRET_KEY", secret="hush")
    proxy = Proxy.create(host="way.example", port=1080, protocol="http", digest="-", status="failed", error="Away")
    for path in ("/platform/tenants", "/platform/users", f"/platform/tenants/{people.tenant.uuid}",
                 f"/platform/users/{people.bob.uuid}", "/platform/secrets",
                 f"/platform/secrets/{secret.uuid}", "/platform/proxies", f"/platform/proxies/{proxy.uuid}",
                 f"/settings/audit/tenant/{people.tenant.uuid}"):
        tree = look(root, path, locale, 404 if "audit" in path else 200)
        assert every(tree, "html")[0].get("lang") == locale and len(every(tree, "h1")) == 1
        ids = [element.get("id") for element in tree.iter() if element.get("id")]
        assert len(ids) == len(set(ids)), path
        labelled = {label.get("for") for label in every(tree, "label")}
        fields = [*every(tree, "textarea"), *(one for one in every(tree, "input") if one.get("type") == "number")]
        assert all(field.get("id") in labelled for field in fields), path
        assert "platform" not in path or path.count("/") == 2 or fields
