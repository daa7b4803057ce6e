"""Which page a request comes from, as far as its browser says so."""

from urllib.parse import urlsplit

from flask import request


def page_origin() -> str | None:
    """`https://host[:port]` of the page that sent this request, "null" for a page without one, None when unknown.

    A browser sends no Origin with a GET to the page's own host (Fetch standard, "append a request Origin header"):
    then its Referer names the page, and without that the page is the hub's own, unless Sec-Fetch-Site denies it. With
    a request of another site that could read the response Origin is always sent, so nobody gains by leaving it out.
    """
    given = request.environ.get("HTTP_ORIGIN")
    if given is not None:
        return str(given)
    return _origin(request.environ.get("HTTP_REFERER", "")) or _own()


def _origin(address: str) -> str | None:
    try:
        url = urlsplit(address)
    except ValueError:
        return None
    return f"{url.scheme}://{url.netloc.rpartition('@')[2]}" if url.scheme in ("http", "https") and url.netloc else None


def _own() -> str | None:
    """The hub's own origin; None when the browser says that the page is another one's."""
    is_own = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    return request.host_url.rstrip("/") if is_own else None
