"""Cookies: not for scripts, not with requests of other sites, in production over HTTPS alone; whoever sets them."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

if TYPE_CHECKING:
    from _typeshed import OptExcInfo


class Cookies:
    """WSGI middleware: adds HttpOnly, SameSite=Lax and, with `secure`, Secure to each Set-Cookie that lacks them."""

    def __init__(self, app: WSGIApplication, secure: bool) -> None:
        self._app = app
        self._wanted = ["HttpOnly", "SameSite=Lax", *(["Secure"] if secure else [])]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], error: "OptExcInfo | None" = None,
                  /) -> Callable[[bytes], object]:
            return start_response(status, [(name, self._whole(value) if name.lower() == "set-cookie" else value)
                                           for name, value in headers], error)

        return self._app(environ, start)

    def _whole(self, cookie: str) -> str:
        given = {part.partition("=")[0].strip().lower() for part in cookie.split(";")[1:]}
        return "; ".join([cookie, *(word for word in self._wanted if word.partition("=")[0].lower() not in given)])
