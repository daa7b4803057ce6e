"""What the outside sees of the hub: how this request came, and how our own sign-in page is answered."""

from contextvars import copy_context

from flask import current_app, request
from werkzeug.test import EnvironBuilder, run_wsgi_app

from hub.services.platform.security_facts import Seen


def seen() -> Seen:
    """Asked by asking: our own page is fetched as a stranger would fetch it."""
    forwarded = request.environ.get("HTTP_X_FORWARDED_FOR", "")
    headers, cookies = copy_context().run(_sign_in_page, request.host_url)
    return Seen(scheme=request.scheme, hops=len(forwarded.split(",")) if forwarded else 0,
                is_debugging=current_app.debug, headers=headers, cookies=cookies)


def _sign_in_page(base_url: str) -> tuple[dict[str, str], list[str]]:
    """Its headers and its cookies; in a context of its own, for a request resets what ours knows of itself."""
    builder = EnvironBuilder(path="/auth/login", base_url=base_url)
    try:
        body, _, headers = run_wsgi_app(current_app.wsgi_app, builder.get_environ(), buffered=True)
    finally:
        builder.close()
    for _ in body:
        pass
    return {name.lower(): value for name, value in headers}, headers.getlist("Set-Cookie")
