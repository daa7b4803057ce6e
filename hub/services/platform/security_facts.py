"""What the security report looks at: each fact where it is, not where it should be."""

import math
import os
import stat
import time
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from peewee import SqliteDatabase
from redis import RedisError

from hub import queue
from hub.access import passwords
from hub.lib import clock, connection_urls, keyring
from hub.lib.cache import Cache
from hub.models import ALL, secret
from hub.models.accounts.user import User
from hub.models.base import db, release
from hub.models.platform.mail import Mail, MailState
from hub.settings import Settings

_LOCAL = ("", "localhost", "127.0.0.1", "::1")
_DAY_S = 86_400
_FRAME = 8          # bytes of zlib around what it packs
# What somebody in a hurry types that passes our own rule for passwords.
_USUAL = ("Password1", "Admin123", "Parley123")
# Whether a hash is that of a usual password: found once, true for ever.
_usual: Cache[str, bool] = Cache(_DAY_S)


@dataclass(frozen=True)
class Seen:
    """How the request that asks came (`hops`: proxies that named themselves), and what our sign-in page answers."""

    scheme: str
    hops: int
    is_debugging: bool
    headers: Mapping[str, str]
    cookies: list[str]


def bits(text: str) -> float:
    """How many bits of chance are in a secret at the most, judged by how often its letters and its
    parts come again."""
    counts, packed = Counter(text), len(zlib.compress(text.encode(), 9)) - _FRAME
    by_letters = -sum(count * math.log2(count / len(text)) for count in counts.values())
    return min(by_letters, 8.0 * packed)


def is_local(url: str) -> bool:
    """Does what stands there run on this machine?"""
    return url.startswith("unix:") or (urlsplit(url).hostname or "") in _LOCAL


def is_private(path: str | Path) -> bool:
    """Can nobody else on this machine read the file or folder? What is not there is."""
    try:
        return not stat.S_IMODE(os.stat(path).st_mode) & 0o077
    except OSError:
        return True


def database_file(settings: Settings) -> str:
    return connection_urls.sqlite(settings.database_url)


def is_superuser() -> bool:
    """May our database user do everything on the whole server?"""
    if isinstance(db.obj, SqliteDatabase):
        return False
    return bool(db.execute_sql("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()[0])


def is_encrypted(settings: Settings) -> bool:
    """Is the way to a database elsewhere encrypted, by what the connection itself says?"""
    if isinstance(db.obj, SqliteDatabase):
        return True
    found = db.execute_sql("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
    return is_local(settings.database_url) or bool(found and found[0])


def redis_policy() -> str:
    """What Redis does when its memory is full; empty when it does not say."""
    try:
        return str(queue.redis().info("memory").get("maxmemory_policy", ""))
    except RedisError:
        return ""


def stale_secrets() -> tuple[int, int]:
    """(stored secrets under an old key or none, those that no key of ours opens)."""
    ours = {keyring.key_id(key) for key in (secret.keys().current, *secret.keys().old)}
    stale = lost = 0
    for model in ALL:
        for field in secret.fields_of(model):
            for used, count in _keys_of(model._meta.table_name, field.column_name).items():
                stale += count if used != secret.keys().current_id else 0
                lost += count if used is not None and used not in ours else 0
    return stale, lost


def _keys_of(table: str, column: str) -> Counter[str | None]:
    """How many secrets of the column are under which key: only the beginning of each is read."""
    rows = db.execute_sql(f'SELECT substr("{column}", 1, 18) AS head, count(*) FROM "{table}" '
                          f'WHERE "{column}" IS NOT NULL GROUP BY head').fetchall()
    found = Counter[str | None]()
    for head, count in rows:
        name, _, rest = head.partition(":")
        found[rest[:8] if name == keyring.PREFIX else None] += count
    return found


def opens(password: str, user: User) -> bool:
    """Does that password still open the account?"""
    key = f"{user.password_hash} {keyring.key_id(password.encode())}"
    return bool(password and user.password_hash) and _usual.of(key, lambda: _matches(password, user))


def _matches(password: str, user: User) -> bool:
    release()           # bcrypt takes a while
    return passwords.matches(password, user.password_hash)


def with_usual_password(people: list[User]) -> list[User]:
    """Those whose password is one of the first that anybody would try."""
    return [user for user in people if any(opens(password, user) for password in _USUAL)]


def of_platform() -> list[User]:
    """Who may act on the whole installation, owners first."""
    return list(User.select().where((User.is_platform_admin | User.is_platform_owner) & User.is_active)
                .order_by(User.is_platform_owner.desc(), User.id).limit(5))


def failed_letters() -> int:
    """Letters of the last day that no server took."""
    return int(Mail.select().where(Mail.state == MailState.FAILED,
                                   Mail.created_at > clock.ahead(-_DAY_S)).count())


def backup_age_days(settings: Settings) -> float | None:
    """Days since the newest backup was made; None when there is none. What begins with a dot is not finished."""
    try:
        made = [entry.stat().st_mtime for entry in os.scandir(Path(settings.data_dir) / "backups")
                if entry.is_file() and entry.stat().st_size and not entry.name.startswith(".")]
    except OSError:
        return None
    return max(0.0, time.time() - max(made)) / _DAY_S if made else None
