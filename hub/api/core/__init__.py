"""The core contract, /api and /auth: people with a session cookie or an access token."""

from hub.access import callers
from hub.access.identity import Who
from hub.access.roles import Permission
from hub.api.kit.surface import Surface, coded_error
from hub.errors import Unauthorized


def identify(permission: Permission) -> Who | None:
    if permission is Permission.ANYBODY:
        callers.own_page()      # or another site could sign its visitors in to an account of its own
        return None
    who = callers.user()
    if who is None:
        raise Unauthorized(message="Sign in first.")
    return who


core = Surface("core", ("/api/", "/auth/"), identify, coded_error,
               {"token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": callers.COOKIE}})
