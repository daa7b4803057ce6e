"""What ends open connections: a change of what they rest on, and nothing else."""

from typing import Any

import pytest

from hub.models.base import TenantModel
from hub.services import changes
from tests import factories
from tests.factories import People
from tests.services import steps
from tests.services.steps import by

CHANGES: list[tuple[str, dict[str, Any], bool]] = [
    ("user", {"role": "viewer"}, True), ("user", {"is_active": False}, True), ("user", {"password_hash": "x"}, True),
    ("tenant", {"status": "restricted"}, True), ("channel", {"is_active": False}, True),
    ("user", {"first_name": "Bobby"}, False), ("tenant", {"name": "New"}, False), ("channel", {"name": "New"}, False),
    ("agent", {"is_active": False}, False)]


@pytest.mark.parametrize(("what", "values", "is_told"), CHANGES)
def test_a_change_is_told_to_open_connections_that_rest_on_it(
        people: People, what: str, values: dict[str, Any], is_told: bool) -> None:
    rows: dict[str, Any] = {"user": people.bob, "tenant": people.tenant, "channel": factories.make_site(people.tenant),
                            "agent": factories.make_agent(people.tenant)}
    named = {what: rows[what].id} if isinstance(rows[what], TenantModel) else {}
    with steps.listening() as heard:
        changes.apply(by(people.tenant), rows[what], values)
    told = {"type": "access.changed", "tenant": people.tenant.id, **named}
    assert [told.items() <= event.items() for event in heard.of("access.changed")] == [True] * is_told
