"""Who has access: by a plan, a trial that runs or a grant; everybody else is asked to choose a plan (402)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hub.access import subscription
from hub.access.callers import Caller, Service, UserCaller
from hub.access.roles import Permission
from hub.api.kit import responses
from hub.api.kit.dialect import Dialect
from hub.api.kit.schemas import Schemas
from hub.api.kit.surface import Surface, coded_error
from hub.api.kit.table import get
from hub.lib import clock
from hub.models.accounts.tenant import Tenant
from hub.models.platform.grant import Grant
from hub.settings import Settings
from hub.web import binding
from tests.api.callers import served
from tests.factories import People, make_tenant

NOW = clock.now()
DAY = timedelta(days=1)


def tenant(**values: Any) -> Tenant:
    return Tenant(name="Bakery", **{"trial_ends_at": NOW - DAY, **values})


def grant(starts: int = -1, ends: int = 1, **values: Any) -> Grant:
    return Grant(starts_at=NOW + starts * DAY, ends_at=NOW + ends * DAY, reason="Patience", **values)


@pytest.mark.parametrize(("business", "grants", "active"), [
    (tenant(), [], False), (tenant(trial_ends_at=NOW + DAY), [], True), (tenant(trial_ends_at=NOW), [], False),
    (tenant(plan="launch"), [], True), (tenant(), [grant()], True), (tenant(), [grant(revoked_at=NOW)], False),
    (tenant(), [grant(1, 2)], False), (tenant(), [grant(-2, 0)], False), (tenant(), [grant(0, 1)], True),
    (tenant(), [grant(-3, -2), grant(-1, 1)], True),
    (tenant(trial_ends_at=None, created_at=NOW - 13 * DAY), [], True),
    (tenant(trial_ends_at=None, created_at=NOW - 15 * DAY), [], False)])
def test_a_business_has_access_by_plan_trial_or_grant(business: Tenant, grants: list[Grant], active: bool) -> None:
    assert subscription.is_active(business, grants, NOW) is active


def test_a_new_business_is_on_trial_for_two_weeks(app: Any) -> None:
    made = make_tenant()
    assert made.plan == "trial"
    assert timedelta(days=13, hours=23) < made.trial_until - clock.now() <= timedelta(days=14)


@pytest.fixture
def sold(use: Any) -> None:
    """This hub is for businesses that pay."""
    use(subscription_required=True)


def client(caller: Caller, settings: Settings) -> Any:
    def paid(caller: Caller) -> None:
        """What is only for who pays."""

    surface = Surface("test", ("/test",), lambda permission: caller, coded_error, {})
    surface.table("paid", get("/test/paid", paid, permission=Permission.ANYBODY, subscribed=True),
                  get("/test/free", paid, permission=Permission.ANYBODY))
    return served([surface], settings)


def test_a_route_for_who_pays_answers_402_when_the_trial_is_over_until_there_is_a_grant(
        people: People, settings: Settings, sold: None) -> None:
    asked = client(UserCaller(people.alice, people.tenant, "session"), settings)
    assert asked.get("/test/paid").status_code == 200
    people.tenant.trial_ends_at = NOW - DAY
    people.tenant.save()
    refused = asked.get("/test/paid")
    assert refused.status_code == 402 and refused.get_json()["error"]["code"] == "SUBSCRIPTION_REQUIRED"
    assert refused.get_json()["error"]["details"]["plan"] == "trial"
    assert asked.get("/test/free").status_code == 200
    given = Grant.create(tenant=people.tenant, starts_at=NOW - DAY, ends_at=NOW + DAY, reason="Patience",
                         granted_by="service:test")
    assert asked.get("/test/paid").status_code == 200
    given.revoked_at = NOW
    given.save()
    assert asked.get("/test/paid").status_code == 402


def test_the_grant_of_another_business_opens_nothing(
        people: People, settings: Settings, sold: None) -> None:
    for row in (people.tenant, people.other):
        row.trial_ends_at = NOW - DAY
        row.save()
    Grant.create(tenant=people.other, starts_at=NOW - DAY, ends_at=NOW + DAY, reason="Patience", granted_by="x")
    assert client(UserCaller(people.alice, people.tenant, "session"), settings).get("/test/paid").status_code == 402


def test_a_caller_that_knows_its_business_by_number_only_is_asked_as_well(
        people: People, settings: Settings, sold: None) -> None:
    asked = client(Service("ai", people.tenant.id), settings)
    assert asked.get("/test/paid").status_code == 200
    Tenant.update(trial_ends_at=NOW - DAY).execute()
    assert asked.get("/test/paid").status_code == 402


def test_whoever_runs_a_hub_for_themselves_is_never_locked_out(people: People, settings: Settings) -> None:
    Tenant.update(trial_ends_at=NOW - DAY).execute()
    assert client(UserCaller(people.alice, people.tenant, "session"), settings).get("/test/paid").status_code == 200


def test_the_description_of_such_a_route_says_so() -> None:
    def paid(caller: Caller) -> None:
        """What is only for who pays."""

    route = get("/test/paid", paid, permission=Permission.SIGNED_IN, subscribed=True)
    bound = binding.bind(route.handler, route.path)
    assert "402" in responses.of(bound, route, Dialect(), Schemas())
    assert "402" not in responses.of(bound, replace(route, subscribed=False), Dialect(), Schemas())
