"""What every page does: who is looking, may they, in which language and look; and how a page is declared."""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any

from flask import Blueprint, request
from flask_login import UserMixin, current_user

from hub.access import callers
from hub.access.identity import Who
from hub.access.roles import Permission
from hub.access.rows import get_or_404
from hub.errors import HubError, Unauthorized
from hub.lib import text

LOCALES = ("en", "ru")
THEMES = ("auto", "light", "dark")
# (method, path, permission) of every page: the access test walks them like the API's routes.
PAGES: list[tuple[str, str, Permission]] = []


class Viewer(UserMixin):
    """The signed-in person as templates see it."""

    def __init__(self, who: Who) -> None:
        self.who = who
        self.id = str(who.user.uuid)
        self.name, self.role = who.user.name, who.role
        self.initials = text.initials(who.user.name)
        self.email = who.user.email

    def may(self, permission: str) -> bool:
        return self.who.may(Permission(permission))


def load_viewer(_: Any) -> Viewer | None:
    """flask-login asks who this request is from."""
    try:
        who = callers.user()
    except HubError:
        return None
    return Viewer(who) if who else None


def page(blueprint: Blueprint, rule: str, permission: Permission,
         method: str = "GET") -> Callable[[Callable[..., Any]], Any]:
    """Declare a page. The view gets `who` and, for each `<name>` annotated with a model, the tenant's own row."""
    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        hints = {name: what.annotation for name, what in signature(view).parameters.items()}
        PAGES.append((method, f"{blueprint.url_prefix or ''}{rule}", permission))

        @wraps(view)
        def shown(**path: str) -> Any:
            if not current_user.is_authenticated:
                raise Unauthorized(message="Sign in first.")
            who = current_user.who
            who.require(permission)
            return view(who, **{name: get_or_404(hints[name], who.tenant, key) for name, key in path.items()})

        blueprint.add_url_rule(rule, view.__name__, shown, methods=[method])
        return shown
    return declare


def locale() -> str:
    """The person's own language, else the cookie's, else the browser's."""
    if request.cookies.get("locale") in LOCALES:
        return str(request.cookies["locale"])
    if current_user and current_user.is_authenticated and current_user.who.user.locale in LOCALES:
        return str(current_user.who.user.locale)
    return request.accept_languages.best_match(LOCALES) or "en"


def timezone() -> str | None:
    """Times are shown in the business's zone."""
    signed_in = current_user and current_user.is_authenticated
    return str(current_user.who.tenant.timezone) if signed_in else None


def theme() -> str:
    """auto | light | dark."""
    cookie = request.cookies.get("theme")
    if cookie in THEMES:
        return str(cookie)
    own = current_user.who.user.theme if current_user and current_user.is_authenticated else "system"
    return own if own in THEMES else "auto"


def asked_for_part() -> bool:
    """Did htmx ask, so that only a part of the page is wanted?"""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"
