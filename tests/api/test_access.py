"""Every route of the hub against the permission table, walked by ten people, four programs and a visitor."""

from typing import Any

import pytest

from hub.access import roles
from hub.access.roles import Permission
from hub.models.accounts.tenant import Tenant
from hub.api.bridge import bridge
from scripts.routes import every
from tests import factories
from tests.api import world as worlds
from tests.api.world import World
from tests.client import Client

IDENTITIES = ("nobody", "guest", "viewer", "operator", "admin", "owner", "stranger",
              "platform_admin", "platform_owner", "impersonator", "key", "stranger_key", "platform_key",
              "service", "visitor")
# Programs with a key, and one beside the hub: to all contracts but their own they are nobody.
KEYS = ("key", "stranger_key", "platform_key")
PROGRAMS = (*KEYS, "service")
# Of another business; and whoever acts for somebody is as that one.
STRANGERS = ("stranger", "platform_admin", "platform_owner")
AS = {**dict.fromkeys(STRANGERS, "owner"), "impersonator": "operator"}
PLATFORM = {Permission.PLATFORM_ADMIN: ("platform_admin", "platform_owner"),
            Permission.PLATFORM_OWNER: ("platform_owner",)}
# Documented: a stranger's conversation answers 403; every other row of a stranger does not exist.
FORBIDDEN_TO_STRANGERS = "<conversation>"
# What is one person's own is nobody else's; and who acts for somebody may not change how that person gets in.
OF_OWNER_ALONE = ("<session>", "<passkey>")
ONES_OWN_DOOR = {"/api/account/sign-out-everywhere", "/account/sign-out-everywhere", "/account/ownership/accept",
                 "/api/account/passkeys/options", "/account/second-factor", "/account/second-factor/begin",
                 "/account/second-factor/confirm", "/account/second-factor/codes", "/account/second-factor/off"}
# A feature flag is the same word to everybody.
FLAG = "<name>"
# Open to anybody who brings proof in the body, or leading to the sign-in page by their very purpose.
PROOF_INSIDE = {"/api/auth/refresh", "/files/<file>", "/auth/sign-in", "/auth/sign-out", "/auth/oidc",
                "/auth/oidc/callback"}
# Who comes with a cookie ends that session and is sent to sign in anew.
ENDED = {("impersonator", "/auth/sign-out")}
# flask-sock answers 101 before it asks for the token, so a plain request cannot walk it; tests/live does.
SOCKETS = {"/widget/live"}
ROUTES = [route for route in every() if route[1] not in SOCKETS]
each_route = pytest.mark.parametrize(("method", "path", "permission"), ROUTES,
                                     ids=[f"{method} {path}" for method, path, _ in ROUTES])


def outcome(client: Client, method: str, path: str) -> str:
    """401 | 403 | 404 | open. A page sends whoever is not signed in to the sign-in page."""
    response = client.call(method, path, json={} if method != "GET" else None, buffered=False)
    response.close()
    assert response.status_code < 500, (method, path, response.status_code)
    if response.status_code == 302 and response.location.startswith("/auth/login"):
        return "401"
    return str(response.status_code) if response.status_code in (401, 403, 404) else "open"


def _is_of_owner_alone(path: str) -> bool:
    return any(name in path for name in OF_OWNER_ALONE)


def expected(path: str, permission: Permission, identity: str) -> str:
    if permission is Permission.ANYBODY:
        return "401" if path in PROOF_INSIDE else "open"
    if path.startswith("/chat/api/"):
        return with_key(permission, identity)
    if permission in (Permission.VISITOR, Permission.PROVIDER):
        return "403" if permission is Permission.PROVIDER else "open" if identity == "visitor" else "401"
    if path.startswith(bridge.prefixes):
        return "open" if identity == "service" else "401"
    if identity in ("nobody", "visitor", *PROGRAMS):
        return "401"
    if identity == "impersonator" and (path in ONES_OWN_DOOR or _is_of_owner_alone(path)):
        return "403"
    if _is_of_owner_alone(path) and identity != "owner":
        return "404"
    if permission in PLATFORM:
        return "open" if identity in PLATFORM[permission] else "403"
    if not roles.allowed(AS.get(identity, identity), permission):
        return "403"
    if identity in STRANGERS and "<" in path and FLAG not in path:
        return "403" if FORBIDDEN_TO_STRANGERS in path else "404"
    return "open"


def with_key(permission: Permission, identity: str) -> str:
    """In the chat contract a person is nobody, and another business is one that a key may not enter."""
    if identity not in KEYS:
        return "401"
    if identity == "platform_key":
        return "open"
    return "open" if identity == "key" and permission is not Permission.PLATFORM_ADMIN else "403"


@each_route
def test_it_answers_each_of_ten_people_four_programs_and_a_visitor_as_the_table_says(
        web: Any, method: str, path: str, permission: Permission, world: World, callers: dict[str, Client]) -> None:
    found, asked = {}, world.fill(path)
    for identity in IDENTITIES:
        factories.uncount(web)      # how often somebody may try is another test's business
        found[identity], changed = worlds.effect(lambda: outcome(callers[identity], method, asked), unless="open")
        assert not changed or (identity, path) in ENDED, f"{identity} was refused and changed something"
    assert found == {identity: expected(path, permission, identity) for identity in IDENTITIES}


@each_route
def test_a_stranger_neither_sees_nor_changes_anything_of_another_business(
        method: str, path: str, permission: Permission, world: World, callers: dict[str, Client]) -> None:
    asked = world.fill(path)

    def seen() -> list[str]:
        response = callers["stranger"].call(method, asked, json={} if method != "GET" else None, buffered=False)
        text = "" if response.mimetype == "text/event-stream" else response.text
        response.close()
        return [secret for secret in world.told(text) if secret not in asked]
    assert worlds.effect(seen, world.people.tenant) == ([], False)


@pytest.mark.parametrize(("does", "changed"), [
    (lambda tenant: tenant.delete_instance(), True), (lambda tenant: factories.make_user(tenant), True),
    (lambda tenant: Tenant.update(name="Mine").where(Tenant.id == tenant.id).execute(), True),
    (lambda tenant: Tenant.update(name=Tenant.name).execute(), False), (lambda tenant: list(Tenant.select()), False)])
def test_the_walk_would_notice_a_row_that_changes(world: World, does: Any, changed: bool) -> None:
    """Also where a business's own rows alone are looked at; and what was done is undone."""
    for looked_at in (None, world.people.tenant):
        assert worlds.effect(lambda: does(world.people.tenant), looked_at)[1] is changed
    assert Tenant.get_by_id(world.people.tenant.id).name == "Bakery"


def test_every_address_the_application_knows_is_in_the_table(web: Any) -> None:
    known = {(method, path) for method, path, _ in every()}
    served = {(method, rule.rule) for rule in web.url_map.iter_rules()
              for method in rule.methods - {"HEAD", "OPTIONS"}}
    assert served - known == set(), "these routes have no permission"
    assert known - served == set(), "these permissions have no route"


def test_every_route_names_a_permission() -> None:
    assert [route for route in every() if not isinstance(route[2], Permission)] == []
    assert len({(method, path) for method, path, _ in every()}) == len(every())


def test_a_path_parameter_that_nobody_made_a_row_for_fails_the_walk(world: World) -> None:
    with pytest.raises(AssertionError):
        world.fill("/api/cakes/<cake>")


def test_a_signed_in_person_is_no_visitor_and_a_visitor_no_person(web: Any, world: World) -> None:
    site = factories.make_site(world.people.tenant)
    visitor = Client(web).post("/widget/session", {"site": site.token})["visitorToken"]
    asked = Client(web, headers={"Authorization": f"Bearer {visitor}"})
    for method, path, permission in ROUTES:
        if permission not in (Permission.ANYBODY, Permission.VISITOR, Permission.PROVIDER) and path.startswith("/api/"):
            assert outcome(asked, method, world.fill(path)) == "401", (method, path)


@pytest.mark.parametrize(("site", "origin", "status"), [
    ("nonsense", "https://shop.example", 404), ("%00", "https://shop.example", 404),
    ("{site}", "https://evil.example", 403), ("{site}", None, 403)])
def test_a_socket_is_refused_before_it_opens(
        web: Any, world: World, site: str, origin: str | None, status: int) -> None:
    token = str(factories.make_site(world.people.tenant, "shop.example").token)
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", **({"Origin": origin} if origin else {})}
    Client(web).call("GET", f"/widget/live?site={site.format(site=token)}", headers=headers, expect=status)
