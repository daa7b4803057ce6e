"""Operator pages: forms and links that work, parts of them refreshed in place."""

import sys
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Request, Response, g, redirect, render_template, request, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_login import LoginManager
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from hub.errors import HubError
from hub.lib import discover, text
from hub.pages import kit
from hub.pages.kit import catalogue, csrf, links
from hub.pages.nav import nav
from hub.services import files
from hub.settings import current_settings

# Every group of pages there is.
BLUEPRINTS: list[Blueprint] = [blueprint for module in discover.modules(sys.modules[__name__])
                               for blueprint in discover.instances(module, Blueprint)]
for _blueprint in BLUEPRINTS:
    _blueprint.before_request(kit.bounded)
    _blueprint.before_request(csrf.protect)


def register(app: Flask) -> None:
    """Templates, sign-in, forgery protection, languages, and every group of pages."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(catalogue.directory(Path(current_settings().data_dir).resolve()))
    Babel(app, locale_selector=kit.locale, timezone_selector=kit.timezone)
    app.session_interface = _Sessions()
    manager = _Manager(app)
    manager.request_loader(kit.load_viewer)
    app.jinja_env.globals["csrf_token"] = csrf.token
    app.jinja_env.globals["file_address"] = files.address
    app.jinja_env.filters.update(linked=links.linked, initials=text.initials)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.extensions["parley.error_page"] = error_page
    app.extensions["parley.pages"] = {blueprint.name for blueprint in BLUEPRINTS}
    app.context_processor(_template_globals)
    app.add_url_rule("/", "home", lambda: redirect(url_for("inbox.index")))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


class _Sessions(SecureCookieSessionInterface):
    """Who brings no session and needs none, as every API client, costs nothing: no signer, no look at the cookie."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if "HTTP_COOKIE" in request.environ else self.session_class()

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        serializer = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = _Signer
        return serializer

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.accessed:
            super().save_session(app, session, response)


class _Signer(TimestampSigner):
    """Looks at no moment: a form would be refused where the clock is behind. The cookie ends with the browser."""

    def unsign(self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False) -> Any:
        return super().unsign(signed_value, None, return_timestamp)     # type: ignore[call-overload]


class _Manager(LoginManager):
    """We have no "remember me"; looking for one makes every answer, files included, differ by cookie."""

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


def _template_globals() -> dict[str, object]:
    return {"theme": kit.theme(), "locale": kit.locale(), "nav": nav()}


def error_page(error: HubError) -> ResponseReturnValue:
    """A sentence for a person; whoever is not signed in is asked to do that first."""
    if error.status == 401 and request.method == "GET" and "HX-Request" not in request.headers:
        return redirect(url_for("auth.login", next=request.full_path.rstrip("?")))
    page = render_template("pages/error.html", status=error.status, code=error.code, message=error.message,
                           request_id=g.get("request_id"), retry_after=error.retry_after)
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
    if isinstance(error, csrf.Forged):
        headers[csrf.RENEWED] = csrf.token()
    return page, error.status, headers
