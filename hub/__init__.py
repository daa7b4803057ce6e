"""Parley's hub: `create_app(settings)` is one visible list of everything that is plugged in."""

from pathlib import Path
from typing import TYPE_CHECKING

from hub.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

_ROOT = str(Path(__file__).resolve().parent.parent)


def create_app(settings: Settings) -> "Flask":
    """The web application. The imports stand inside so that jobs and leaves, which import `hub.…`, stay small."""
    from flask import Flask

    from hub import api, assets, live, pages, queue
    from hub.access.limits import Limiter
    from hub.api.kit import middleware, serve
    from hub.lib.bodies import Bodies
    from hub.lib.cookies import Cookies
    from hub.lib.proxies import Proxies
    from hub.services.accounts import limits
    from hub.services.start import start

    start(settings)
    app = Flask("parley", root_path=_ROOT, template_folder="templates", static_folder=None)
    app.secret_key = settings.session_secret
    app.ensure_sync = lambda func: func         # type: ignore[method-assign]  # nothing here is async, and Flask asks often
    app.wsgi_app = Cookies(Bodies(app.wsgi_app), settings.production)   # type: ignore[method-assign]
    if settings.trust_proxy:
        app.wsgi_app = Proxies(app.wsgi_app, settings.trust_proxy)  # type: ignore[method-assign]
    middleware.register(app)
    serve.register(app, api.surfaces(), Limiter(settings, queue.redis(), limits.own))
    live.register(app)
    assets.register(app)
    pages.register(app)
    return app
