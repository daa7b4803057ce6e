"""The way out for whoever acts in somebody's place: also where the business has been suspended meanwhile."""

from flask import Blueprint, Response, make_response, redirect, request, url_for

from hub.access import identity
from hub.access.roles import Permission
from hub.errors import Conflict
from hub.lib import ids
from hub.pages.kit import PAGES
from hub.services.platform import impersonation

blueprint = Blueprint("acting", __name__)
PAGES.append(("POST", "/platform/exit", Permission.ANYBODY))


@blueprint.post("/platform/exit")
def leave() -> Response:
    """Back to the person whom the administrator acted for, or to the sign-in page."""
    try:
        user, cookie = impersonation.end(ids.digest(request.cookies.get(identity.COOKIE, "")))
    except Conflict:
        return make_response(redirect(url_for("auth.login"), 303))
    going = url_for("platform_users.show", user=user.uuid) if cookie else url_for("auth.login")
    response = make_response(redirect(going, 303))
    identity.set_cookie(response, identity.COOKIE, cookie)
    return response
