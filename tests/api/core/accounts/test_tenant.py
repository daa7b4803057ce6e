"""The business's own profile."""

import pytest

from tests.api.noun import One
from tests.api.one import walks_of
from tests.client import Client

PROFILE = One(
    "/api/tenant", updates="admin",
    change={"name": "Пекарня", "max_discount_percent": 15, "working_hours_start": "08:30", "address_style": "ty",
            "escalation_email": "boss@bakery.example", "return_policy": "Within a day.", "currency": "EUR"},
    wrong={"name": ["", "  \u202e ", None, "x" * 256, 7], "language": ["fr"], "tone": ["rude"], "address_style": ["du"],
           "currency": ["rub", "RUBL"], "working_hours_start": ["9:00"], "working_hours_end": ["24:00"],
           "max_discount_percent": [-1, 101, "many", 10**30], "allow_discounts": ["perhaps"],
           "delivery_options": ["x" * 5001], "escalation_email": ["x" * 256],
           "timezone": ["Mars/Olympus", "", "../../etc/passwd", "europe/moscow"]})
globals().update(walks_of(PROFILE))


@pytest.mark.parametrize("field", ["escalationEmail", "returnPolicy"])
def test_what_may_be_empty_can_be_emptied(alice: Client, field: str) -> None:
    alice.patch("/api/tenant", {field: "boss@bakery.example"})
    assert alice.patch("/api/tenant", {field: None})[field] is None


def test_an_unknown_time_zone_is_called_so(alice: Client) -> None:
    alice.refused("PATCH", "/api/tenant", {"timezone": "Mars/Olympus"}, status=400, code="timezone_unknown")
    assert alice.patch("/api/tenant", {"timezone": "Asia/Vladivostok"})["timezone"] == "Asia/Vladivostok"
