"""/api/account: where the signed-in person is signed in."""

from peewee import Model
from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.identity import COOKIE
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.schema import Id, Many, Moment, Out, Result
from hub.api.kit.table import delete, get, post
from hub.models.accounts.session import UserSession
from hub.services.accounts import sessions


class SessionOut(Out):
    """A browser that is signed in; `lastSeenAt` to the hour."""

    id: Id
    is_current: bool = False
    ip: str
    user_agent: str
    created_at: Moment
    last_seen_at: Moment = Field(validation_alias="seen_at")


def index(caller: UserCaller) -> Many[SessionOut]:
    """List the browsers in which the person is signed in."""
    def out(row: Model) -> SessionOut:
        is_current = isinstance(row, UserSession) and row.digest == caller.session
        return SessionOut.of(row).model_copy(update={"is_current": is_current})
    return Many(out, sessions.mine(caller))


def end(caller: UserCaller, session: str) -> None:
    """Sign one browser out."""
    sessions.end(caller, session)


def end_all(caller: UserCaller) -> Result[None]:
    """Sign out everywhere: every browser, this one too, and every token."""
    sessions.end_all(caller)
    return Result(None, cookies={COOKIE: None})


core.table(
    "sessions",
    get("/api/account/sessions", index, permission=Permission.SIGNED_IN),
    delete("/api/account/sessions/<session>", end, permission=Permission.SIGNED_IN),
    post("/api/account/sign-out-everywhere", end_all, permission=Permission.SIGNED_IN, limit="auth"),
)
