"""The smallest body that each writing route takes, and the routes themselves with what they are made of."""

import io
from typing import Any, get_origin

from hub.access.roles import Permission
from hub.web import binding
from hub.api.kit.dialect import page_query
from hub.api.kit.schema import Many
from hub.api.kit.table import Route
from hub.models.accounts.account_token import Purpose
from hub.services.accounts import account_tokens, accounts, email_change
from tests import factories, letters, passkeys, second_factors
from tests.api.noun import One, declared
from tests.api.routes import dialect, name, routes, surface
from tests.api.world import World
from tests.factories import PASSWORD

# A route whose body may be empty needs no line here, nor does a plain noun: its Noun says what a new one needs.
_WHY = {"reason": "Asked by phone"}
BODIES: dict[str, Any] = {
    "POST /auth/login": lambda world: {"email": world.people.alice.email, "password": PASSWORD},
    "POST /api/auth/login": lambda world: {"email": world.people.alice.email, "password": PASSWORD},
    "POST /api/auth/refresh": lambda world: {"refresh_token": accounts.issue_tokens(world.people.alice).refresh},
    "POST /api/users/change-password": {"current_password": PASSWORD, "new_password": "Better-horse-8"},
    "POST /api/account/email": {"email": "alice@mill.example", "current_password": PASSWORD},
    "POST /auth/confirm-email-change": lambda world: {"token": wish(world)},
    "POST /auth/signup": {"email": "vera@shop.example", "password": PASSWORD},
    "POST /api/auth/register": {"email": "vera@shop.example", "password": PASSWORD},
    "POST /api/api-keys": {"name": "Shop", "scopes": ["VIEW_CONVERSATIONS"]},
    "POST /auth/invite": {"email": "erin@bakery.example", "role": "viewer"},
    "POST /auth/verify-email": lambda world: {"token": account_tokens.issue(world.people.alice, Purpose.VERIFY)},
    "POST /auth/forgot-password": lambda world: {"email": world.people.alice.email},
    "POST /auth/reset-password": lambda world: {
        "token": account_tokens.issue(world.people.alice, Purpose.RESET), "password": PASSWORD},
    "POST /api/auth/forgot-password": lambda world: {"email": world.people.alice.email},
    "POST /api/email/resend_confirmation": lambda world: {"email": world.people.alice.email},
    "POST /api/email/confirm_email": lambda world: {
        "email": world.people.alice.email, "code": account_tokens.issue_with_code(world.people.alice)[1]},
    "POST /api/email/contact-form": {"name": "Ivan", "email": "ivan@example.com", "subject": "Plans",
                                     "message": "Which are there?"},
    "POST /api/email/test_send": {"to": "test@example.com"},
    "POST /api/account/passkeys/options": {"proof": PASSWORD},
    "POST /api/account/passkeys": {"name": "Phone", "ticket": "none", "credential": "{}"},
    "POST /auth/passkey": {"ticket": "none", "credential": "{}"},
    "POST /api/account/totp/begin": {"password": PASSWORD},
    "POST /api/account/totp/confirm": {"code": "123456"},
    "POST /api/account/totp/recovery-codes": {"proof": PASSWORD},
    "DELETE /api/account/totp": {"proof": PASSWORD},
    "POST /api/conversations/<conversation>/messages": {"content": "On its way."},
    "POST /api/customers/<customer>/notes": {"noteText": "Likes poppy seeds."},
    "POST /api/onboarding/complete-step": {"step": "BUSINESS"},
    "POST /api/onboarding/setup": {"name": "Bakery"},
    "POST /api/admin/feature-flags/<name>/toggle":
        lambda world: {"enabled": False, "tenantId": str(world.people.tenant.uuid)},
    **dict.fromkeys((f"POST /api/admin/tenants/<tenant>/{verb}" for verb in ("restrict", "unrestrict")), _WHY),
    **dict.fromkeys((f"POST /api/admin/users/<user>/{verb}" for verb in (
        "disable", "enable", "second-factor-off", "promote-admin", "demote-admin", "impersonate")), _WHY),
    "POST /api/admin/tenants/<tenant>/grant": {**_WHY, "days": 7},
    "POST /api/admin/tenants/<tenant>/grants": {**_WHY, "startsAt": "2026-02-20T12:00:00Z",
                                                "endsAt": "2026-03-22T12:00:00Z"},
    "POST /api/tenant/closing": {"password": PASSWORD},
    **dict.fromkeys((f"{method} /api/admin/tenants/<tenant>/closing" for method in ("POST", "DELETE")), _WHY),
    "DELETE /api/admin/grants/<grant>": _WHY,
    "POST /api/admin/secrets": lambda world: {
        **_WHY, "scope": "tenant", "tenantId": str(world.people.tenant.uuid), "keyName": "CRYPTO_PAY_API_TOKEN",
        "plaintextValue": "pay-4711-and-more"},
    "POST /api/admin/secrets/<secret>/rotate": {**_WHY, "plaintextValue": "another-4711-and-more"},
    "POST /api/admin/secrets/<secret>/revoke": _WHY,
    **dict.fromkeys(("POST /admin/key/create", "POST /admin/key/delete"),
                    lambda world: {"tenant": world.people.tenant.number}),
    "POST /api/admin/proxies": {"host": "proxy.example", "port": 1080, "protocol": "socks5"},
    "POST /api/admin/proxies/import": {"proxies": [{"host": "proxy.example", "port": 1080, "protocol": "http"}]},
    "POST /api/admin/proxies/<proxy>/assign": {"tenantId": None, "channelId": None},
    "POST /api/admin/proxies/parse": {"text": "proxy.example:1080"},
    "POST /widget/session": lambda world: {"site": world.site},
    "POST /widget/messages": {"clientId": "client-1", "text": "Where is my cake?"},
    "POST /widget/read": lambda world: {"upTo": world.line},
}
# What a body must say so that something differs, where neither a Noun nor a One says it.
CHANGES: dict[str, Any] = {
    "POST /api/account/passkeys": lambda world: passkeys.Device(origin="").new(world.people.alice),
    "POST /auth/passkey": lambda world: passkeys.Device(origin="").entry(world.people.alice),
    "POST /api/account/totp/confirm": lambda world: {"code": second_factors.begun(world.people.alice).code()},
    **dict.fromkeys(("POST /api/account/totp/recovery-codes", "DELETE /api/account/totp"), lambda world: {
        "proof": second_factors.turned_on(world.people.alice).recovery_codes[0]}),
    "POST /api/admin/users/<user>/second-factor-off": lambda world: lost_phone(world),
    "PATCH /api/conversations/<conversation>": {"status": "paused"},
    "POST /api/onboarding/apply-templates": {"drafts": [{"title": "Delivery", "content": "By courier."}]},
    "PATCH /api/user/settings": {"stop_on_human_reply": True},
    "PATCH /api/admin/proxies/<proxy>": {"label": "Mitte", "password": "hush-4711-and-more"},
    "PUT /api/onboarding/state": {"status": "IN_PROGRESS"},
}
# What a question cannot go without.
QUERIES = {"GET /admin/key/get": {"tenant": "1"}, "GET /admin/keys/list": {"tenant": "1"},
           "GET /api/knowledge/search": {"q": "cake"},
           "DELETE /api/admin/proxies": {"status": "unchecked"}}
# A file that each route takes.
PNG = b"\x89PNG\r\n\x1a\n123"
FILES = {"POST /api/knowledge-docs/upload": ("hours.md", b"# Hours"), "POST /api/user/avatar": ("me.png", PNG)}
# What a password check costs is its purpose: these are not asked a hundred times.
SLOW = {"POST /auth/login", "POST /api/auth/login", "POST /api/users/change-password", "POST /api/account/email",
        "POST /auth/confirm-email-change"}

# What this world lacks: no mail server stands there, and nobody has an authenticator app or answers for a passkey.
REFUSED = {"POST /api/email/test_send": 409, "POST /api/account/passkeys": 401, "POST /auth/passkey": 401,
           **dict.fromkeys((
    "POST /api/account/totp/confirm", "POST /api/account/totp/recovery-codes", "DELETE /api/account/totp",
    "POST /api/admin/users/<user>/second-factor-off"), 409)}


def lost_phone(world: World) -> dict[str, str]:
    """Why somebody's second step is turned off, which there is for it."""
    second_factors.turned_on(world.people.bob)
    return _WHY


def wish(world: World) -> str:
    """The link's token of the letter to the address that alice wants."""
    email_change.ask(factories.caller(world.people.alice), "alice@mill.example", PASSWORD)
    return letters.token(letters.written("alice@mill.example")[-1])


# A package of the program is no file of a business: its own tests send it.
PACKAGES = {"POST /api/admin/updates/upload"}
UPLOADS = [route for route in routes()
           if binding.bind(route.handler, route.path).upload and name(route) not in PACKAGES]
WRITES = [route for route in routes()
          if binding.bind(route.handler, route.path).body is not None and name(route) not in PACKAGES]


def sent(route: Route, world: World) -> dict[str, Any]:
    """What a call brings so that something differs: a file, or a body as JSON."""
    if name(route) not in FILES:
        return {"json": changing(route, world)}
    called, content = FILES[name(route)]
    return {"data": {"file": (io.BytesIO(content), called)}}


def invalid(route: Route) -> int:
    """The status of input that does not fit."""
    return dialect(route).invalid


def asked(route: Route) -> list[str]:
    """The names of a route's query parameters, its pager's among them."""
    bound = binding.bind(route.handler, route.path)
    names = list(bound.query.model_fields) if bound.query else []
    if get_origin(bound.returns) is Many:
        names += page_query(dialect(route)).model_fields
    return names


QUESTIONS = [route for route in routes() if asked(route)]


def smallest(route: Route, world: World) -> dict[str, Any]:
    new = {f"POST {noun.base}": noun.new for noun in world.nouns.values()}
    body = {**new, **BODIES}.get(name(route), {})
    return dict(body(world) if callable(body) else body)


def changing(route: Route, world: World) -> dict[str, Any]:
    """A body after which something differs."""
    nouns = {f"PATCH {noun.itself.path}": noun.change for noun in world.nouns.values()}
    ones = {one.route: one.change for one in declared(One)}
    body = {**nouns, **ones, **CHANGES}.get(name(route)) or smallest(route, world)
    return dict(body(world) if callable(body) else body)


def caller(route: Route) -> str:
    """Who may call it: one of the names in the fixture `callers`."""
    if surface(route) == "bridge":
        return "service"
    if surface(route) == "chat":
        return "platform_key" if route.permission is Permission.PLATFORM_ADMIN else "key"
    return {Permission.VISITOR: "visitor", Permission.ANYBODY: "nobody", Permission.PLATFORM_ADMIN: "platform_owner",
            Permission.PLATFORM_OWNER: "platform_owner"}.get(route.permission, "owner")
