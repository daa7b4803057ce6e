"""/api/users: the signed-in person's own account."""

from pydantic import AliasPath, Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import REPLY, core
from hub.api.kit.schema import Out
from hub.api.kit.table import get, post, put
from hub.models.accounts.user import User
from hub.services.accounts import accounts
from hub.web.people import NamesIn, PasswordIn


class MeOut(Out, columns=(User.email, User.first_name, User.last_name, User.role, User.locale, User.theme,
                          User.created_at)):
    """The signed-in person."""

    id: int
    full_name: str = Field(validation_alias="name")
    is_admin: bool = Field(validation_alias="is_platform_admin")
    plan: str = Field(validation_alias=AliasPath("tenant", "plan"))
    onboarding_completed: bool


def me(caller: UserCaller) -> MeOut:
    """Show the signed-in person."""
    return MeOut.of(caller.user)


def update(caller: UserCaller, body: NamesIn) -> MeOut:
    """Change the person's names."""
    return MeOut.of(accounts.change_profile(caller, **body.given()))


def change_password(caller: UserCaller, body: PasswordIn) -> None:
    """Set a new password. Needs the present one; every token and every other browser is signed out."""
    accounts.change_password(caller, body.current_password, body.new_password)


core.table(
    "users",
    get("/api/users/me", me, permission=Permission.SIGNED_IN),
    put("/api/users/me", update, permission=Permission.SIGNED_IN),
    post("/api/users/change-password", change_password, permission=Permission.SIGNED_IN, limit="auth"),
    dialect=REPLY,
)
