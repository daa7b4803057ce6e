"""/api/users: the signed-in person's own account."""

from typing import Annotated

from flask import request
from pydantic import Field

from hub.access import callers
from hub.access.identity import Who
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.schema import In, Moment, Out
from hub.api.kit.table import get, post, put
from hub.services.accounts import accounts

Name = Annotated[str, Field(max_length=120)]


class MeOut(Out):
    id: int
    email: str
    first_name: str
    last_name: str
    full_name: str = Field(validation_alias="name")
    is_admin: bool = Field(validation_alias="is_platform_admin")
    role: str
    locale: str
    theme: str
    created_at: Moment


class MeIn(In):
    first_name: Name = ""
    last_name: Name = ""


class PasswordIn(In):
    current_password: Annotated[str, Field(max_length=1024)]
    new_password: Annotated[str, Field(max_length=1024)]


def me(who: Who) -> MeOut:
    return MeOut.model_validate(who.user)


def update(who: Who, body: MeIn) -> MeOut:
    return MeOut.model_validate(accounts.change_profile(who.user, **body.given()))


def change_password(who: Who, body: PasswordIn) -> dict[str, bool]:
    """Needs the current password; every token and every other browser is signed out."""
    accounts.change_password(who, body.current_password, body.new_password, request.cookies.get(callers.COOKIE, ""))
    return {"success": True}


core.table(
    "users",
    get("/api/users/me", me, permission=Permission.SIGNED_IN),
    put("/api/users/me", update, permission=Permission.SIGNED_IN),
    post("/api/users/change-password", change_password, permission=Permission.SIGNED_IN, limit="auth"),
    case="snake",
)
