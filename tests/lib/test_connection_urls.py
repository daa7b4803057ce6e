"""Every part of a server's address is obeyed or refused by name, with no password in the sentence."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from peewee import OperationalError

from hub.errors import SettingsError
from hub.lib import connection_urls as urls
from hub.models import base
from hub.settings import Settings
from scripts import probes

_SECRET = {"SESSION_SECRET": "x" * 32}


@pytest.mark.parametrize(("url", "parts"), [
    ("postgres://u:p@h/d", {"user": "u", "password": "p", "host": "h", "dbname": "d"}),
    ("postgresql://u:p%40%2F#x@h:5433/d",
     {"user": "u", "password": "p@/#x", "host": "h", "port": "5433", "dbname": "d"}),
    ("postgres:///d?host=/run/pg&port=5388", {"dbname": "d", "host": "/run/pg", "port": "5388"}),
    ("postgres://%2Frun%2Fpg/d", {"host": "/run/pg", "dbname": "d"}),
    ("postgres://one:1,two:2/d?target_session_attrs=read-write",
     {"host": "one,two", "port": "1,2", "dbname": "d", "target_session_attrs": "read-write"}),
    ("postgres://h/d?sslmode=verify-full&sslrootcert=/ca.pem&options=-c%20statement_timeout%3D9&connect_timeout=3"
     "&application_name=desk&keepalives=1&keepalives_idle=30",
     {"host": "h", "dbname": "d", "sslmode": "verify-full", "sslrootcert": "/ca.pem",
      "options": "-c statement_timeout=9", "connect_timeout": "3", "application_name": "desk", "keepalives": "1",
      "keepalives_idle": "30"}),
])
def test_a_postgres_address_means_what_libpq_means(url: str, parts: dict[str, str]) -> None:
    assert urls.postgres(url) == parts == psycopg2.extensions.parse_dsn(url)


@pytest.mark.parametrize(("name", "url", "says"), [
    ("DATABASE_URL", "postgres://u:hidden@h/d?ssl_mode=require",
     ': Postgres knows no connection parameter "ssl_mode".'),
    ("DATABASE_URL", "postgres://u:hidden@h/d?pool_size=5", ': Postgres knows no connection parameter "pool_size".'),
    ("DATABASE_URL", "postgres://u:hidden@h/d?sslmode=on", ": sslmode must be one of disable, allow, prefer, require,"),
    ("DATABASE_URL", "postgres://u:hidden@h/d?connect_timeout=soon", ": connect_timeout must be seconds, not 'soon'."),
    ("DATABASE_URL", "postgres://u:hid%zzden@h/d", " is not an address; it should look like postgres://"),
    ("DATABASE_URL", "postgres://u:hidden@h:port/d", " is not an address; it should look like postgres://"),
    ("DATABASE_URL", "postgres://u:hidden@h:99999/d", " is not an address; it should look like postgres://"),
    ("DATABASE_URL", "postgres://u:hidden@h/d?sslmode", " is not an address; it should look like postgres://"),
    ("DATABASE_URL", "sqlite:///data/hub.db?mode=ro",
     ": SQLite takes no parameters, and 'mode=ro' would not be obeyed."),
    ("DATABASE_URL", "sqlite:///", " must name a file that several processes can open"),
    ("DATABASE_URL", "sqlite:///:memory:", " must name a file that several processes can open"),
    ("REDIS_URL", "redis://:hidden@h/0?ssl=true", ': Redis knows no connection parameter "ssl".'),
    ("REDIS_URL", "redis://:hidden@h/0?ssl_cert_reqs=none", ': Redis knows no connection parameter "ssl_cert_reqs".'),
    ("REDIS_URL", "redis://:hidden@h/0?decode_responses=true",
     ': Redis knows no connection parameter "decode_responses"'),
    ("REDIS_URL", "redis://:hidden@h/queue", " is not an address; it should look like redis://"),
    ("REDIS_URL", "redis://:hidden@h:port/0", " is not an address; it should look like redis://"),
    ("REDIS_URL", "redis://:hidden@h/?db=first", " is not an address; it should look like redis://"),
    ("CHROMA_URL", "chroma:8000", " is not an address; it should look like https://host:8000/path."),
    ("CHROMA_URL", "http://h:8000/?tenant=x", ": 'tenant=x' would not be obeyed; the address ends with the path."),
    ("CHROMA_URL", "http://h:port", " is not an address; it should look like https://host:8000/path."),
    ("OPENAI_BASE_URL", "https://h/v1?api-version=2", ": 'api-version=2' would not be obeyed;"),
    ("OPENAI_BASE_URL", "api.openai.com/v1", " is not an address; it should look like https://host:8000/path."),
])
def test_what_would_be_dropped_is_refused_by_name(name: str, url: str, says: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        Settings.load({**_SECRET, name: url})
    assert str(wrong.value).startswith(f"{name}{says}") and "hidden" not in str(wrong.value)


@pytest.mark.parametrize(("name", "url"), [
    ("REDIS_URL", "redis://user:pass@h:6380/3?socket_timeout=2&health_check_interval=10&protocol=3"),
    ("REDIS_URL", "unix:///run/redis.sock?db=2&password=x"), ("REDIS_URL", "rediss://h/0?ssl_cert_reqs=none"),
    ("REDIS_URL", "redis://h"), ("CHROMA_URL", "https://me:secret@h/chroma"),
    ("OPENAI_BASE_URL", "http://[::1]:8080/v1/"),
    ("DATABASE_URL", "sqlite:////var/lib/parley#1/hub.db"),
])
def test_what_is_obeyed_is_taken(name: str, url: str) -> None:
    Settings.load({**_SECRET, name: url})


def test_a_password_in_the_query_is_said_to_redis(redis_url: str) -> None:
    assert probes.redis_ask(f"{redis_url}?password=wrong", "PING").startswith("-")
    assert probes.redis_ask(f"{redis_url}?socket_timeout=1", "PING") == "+PONG"


# Against the real server

@pytest.fixture
def connected(settings: Settings, app: Any) -> Any:
    """connected("sslmode=require"): the models' database under the run's address with that query."""
    if settings.sqlite:
        pytest.skip("needs Postgres")

    def go(query: str) -> Any:
        base.release()
        return base.connect(replace(settings, database_url=f"{settings.database_url}?{query}"))

    yield go
    base.db.close_all()
    base.connect(settings)


@pytest.mark.postgres
@pytest.mark.parametrize("query", ["sslmode=require", "sslmode=verify-full&sslrootcert=system", "host=/nowhere",
                                   "port=1", "options=-c%20nonsense%3D1"])
def test_postgres_is_never_reached_otherwise_than_asked(connected: Any, query: str) -> None:
    with pytest.raises(OperationalError):
        connected(query).execute_sql("SELECT 1")


@pytest.mark.postgres
def test_options_and_the_applications_name_reach_postgres(connected: Any) -> None:
    db = connected("options=-c%20statement_timeout%3D1234&application_name=desk&keepalives_idle=30")
    asked = [db.execute_sql(f"SHOW {name}").fetchone()[0] for name in ("statement_timeout", "application_name")]
    assert asked == ["1234ms", "desk"]
    assert connected("sslmode=prefer").execute_sql("SHOW application_name").fetchone()[0] == "parley"


def test_a_file_with_a_strange_name_is_that_file(tmp_path: Path) -> None:
    assert urls.sqlite(f"sqlite:///{tmp_path}/a b#c%20.db") == f"{tmp_path}/a b#c%20.db"
