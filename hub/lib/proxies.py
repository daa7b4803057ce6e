"""What the proxies in front say about a request: the visitor's address, and the address that the visitor typed."""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_DEFAULT_PORTS = {"http": "80", "https": "443"}
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(?::(?P<port>\d{1,5}))?")
_ADDRESS = re.compile(r"\[(?P<six>[^\]]+)\](?::\d+)?|(?P<four>[\d.]+):\d+")


class Proxies:
    """WSGI middleware: believes X-Forwarded-For, -Proto, -Host and -Port of that many proxies.

    Each proxy adds to a header or writes it anew, so a header may hold fewer values than there are proxies: the
    outermost one that is known to be a proxy's counts. What is no address, scheme, host or port is passed over.
    """

    def __init__(self, app: WSGIApplication, hops: int) -> None:
        self._app, self._hops = app, hops

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        address = _address(self._said(environ, "FOR"))
        scheme = self._said(environ, "PROTO").lower()
        if address:
            environ["REMOTE_ADDR"] = address
        if scheme in _DEFAULT_PORTS:
            environ["wsgi.url_scheme"] = scheme
        host = _host(self._said(environ, "HOST") or environ.get("HTTP_HOST", ""), self._said(environ, "PORT"),
                     environ["wsgi.url_scheme"])
        if host:
            environ["HTTP_HOST"] = host
        return self._app(environ, start_response)

    def _said(self, environ: WSGIEnvironment, name: str) -> str:
        values = [value.strip() for value in environ.get(f"HTTP_X_FORWARDED_{name}", "").split(",")]
        return str(values[-min(self._hops, len(values))])


def _address(text: str) -> str:
    """An IP address; some proxies put the port behind it. Empty when it is none."""
    found = _ADDRESS.fullmatch(text)
    try:
        return str(ip_address(found["six"] or found["four"] if found else text))
    except ValueError:
        return ""


def _host(host: str, port: str, scheme: str) -> str:
    """`host[:port]` as the visitor's browser has it; empty when it is nonsense."""
    found = _HOST.fullmatch(host)
    if not found:
        return ""
    # Who passes the Host on with its port has said all. The plain port beside https is the one between two proxies.
    between = {"http": "443", "https": "80"}[scheme]
    if found["port"] or not re.fullmatch(r"\d{1,5}", port) or port in (_DEFAULT_PORTS[scheme], between):
        return host
    return f"{host}:{port}"
