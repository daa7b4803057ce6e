"""The core contract, /api and /auth: people with a session cookie or an access token."""

from hub.access import identity
from hub.access.callers import Caller
from hub.access.roles import Permission
from hub.api.kit.dialect import Case, Dialect, Ids, Pager
from hub.api.kit.surface import Surface, coded_error

# The three documents that the core unites. Entities of the last one are wrapped: `PLATFORM.named("agent")`.
SALES = Dialect()
REPLY = Dialect(case=Case.SNAKE, pager=Pager.OFFSET, invalid=422, whole_seconds=True, ids=Ids.NUMBER, most=100)
PLATFORM = Dialect(case=Case.SNAKE, pager=Pager.NUMBERED, invalid=422, whole_seconds=True, limit=10, most=100)


def identify(permission: Permission) -> Caller:
    if permission is Permission.ANYBODY:
        identity.own_page()      # or another site could sign its visitors in to an account of its own
        return identity.anonymous()
    return identity.signed_in()


core = Surface("core", ("/api/", "/auth/"), identify, coded_error,
               {"token": {"type": "http", "scheme": "bearer", "description": "Access token of POST /api/auth/login."},
                "session": {"type": "apiKey", "in": "cookie", "name": identity.COOKIE,
                            "description": "Cookie of POST /auth/login."}},
               dialect=SALES)
