"""The addresses of Postgres, SQLite, Redis and HTTP servers as settings give them: every part is obeyed or refused."""

from collections.abc import Set
from urllib.parse import parse_qs, urlsplit

from hub.lib.json_types import JsonObject

_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
# What redis-py takes from an address and what does not change how we read its answers.
_REDIS = {"db", "username", "password", "protocol", "client_name", "socket_timeout", "socket_connect_timeout",
          "socket_keepalive", "health_check_interval"}
_REDIS_TLS = {"ssl_cert_reqs", "ssl_ca_certs", "ssl_ca_path", "ssl_certfile", "ssl_keyfile", "ssl_check_hostname"}


class WrongAddress(ValueError):
    """The end of a sentence that begins with the setting's name; never with a password in it."""


def postgres(url: str) -> JsonObject:
    """The connection's parameters under libpq's names, with libpq's own meaning of every part.

    https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
    """
    import psycopg2  # two megabytes that nobody needs on SQLite
    from psycopg2.extensions import parse_dsn
    try:
        found: JsonObject = parse_dsn(url)
    except psycopg2.ProgrammingError as error:
        _, unknown, name = str(error).strip().partition('invalid URI query parameter: ')
        if unknown:
            raise WrongAddress(f": Postgres knows no connection parameter {name}.") from None
        raise WrongAddress(_POSTGRES) from None
    ports = str(found.get("port", "5432")).split(",")
    if not all(port == "" or (port.isdecimal() and 0 < int(port) < 65536) for port in ports):
        raise WrongAddress(_POSTGRES)
    if found.get("sslmode", "prefer") not in _SSL_MODES:
        raise WrongAddress(f": sslmode must be one of {', '.join(_SSL_MODES)}, not {found['sslmode']!r}.")
    if not str(found.get("connect_timeout", "0")).isdecimal():
        raise WrongAddress(f": connect_timeout must be seconds, not {found['connect_timeout']!r}.")
    return found


_POSTGRES = " is not an address; it should look like postgres://user:password@host:5432/name."


def sqlite(url: str) -> str:
    """The path of the file."""
    path = url.removeprefix("sqlite:///")
    if "?" in path:
        raise WrongAddress(f": SQLite takes no parameters, and {path.partition('?')[2][:100]!r} would not be obeyed.")
    if not path or path == ":memory:":
        raise WrongAddress(" must name a file that several processes can open, such as sqlite:///data/hub.db.")
    return path


def check_redis(url: str) -> None:
    """Raises WrongAddress for what redis-py would drop or could not read."""
    known = _REDIS | _REDIS_TLS if url.startswith("rediss:") else _REDIS
    _check_query(url, known, "Redis")
    from redis.connection import parse_url
    try:
        parts = urlsplit(url)
        parse_url(url)
        is_good = parts.port != 0 and not parts.fragment
    except ValueError:
        is_good = False
    if not is_good or (not url.startswith("unix:") and not (parts.path.strip("/") or "0").isdecimal()):
        raise WrongAddress(" is not an address; it should look like redis://127.0.0.1:6379/0.")


def check_http(url: str) -> None:
    """Raises WrongAddress unless paths can be put behind this address of a server."""
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good:
        raise WrongAddress(" is not an address; it should look like https://host:8000/path.")
    if parts.query or parts.fragment:
        raise WrongAddress(f": {(parts.query or parts.fragment)[:100]!r} would not be obeyed; "
                           "the address ends with the path.")


def _check_query(url: str, known: Set[str], server: str) -> None:
    for name in parse_qs(urlsplit(url).query, keep_blank_values=True):
        if name not in known:
            raise WrongAddress(f": {server} knows no connection parameter \"{name[:100]}\".")


def has_login(text: str) -> bool:
    """Is it an address with a name or a password in it?"""
    try:
        return "://" in text and "@" in urlsplit(text).netloc
    except ValueError:
        return True
