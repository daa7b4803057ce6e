"""Every documented field of an endpoint that we serve is in its description: tests/contract/shapes.jsonl."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hub import api
from hub.api.kit import openapi
from tests.api.noun import snake
from tests.api.routes import name, routes

DESCRIBED = openapi.describe(api.surfaces())
# Fields of what is not built yet; a line leaves with the field.
NOT_YET: dict[str, tuple[str, ...]] = {
    "GET /api/conversations/{}": ("current_suggestion",),       # ours is called `suggestion`
    "POST /api/auth/login": ("user.balance",),
    "GET /api/users/me": ("balance", "welcome_bonus"),
    "PUT /api/users/me": ("balance", "welcome_bonus"),
    "GET /api/admin/system/health": ("bot_manager", "bot_manager.active_bots", "bot_manager.total_processes",
                                     "bot_manager.uptime"),
    "GET /api/admin/users": ("users.balance", "users.total_spent"),
    "GET /api/admin/billing/metrics": ("upcoming_renewals", "total_revenue"),
    **{f"{method} /api/user/profile": ("user.ai_responses_used", "user.ai_responses_limit") for method in (
        "GET", "PATCH")},
    "GET /chat/api/tenants": ("data.domain", "data.type"),
    "GET /chat/api/tenants/{}": ("data.domain", "data.type"),
    "GET /api/agents/{}": ("agent.pipelines", "agent.channels", "agent.knowledge_base", "agent.crm_access",
                           "agent.update_rules"),
}
OURS = {re.sub("<[^>]+>", "{}", name(route)): route for route in routes() if not route.plain}


def documented() -> list[tuple[str, Any]]:
    """(endpoint, the body of its answer) of every documented row that we serve."""
    lines = (Path(__file__).parent.parent / "contract" / "shapes.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    found = [(f"{row['method']} {re.sub(':[A-Za-z_]+|{[^}]*}', '{}', row['unified'])}", row["response"])
             for row in rows if row["kind"] == "http" and row["response"] and "_type" not in row["response"]]
    return [(endpoint, body) for endpoint, body in found if endpoint in OURS]


def wanted(body: Any, at: str = "") -> Iterator[str]:
    """Where the fields of a body are: conversation.customer.name; those of a list as those of its first row."""
    if isinstance(body, list):
        yield from wanted(body[0], at) if body else ()
    elif isinstance(body, dict):
        for field, inner in body.items():
            place = f"{at}.{snake(field)}".lstrip(".")
            yield place
            yield from wanted(inner, place)


def described(schema: Any, at: str = "") -> Iterator[str]:
    """The same of a schema; `at.*` where any field may be."""
    if "$ref" in schema:
        schema = DESCRIBED["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for option in schema.get("anyOf", ()):
        yield from described(option, at)
    if "items" in schema:
        yield from described(schema["items"], at)
    if schema.get("additionalProperties"):
        yield f"{at}.*".lstrip(".")
    for field, inner in schema.get("properties", {}).items():
        place = f"{at}.{snake(field)}".lstrip(".")
        yield place
        yield from described(inner, place)


@pytest.mark.parametrize(("endpoint", "body"), documented(), ids=[endpoint for endpoint, _ in documented()])
def test_every_documented_field_is_described(endpoint: str, body: Any) -> None:
    route = OURS[endpoint]
    place = DESCRIBED["paths"][re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)][route.method.lower()]
    answer = place["responses"][str(route.status)].get("content", {}).get("application/json", {}).get("schema", {})
    there = set(described(answer))
    free = tuple(field.removesuffix("*") for field in there if field.endswith("*"))
    late = NOT_YET.get(endpoint, ())
    missing = [field for field in wanted(body) if field not in there and not field.startswith(free or ("?",))]
    assert [field for field in missing if not field.startswith(late or ("?",))] == []
    assert not there & {*late}, "these are here by now"


def test_many_documented_endpoints_are_served() -> None:
    assert len({endpoint for endpoint, _ in documented()}) >= 30
