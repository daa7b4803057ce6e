"""/api/user: the signed-in person's profile, picture, and what a person's reply does to the AI."""

from typing import Annotated

from flask import request
from pydantic import AliasPath, Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import PLATFORM, core
from hub.api.kit.schema import Moment, OptionalMoment, Out
from hub.api.kit.settings import settings_routes
from hub.api.kit.table import get, patch, post
from hub.models.accounts.user import Theme, User
from hub.services.accounts import pictures, profile
from hub.services.conversations.human_replies import HumanReplies
from hub.web.binding import Upload
from hub.web.schema import In, OneLine


class ProfileOut(Out, columns=(User.id, User.email, User.theme, User.locale, User.created_at)):
    """The signed-in person, the business and its plan; `avatar_url` works for an hour."""

    full_name: str | None
    avatar_url: str | None = None
    company_name: str = Field(validation_alias=AliasPath("tenant", "name"))
    company_logo_url: str | None = None
    subscription_plan: str = Field(validation_alias=AliasPath("tenant", "plan"))
    subscription_status: str = ""
    subscription_expires_at: OptionalMoment = None
    trial_ends_at: OptionalMoment = Field(None, validation_alias=AliasPath("tenant", "trial_until"))
    stop_on_human_reply: bool = False
    auto_resume_after: int = 0
    auto_resume_unit: str = ""
    updated_at: Moment = Field(validation_alias="changed_at")


class ProfileIn(In):
    """What a person changes; `company_name` is the name of the business."""

    full_name: Annotated[OneLine, Field(max_length=255)] | None = None
    company_name: Annotated[OneLine, Field(min_length=1, max_length=255)] = ""
    theme: Theme = Theme.SYSTEM


class PictureOut(Out):
    """Where the picture is shown, for an hour."""

    avatar_url: str | None


def show(caller: UserCaller) -> ProfileOut:
    """Show the signed-in person's profile."""
    return _profile(caller.user)


def update(caller: UserCaller, body: ProfileIn) -> ProfileOut:
    """Change the given fields of the profile."""
    return _profile(profile.change(caller, **body.given()))


def picture(caller: UserCaller, avatar: Upload) -> PictureOut:
    """Show this picture beside the person's name from now on.

    PNG, JPEG or WebP, 5 MB at the most; what it is decides its content.
    """
    pictures.change(caller, caller.user, "picture", avatar.name, avatar.content)
    return PictureOut(avatar_url=_profile(caller.user).avatar_url)


def _profile(user: User) -> ProfileOut:
    facts = profile.facts(user)
    for name in ("avatar_url", "company_logo_url"):
        facts[name] = facts[name] and request.host_url.rstrip("/") + facts[name]
    return ProfileOut.of(user).model_copy(update=facts)


core.table(
    "profile",
    get("/api/user/profile", show, permission=Permission.SIGNED_IN),
    patch("/api/user/profile", update, permission=Permission.SIGNED_IN),
    dialect=PLATFORM.named("user"),
)
core.table(
    "picture",
    post("/api/user/avatar", picture, permission=Permission.SIGNED_IN, limit=("api", "upload"),
         max_body=pictures.largest_body),
    *settings_routes("/api/user/settings", HumanReplies, read=Permission.SIGNED_IN,
                     change=Permission.MANAGE_TENANT_SETTINGS),
    dialect=PLATFORM,
)
