"""The database behind every model: SQLite or Postgres, one connection per greenlet, let go when it is not needed."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import TYPE_CHECKING, Self, TypeVar

import peewee
from peewee import (
    AutoField,
    DatabaseProxy,
    DateTimeField,
    Field,
    ForeignKeyField,
    InterfaceError,
    InternalError,
    ModelSelect,
    OperationalError,
    SqliteDatabase,
    UUIDField,
)
from playhouse.pool import MaxConnectionsExceeded, PooledPostgresqlDatabase, PooledSqliteDatabase

from hub.lib import clock, connection_urls, ids
from hub.models.fields import Derived
from hub.models import secret
from hub.models.statements import OneRow, WholeRows
from hub.settings import Settings

if TYPE_CHECKING:
    from hub.models.accounts.tenant import Tenant

db = DatabaseProxy()
Row = TypeVar("Row", bound=peewee.Model)
Result = TypeVar("Result")

# How long a writer waits for the others on SQLite, and how often it looks whether they are done.
_BUSY_S, _LOOK_S = 10, 0.0005
# Pages of 4 KB in SQLite's log before a writer moves them into the file, which takes several times as long as a line:
# with SQLite's own 1,000 every hundredth line waited for it.
_LOG_PAGES = 4_000

# What a driver raises when the server is away or refuses for its own reasons, such as a disk that is full or a database
# that may only be read; surfaces answer 503, jobs come back later.
Away = (OperationalError, InterfaceError, InternalError, MaxConnectionsExceeded)
_writing = threading.RLock()
_after = threading.local()      # what to do once our transaction is committed
_LARGEST = 2**31 - 1    # that a column of integers holds


class Model(peewee.Model):
    """A row is known inside by its number `id`, outside by its `uuid`; both are unique."""

    id = AutoField()
    uuid = UUIDField(unique=True, default=ids.uuid7)
    created_at = DateTimeField(default=clock.now)

    class Meta:
        database = db
        legacy_table_names = False

    # What stands before its id in contracts that prefix ids, such as usr_….
    PREFIX = ""

    @classmethod
    def select(cls, *columns: object) -> "ModelSelect[Self]":
        """As peewee's."""
        return super().select(*columns) if columns else WholeRows(cls, cls._meta.sorted_fields, is_default=True)

    @classmethod
    def insert(cls, data: Mapping[str, object] | Mapping[Field, object] | None = None, /, **values: object) -> OneRow:
        """As peewee's."""
        return OneRow(cls, cls._normalize_data(data, values))

    @property
    def ref(self) -> ids.RowId:
        """The row's names to the outside."""
        return ids.RowId(self.uuid, getattr(self, "number", 0), self.PREFIX)

    def save(self, force_insert: bool = False, only: Iterable[Field | str] | None = None) -> int:
        """As peewee's. Columns that follow from others are kept here, so that no service has to think of them."""
        derived = _derived(type(self))
        if not derived:
            return super().save(force_insert, only)
        given = None if only is None else {field if isinstance(field, str) else field.name for field in only}
        changed = [field.name for field in derived if field.derive(self, given)]
        return super().save(force_insert, None if given is None else [*given, *changed])


class TenantModel(Model):
    """A row that belongs to a tenant. Every query of such a row begins at `of(tenant)`."""

    if TYPE_CHECKING:       # each noun makes its own key
        tenant: ForeignKeyField[Tenant]
        tenant_id: int

    @classmethod
    def of(cls, tenant: "Tenant | int | None") -> "ModelSelect[Self]":
        """Select this tenant's rows. `tenant` is a Tenant or its id; nobody's rows are none."""
        return cls.select().where(cls.tenant == tenant)

    @classmethod
    def find(cls, tenant: "Tenant | int | None", uuid: object) -> Self | None:
        """The tenant's row with that uuid, or None: a stranger's row does not exist."""
        key = ids.parse(uuid)
        return None if key is None else cls.of(tenant).where(cls.uuid == key).first()

    @classmethod
    def by_number(cls, tenant: "Tenant | int | None", number: int) -> Self | None:
        """The tenant's row with that number, as people see it; None as well where rows of this kind have none."""
        column = cls._meta.fields.get("number")
        known = isinstance(column, Derived) and 0 < number <= _LARGEST
        return cls.of(tenant).where(column == number).first() if known else None


@cache
def _derived(model: type[Model]) -> tuple[Derived, ...]:
    return tuple(field for field in model._meta.sorted_fields if isinstance(field, Derived))


class _OwnerKey(ForeignKeyField[Row]):
    """Whose a row is. The index of a business's rows ends with their id: lists read them in order, and no others."""

    def bind(self, model: type[peewee.Model], name: str, set_attribute: bool = True) -> None:
        self.index = name != "tenant"
        super().bind(model, name, set_attribute)
        if not self.index:
            model._meta.indexes.append(((name, "id"), False))


def cascade_key(model: type[Row], **options: object) -> "ForeignKeyField[Row]":
    """A foreign key whose row is deleted together with the row it names."""
    kind = ForeignKeyField if options.keys() & {"index", "unique"} else _OwnerKey
    return kind(model, on_delete="CASCADE", **options)


def connect(settings: Settings) -> DatabaseProxy:
    """Point every model at the database of `settings`. Nothing is opened yet."""
    secret.use_keys(settings)
    db.initialize(_sqlite(settings) if settings.sqlite else _postgres(settings))
    return db


class _Sqlite(PooledSqliteDatabase):
    """Waits in Python until another process has ended its transaction: SQLite's own waiting stops every greenlet."""

    def begin(self, lock_type: str | None = None) -> None:
        self._once_unlocked(lambda: super(_Sqlite, self).begin(lock_type))

    def execute_sql(self, sql: str, params: Sequence[object] | None = None) -> sqlite3.Cursor:
        return self._once_unlocked(lambda: super(_Sqlite, self).execute_sql(sql, params))

    def rollback(self) -> object:
        # SQLite itself has, when its disk is full; to ask for it again would be an error, and hide the one that counts.
        return super().rollback() if self.connection().in_transaction else None

    def _once_unlocked(self, step: Callable[[], Result]) -> Result:
        give_up = time.monotonic() + _BUSY_S
        while True:
            try:
                return step()
            except OperationalError as error:       # of what was locked nothing has happened
                if "locked" not in str(error) or time.monotonic() > give_up:
                    raise
            time.sleep(_LOOK_S)

    def _set_pragmas(self, conn: sqlite3.Connection) -> None:
        super()._set_pragmas(conn)      # these may have to wait, too, and only SQLite can
        conn.execute("PRAGMA busy_timeout = 0")


def _sqlite(settings: Settings) -> PooledSqliteDatabase:
    # WAL mode is the file's own: migrate.py. synchronous=FULL waits for the disk at each commit; NORMAL is safe against
    # a killed process, but a power cut may take the last moments. busy_timeout comes first, for the others may have to
    # wait, too.
    # The rollback journal of a change of several rows is kept in memory: else it is a file each time.
    # Pooled, because opening costs a millisecond and the last one to close writes the whole log back into the file.
    return _Sqlite(
        connection_urls.sqlite(settings.database_url), max_connections=settings.database_pool, timeout=10,
        check_same_thread=False, pragmas={"busy_timeout": _BUSY_S * 1000, "synchronous": settings.sqlite_synchronous,
                                          "wal_autocheckpoint": _LOG_PAGES, "foreign_keys": 1,
                                          "temp_store": "memory"})


def _postgres(settings: Settings) -> PooledPostgresqlDatabase:
    # The parts go in one by one: a URL would end up, password and all, in the driver's error text.
    parts = {"connect_timeout": 5, "application_name": "parley",
             **connection_urls.postgres(settings.database_url)}
    # Whoever waits keeps a connection and a caller: behind a table that somebody has locked all of them would.
    limits = {"lock_timeout": settings.database_lock_s, "statement_timeout": settings.database_statement_s}
    options = [f"-c {name}={round(seconds * 1000)}" for name, seconds in limits.items() if seconds]
    if options:         # a pooler in between may know none at all
        parts["options"] = " ".join([*options, parts.get("options", "")]).strip()
    return PooledPostgresqlDatabase(parts.pop("dbname", ""), max_connections=settings.database_pool, timeout=10,
                                    stale_timeout=600, **parts)


def transaction() -> AbstractContextManager[object]:
    """All or nothing. On SQLite the write lock is taken at the start: an upgrade in the middle fails at once."""
    return _whole(_alone() if isinstance(db.obj, SqliteDatabase) else db.atomic())


@contextmanager
def _whole(step: AbstractContextManager[object]) -> Iterator[None]:
    try:
        with step:
            yield
    except BaseException:
        if not db.in_transaction():
            _after.steps = []
        raise
    if not db.in_transaction():
        steps, _after.steps = getattr(_after, "steps", []), []
        for then in steps:
            then()


def after_commit(step: Callable[[], object]) -> None:
    """Do it when the transaction we are in has been committed, never when it is rolled back; at once in none."""
    if db.in_transaction():
        _after.steps = [*getattr(_after, "steps", []), step]
    else:
        step()


@contextmanager
def _alone() -> Iterator[None]:
    # SQLite has one writer at a time. Who waits for another greenlet keeps no connection: that one may need it.
    if not _writing.acquire(blocking=False):
        release()
        _writing.acquire()
    try:
        with db.atomic("IMMEDIATE"):
            yield
    finally:
        _writing.release()


def locked(query: "ModelSelect[Row]") -> "ModelSelect[Row]":
    """The query's own rows (not those it joins), which nobody else changes until our transaction ends.

    On SQLite nobody else writes at all.
    """
    return query if isinstance(db.obj, SqliteDatabase) else query.for_update("FOR NO KEY UPDATE", of=query.model)


@contextmanager
def connection() -> Iterator[None]:
    """Work with the database, then let go of it; a connection that broke is thrown away, not pooled."""
    try:
        yield
    except Away:
        discard()
        raise
    finally:
        release()


def release() -> None:
    """Give the connection back before a slow call; the next query takes one again by itself."""
    if not db.is_closed() and not db.in_transaction():
        db.close()


def discard() -> None:
    """Close a broken connection for good, and the idle ones where the server has ended it: it ended them, too."""
    if db.is_closed():
        return
    is_ended = bool(getattr(db.connection(), "closed", 0))
    getattr(db, "manual_close", db.close)()
    if is_ended:
        db.close_idle()


def pool() -> tuple[int, int]:
    """(connections in use, how many there may be) of this process."""
    pooled = vars(db.obj)
    return len(pooled["_in_use"]), int(pooled["_max_connections"] or 0)
