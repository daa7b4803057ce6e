"""SecretField: a column that the database sees encrypted and nobody prints by accident."""

import hashlib
from typing import TYPE_CHECKING

from peewee import Database, FieldAccessor, Model, TextField

from hub.errors import Unavailable
from hub.lib import crypto, ids, keyring
from hub.lib.keyring import Keyring, Unreadable
from hub.settings import Settings

_keyring: Keyring | None = None


def use_keys(settings: Settings) -> Keyring:
    """Make these keys those of this process."""
    global _keyring
    _keyring = keyring_of(settings)
    return _keyring


def keyring_of(settings: Settings) -> Keyring:
    """The keys of an installation. Outside production one without a key of its own has one made of SESSION_SECRET."""
    derived = hashlib.sha256(b"stored secrets\x00" + settings.session_secret.encode()).digest()
    texts = (settings.secrets_key, *settings.old_secrets_keys.split(","))
    given = [keyring.parse(text) for text in texts if text.strip()]
    keys = given if settings.production else [*given, derived]
    return Keyring(keys[0] if keys else derived, tuple(keys[1:]))


def keys() -> Keyring:
    if _keyring is None:
        raise RuntimeError("base.connect() has not been called")
    return _keyring


class Secret:
    """A secret on a row. It is encrypted until somebody asks for it by `reveal()`; printed, it says nothing."""

    __slots__ = ("_context", "_text")

    def __init__(self, text: str, context: str | None = None) -> None:
        self._text, self._context = text, context       # with a context: as the database has it

    def reveal(self) -> str:
        """The secret itself. Raises Unavailable when our keys do not open it."""
        # A release before encryption wrote plain text, and may do so until the last of its processes has ended.
        if self._context is None or not keyring.is_sealed(self._text):
            return self._text
        try:
            return keys().unseal(self._text, self._context)
        except Unreadable as error:
            raise Unavailable("secret_unreadable", "A stored secret cannot be read with the keys of this installation; "
                              "check INTEGRATION_SECRETS_MASTER_KEY.") from error

    def stored(self, context: str) -> str:
        """As the database keeps it: under the current key."""
        if self._context == context and keyring.sealed_with(self._text) == keys().current_id:
            return self._text
        return keys().seal(self.reveal(), context)

    def __repr__(self) -> str:
        return "•••"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and crypto.same(self.reveal(), other.reveal())

    __hash__ = None  # type: ignore[assignment]


class _Accessor(FieldAccessor):
    def __set__(self, instance: Model, value: object) -> None:
        super().__set__(instance, Secret(value) if isinstance(value, str) else value)


class SecretField(TextField[Secret]):
    """Holds a Secret; a str that is assigned becomes one. `default` is a new random secret,
    or none where the column may be empty."""

    accessor_class = _Accessor

    def __init__(self, **options: object) -> None:
        default = None if options.get("null") else lambda: Secret(ids.token())
        super().__init__(**{"default": default, **options})

    @property
    def context(self) -> str:
        return f"{self.model._meta.table_name}.{self.column_name}"

    def db_value(self, value: object) -> str | None:
        if value is None:
            return None
        return (value if isinstance(value, Secret) else Secret(str(value))).stored(self.context)

    def python_value(self, value: str | None) -> Secret | None:
        return None if value is None else Secret(value, self.context)

    if TYPE_CHECKING:       # what a row takes; the accessor does it
        def __set__(self, row: Model, value: Secret | str) -> None: ...


def fields_of(model: type[Model]) -> list[SecretField]:
    """The secret columns of a model."""
    return [field for field in model._meta.sorted_fields if isinstance(field, SecretField)]


def seal_all(db: Database, table: str, column: str, batch: int = 500) -> tuple[int, int]:
    """(encrypted anew under the current key, unreadable) of a column. May be repeated, and run while others write."""
    mark = db.param
    done = lost = last = 0
    while True:
        rows = db.execute_sql(f'SELECT id, "{column}" FROM "{table}" WHERE id > {mark} AND "{column}" IS NOT NULL '
                              f"ORDER BY id LIMIT {int(batch)}", (last,)).fetchall()
        if not rows:
            return done, lost
        last = rows[-1][0]
        for number, text in rows:
            if keyring.sealed_with(text) == keys().current_id:
                continue
            try:
                new = Secret(text, f"{table}.{column}").stored(f"{table}.{column}")
            except Unavailable:
                lost += 1
                continue
            # Whoever changed it meanwhile wrote under the current key already.
            update = f'UPDATE "{table}" SET "{column}" = {mark} WHERE id = {mark} AND "{column}" = {mark}'
            changed = db.execute_sql(update, (new, number, text))
            done += changed.rowcount
