"""What every page does: who is looking, may they, in which language and look; and how a page is declared."""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import TypeAlias, TypeVar, get_args, get_origin
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user
from pydantic import BaseModel

from hub.access import callers, identity, request_limits
from hub.access.callers import Anonymous, UserCaller
from hub.access.roles import Permission
from hub.access.rows import get_or_404
from hub.errors import BadInput, HubError, NotFound, Unauthorized
from hub.lib import ids, text
from hub.models.base import TenantModel
from hub.pages.kit.form import Form

Model = TypeVar("Model", bound=BaseModel)
View: TypeAlias = Callable[..., ResponseReturnValue]
LOCALES = ("en", "ru")
THEMES = ("auto", "light", "dark")
# (method, path, permission) of every page: the access test walks them like the API's routes.
PAGES: list[tuple[str, str, Permission]] = []
# (path, permission, model) of the forms that are sent there: what the search of the settings finds.
FORMS: list[tuple[str, Permission, type[BaseModel]]] = []
# Bytes of a form at the most, and the pages that take more.
_FORM = 4 << 20
_LARGER: dict[str, Callable[[], int]] = {}


class Viewer(UserMixin):
    """The signed-in person as templates see it."""

    def __init__(self, caller: UserCaller) -> None:
        self.caller = caller
        self.id = str(caller.user.uuid)
        self.name, self.role = caller.user.name, caller.role
        self.initials = text.initials(caller.user.name)
        self.email = caller.user.email
        self.picture = caller.user.picture

    def may(self, permission: str) -> bool:
        return self.caller.may(Permission(permission))


def load_viewer(_: object) -> Viewer | None:
    """flask-login asks who this request is from."""
    try:
        caller = identity.user()
    except HubError:
        return None
    return Viewer(caller) if caller else None


def page(blueprint: Blueprint, rule: str, permission: Permission,
         method: str = "GET", limit: tuple[str, ...] = (),
         max_body: Callable[[], int] | None = None) -> Callable[[View], View]:
    """Declare a page. Its view gets the caller first, then what its annotations ask for. `limit` names rows of
    access/limits.py; `max_body` says how many bytes a POST may bring where a form is not all of it. Where ANYBODY
    may come, the caller may be nobody in particular.

    A TenantModel: the tenant's own row of that `<name>`; UUID: what stands there, if it is one; Form[Model]: what was
    sent, with its errors; another pydantic model: the query of a GET or the fields of a POST, which must be right.
    """
    def declare(view: View) -> View:
        hints = {name: what.annotation for name, what in list(signature(view).parameters.items())[1:]}
        PAGES.append((method, f"{blueprint.url_prefix or ''}{rule}", permission))
        FORMS.extend((rule, permission, get_args(hint)[0]) for hint in hints.values() if get_origin(hint) is Form)

        @wraps(view)
        def shown(**path: str) -> ResponseReturnValue:
            caller = _caller(permission)
            callers.require(caller, permission)
            request_limits.count(limit, caller)
            return view(caller, **{name: _argument(hint, caller, path.get(name, "")) for name, hint in hints.items()})

        if max_body is not None:
            _LARGER[f"{blueprint.name}.{view.__name__}"] = max_body
        blueprint.add_url_rule(rule, view.__name__, shown, methods=[method])
        return shown
    return declare


def bounded() -> None:
    """Before anything of a page's request is read: no more of it than the page takes."""
    request.max_content_length = _LARGER.get(request.endpoint or "", lambda: _FORM)()


def _caller(permission: Permission) -> UserCaller | Anonymous:
    if current_user.is_authenticated:
        caller: UserCaller = current_user.caller
        return caller
    if permission is not Permission.ANYBODY:
        raise Unauthorized(message="Sign in first.")
    return identity.anonymous()


def _argument(hint: object, caller: UserCaller | Anonymous, key: str) -> object:
    if isinstance(hint, type) and issubclass(hint, TenantModel):
        return get_or_404(hint, caller.tenant, key)
    if hint is UUID:
        return _uuid(key)
    if get_origin(hint) is Form:
        return Form.sent(get_args(hint)[0], request.form)
    return read(hint) if isinstance(hint, type) and issubclass(hint, BaseModel) else key


def _uuid(key: str) -> UUID:
    found = ids.parse(key)
    if found is None:
        raise NotFound(message="There is nothing of that id here.")
    return found


def read(model: type[Model]) -> Model:
    """The query of a GET or the fields of a POST as that model; BadInput where they do not fit."""
    form = Form.sent(model, request.args if request.method == "GET" else request.form)
    if form.value is None:
        wrong = next((field for field in form if field.error), None)
        raise BadInput("VALIDATION_ERROR", f"{wrong.label}: {wrong.error}" if wrong else form.error,
                       {"field": wrong.name if wrong else None})
    return form.value


def locale() -> str:
    """The person's own language, else the cookie's, else the browser's."""
    if request.cookies.get("locale") in LOCALES:
        return str(request.cookies["locale"])
    if current_user and current_user.is_authenticated and current_user.caller.user.locale in LOCALES:
        return current_user.caller.user.locale
    return request.accept_languages.best_match(LOCALES) or "en"


def timezone() -> str | None:
    """Times are shown in the business's zone."""
    signed_in = current_user and current_user.is_authenticated
    return current_user.caller.tenant.timezone if signed_in else None


def theme() -> str:
    """auto | light | dark."""
    cookie = request.cookies.get("theme")
    if cookie in THEMES:
        return str(cookie)
    own = current_user.caller.user.theme if current_user and current_user.is_authenticated else "system"
    return own if own in THEMES else "auto"


def asked_for_part() -> bool:
    """Did htmx ask, so that only a part of the page is wanted?"""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"
