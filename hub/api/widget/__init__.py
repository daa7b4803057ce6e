"""The widget contract, /widget: a site token and an allowed origin first, a visitor token then."""

from flask import request

from hub.access.origins import page_origin
from hub.access import identity
from hub.access.roles import Permission
from hub.access.callers import Caller
from hub.api.kit.surface import Surface, coded_error
from hub.services.channels import sites


def identify(permission: Permission) -> Caller:
    """The visitor of a token; the page it comes from must still be allowed."""
    if permission is not Permission.VISITOR:
        return identity.anonymous()
    visitor = identity.visitor()
    sites.check_origin(sites.of(visitor), page_origin())
    return visitor


def cors() -> dict[str, str]:
    """Any page may read the response: what it needs is the token, and browsers send no cookie along."""
    return {"Access-Control-Allow-Origin": request.environ.get("HTTP_ORIGIN", "*"), "Vary": "Origin",
            "Access-Control-Expose-Headers": "Retry-After, ETag"}


widget = Surface("widget", ("/widget/",), identify, coded_error, {"visitor": {"type": "http", "scheme": "bearer"}},
                 cors)
