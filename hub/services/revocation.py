"""Tells every web process that somebody's access changed, so that what they hold open ends."""


from hub import bus
from hub.lib.json_types import JsonObject
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.base import Model, after_commit
from hub.models.channels.channel import Channel
from hub.services import events

# Columns on which open connections rest.
_COLUMNS: dict[type[Model], set[str]] = {User: {"role", "is_active", "password_hash"}, Tenant: {"status"},
                                         Channel: {"is_active"}}


def follow(row: Model, names: set[str]) -> None:
    """These columns of the row were changed, in a transaction that has not ended yet."""
    if isinstance(row, (Tenant, User, Channel)) and names & _COLUMNS[type(row)]:
        tell(**_of(row))


def _of(row: Tenant | User | Channel) -> JsonObject:
    if isinstance(row, Tenant):
        return {"tenant": row.id}
    return {"tenant": row.tenant_id, "user" if isinstance(row, User) else "channel": row.id}


def tell(tenant: int, user: int | None = None, session: str | None = None, channel: int | None = None) -> None:
    """After the commit: whoever holds connections of that tenant (user, channel) looks at them again."""
    news: bus.Event = {"type": "access.changed", "tenant": tenant}
    if user is not None:
        news["user"] = user
    if session is not None:
        news["session"] = session
    if channel is not None:
        news["channel"] = channel
    after_commit(lambda: events.publish(news))
