"""Every writing route of the API and every form of the pages leaves an event that names its actor, and no secret."""

from typing import Any

import pytest

from hub.api.kit.table import Route
from hub.lib import ids
from hub.models.accounts.user import User
from hub.models.platform.event import Event
from tests.api import recorded
from tests.api.bodies import QUERIES, caller, name, routes, sent
from tests.api.world import World, undone
from tests.client import Client

pytestmark = pytest.mark.usefixtures("uncounted")

# What leaves no event: lines are their own record, the others change nothing that anybody asks about later.
SILENT = {
    "POST /api/conversations/<conversation>/messages": "a line is its own record",
    "POST /widget/messages": "a line is its own record",
    "POST /api/conversations/<conversation>/read": "a counter of what was seen",
    "POST /widget/read": "a counter of what was seen",
    "POST /webhooks/<kind>/<token>": "what a provider posts is stored as it is",
    "POST /api/admin/proxies/parse": "nothing is stored",
    "POST /api/knowledge/reindex": "the business has such a task, which is given instead of another",
    "POST /api/onboarding/generate-templates": "nothing is stored",
    "POST /widget/typing": "nothing is stored",
    "POST /widget/session": "nothing is stored",
    "POST /admin/key/delete": "ends what nobody has begun",
    "POST /api/admin/impersonate/exit": "ends what nobody has begun",
    "POST /api/account/passkeys/options": "nothing is stored",
    "POST /auth/passkey/options": "nothing is stored",
    "POST /auth/logout": "signs nobody out who brings no cookie",
    "POST /api/auth/refresh": "the same sign-in goes on",
    "DELETE /api/account/email": "nobody has asked for another address",
    "POST /auth/send-verification": "a letter is its own record",
    "POST /auth/forgot-password": "a letter is its own record",
    "POST /api/auth/forgot-password": "a letter is its own record",
    "POST /api/email/resend_confirmation": "a letter is its own record",
    "POST /api/email/contact-form": "a letter is its own record",
    **dict.fromkeys(("POST /api/admin/updates/upload", "POST /api/admin/updates/<update>/apply",
                     "POST /api/admin/updates/<update>/rollback", "POST /api/admin/system/rebuild"),
                    "updates are switched off here; tests/services/platform/test_updates.py switches them on"),
    "POST /api/email/test_send": "tries the mail server and changes nothing",
}
# Whoever acts is made by the call.
JOINING = {"POST /auth/signup", "POST /api/auth/register"}
# Whose token opens a route of the bridge contract, where it is not ADMIN_TOKEN.
SERVICES = {"POST /internal/tenant/<tenant_number>/ensure": "service:worker"}
# What is the platform's own stands in the log of who looks after it.
OF_PLATFORM = "/api/admin/proxies"
WRITING = [route for route in routes() if route.method != "GET" and name(route) not in SILENT]


def _call(client: Client, route: Route, world: World, request: str, more: dict[str, Any]) -> Any:
    return client.call(route.method, world.fill(route.path), headers={"X-Request-Id": request},
                       query_string=QUERIES.get(name(route), {}), **more)


@pytest.mark.parametrize("route", WRITING, ids=name)
def test_a_writing_route_leaves_an_event_that_names_its_actor_its_request_and_what_was_and_is(
        world: World, callers: dict[str, Client], route: Route) -> None:
    request = f"walk-{ids.token(6)}"
    world.fill(route.path)
    with undone():
        more = sent(route, world)       # with what is there for it before
        before = recorded.rows()
        answer = _call(callers[caller(route)], route, world, request, more)
        assert answer.status_code < 300, answer.text
        found = list(Event.select().where(Event.request_id == request))
        assert found, "nothing was recorded"
        person = {"platform_owner": world.platform_owner}.get(caller(route), world.people.alice)
        person = User.select().order_by(User.id.desc()).get() if name(route) in JOINING else person
        acting = {"visitor": "visitor:v-vera", "service": SERVICES.get(name(route), "service:admin")}.get(
            caller(route), f"user:{person.uuid}")
        assert {event.actor for event in found} == {acting}
        is_own = name(route) in JOINING or route.path.startswith(OF_PLATFORM)
        joined = person if is_own else world.people.alice
        assert {event.tenant_id for event in found} == {joined.tenant_id}
        assert recorded.missing(before, recorded.rows(), request) == []
        assert recorded.wordless(found) == set(), "words for hub/pages/platform/event_words.py"


@pytest.mark.parametrize("route", [route for route in WRITING if "<" in route.path], ids=name)
def test_a_refused_change_leaves_nothing(world: World, callers: dict[str, Client], route: Route) -> None:
    world.fill(route.path)
    for who in ("stranger", "nobody"):
        request = f"refused-{ids.token(6)}"
        with undone():
            answer = _call(callers[who], route, world, request, sent(route, world))
            assert answer.status_code >= 400
            assert not Event.select().where(Event.request_id == request).exists()
