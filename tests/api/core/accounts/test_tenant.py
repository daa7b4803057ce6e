"""The business's own profile."""

import re
from typing import Any

import pytest

from hub.models.accounts.tenant import Tenant
from tests.client import Client
from tests.factories import People

SHOWN = {"id", "name", "language", "tone", "addressStyle", "currency", "timezone", "workingHoursStart",
         "workingHoursEnd", "autoReplyOutsideHours", "escalationEmail", "allowDiscounts", "maxDiscountPercent",
         "deliveryOptions", "returnPolicy", "status", "createdAt", "updatedAt"}


def test_it_shows_the_profile(carol: Client, people: People) -> None:
    found = carol.get("/api/tenant")
    assert set(found) == SHOWN
    assert found["id"] == str(people.tenant.uuid)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", found["createdAt"])


def test_it_changes_what_is_given_and_nothing_else(alice: Client, people: People) -> None:
    before = alice.get("/api/tenant")
    answer = alice.patch("/api/tenant", {"name": "Пекарня", "maxDiscountPercent": 15, "workingHoursStart": "08:30"})
    changed = {name for name in SHOWN if answer[name] != before[name]}
    assert changed == {"name", "maxDiscountPercent", "workingHoursStart", "updatedAt"}
    assert alice.get("/api/tenant") == answer


def test_both_spellings_are_understood(alice: Client) -> None:
    assert alice.patch("/api/tenant", {"address_style": "ty"})["addressStyle"] == "ty"
    assert alice.patch("/api/tenant", {"addressStyle": "vy"})["addressStyle"] == "vy"


def test_an_empty_change_changes_nothing(alice: Client) -> None:
    before = alice.get("/api/tenant")
    assert {**alice.patch("/api/tenant", {}), "updatedAt": ""} == {**before, "updatedAt": ""}


def test_what_may_be_empty_can_be_emptied(alice: Client) -> None:
    alice.patch("/api/tenant", {"escalationEmail": "boss@bakery.example", "returnPolicy": "Within a day."})
    found = alice.patch("/api/tenant", {"escalationEmail": None, "returnPolicy": None})
    assert (found["escalationEmail"], found["returnPolicy"]) == (None, None)


@pytest.mark.parametrize(("field", "value"), [
    ("name", ""), ("name", "  \u202e "), ("name", None), ("name", "x" * 256), ("name", 7), ("language", "fr"),
    ("tone", "rude"), ("addressStyle", "du"), ("currency", "rub"), ("currency", "RUBL"), ("workingHoursStart", "9:00"),
    ("workingHoursEnd", "24:00"), ("maxDiscountPercent", -1), ("maxDiscountPercent", 101),
    ("maxDiscountPercent", "many"), ("maxDiscountPercent", 10**30), ("allowDiscounts", "perhaps"),
    ("deliveryOptions", "x" * 5001), ("escalationEmail", "x" * 256)])
def test_a_wrong_value_is_refused_by_name_and_nothing_is_written(
        alice: Client, people: People, field: str, value: Any) -> None:
    alice.refused("PATCH", "/api/tenant", {"tone": "formal", field: value}, status=400, code="VALIDATION_ERROR",
                  field=field)
    assert Tenant.get_by_id(people.tenant.id).tone == "friendly"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "europe/moscow"])
def test_the_time_zone_must_exist(alice: Client, zone: str) -> None:
    alice.refused("PATCH", "/api/tenant", {"timezone": zone}, status=400, code="timezone_unknown", field="timezone")
    assert alice.patch("/api/tenant", {"timezone": "Asia/Vladivostok"})["timezone"] == "Asia/Vladivostok"


def test_the_other_business_stays_as_it_was(alice: Client, dave: Client) -> None:
    before = dave.get("/api/tenant")
    alice.patch("/api/tenant", {"name": "New", "id": before["id"]})
    assert dave.get("/api/tenant") == before
