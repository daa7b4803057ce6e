"""Team: who works here, with which role, and whether they may sign in."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from peewee import fn
from pydantic import BaseModel, Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.errors import HubError
from hub.lib import clock
from hub.lib.fields import N_
from hub.models.accounts.invite import Invite
from hub.models.accounts.ownership_offer import OwnershipOffer
from hub.models.accounts.user import Role, User
from hub.pages.kit import Form, asked_for_part, page, sentences
from hub.pages.kit.listing import Column, Filter, Listing
from hub.services.accounts import invites, team
from hub.services.accounts.team import ROLE_NAMES, MemberIn
from hub.web.people import InviteIn, OwnPassword

blueprint = Blueprint("team", __name__)
_MANAGE = Permission.MANAGE_USERS
_MOST_INVITES = 50
_MOST_HEIRS = 200
_NEVER = clock.naive(datetime.fromtimestamp(0, UTC))

LISTING = Listing(
    User, first="name", find=User.search,
    columns=(
        Column("name", N_("Name"), sort=fn.LOWER(User.shown_name()), cell=lambda user: user.name),
        Column("email", N_("Email"), sort=User.email, cell=lambda user: user.email, is_hidden=True),
        Column("role", N_("Role"), sort=User.role, cell=lambda user: gettext(ROLE_NAMES.get(user.role, user.role))),
        Column("state", N_("State"), sort=User.is_active.cast("INTEGER"), kind=int,
               cell=lambda user: gettext("Active") if user.is_active else gettext("Disabled")),
        Column("seen", N_("Last seen"), sort=fn.COALESCE(User.last_seen_at, User.last_login_at, _NEVER),
               kind=datetime, cell=lambda user: clock.iso(user.seen_at)),
    ),
    filters=(
        Filter("role", N_("All roles"), {role: (name, User.role == role) for role, name in ROLE_NAMES.items()}),
        Filter("state", N_("Everybody"), {"active": (N_("Active"), User.is_active == 1),
                                          "disabled": (N_("Disabled"), User.is_active == 0)}),
    ),
)


class OfferIn(BaseModel):
    """To whom, and the owner's own password."""

    member: Annotated[UUID, Field(title=N_("Colleague"))]
    password: OwnPassword


@page(blueprint, "/settings/team", _MANAGE)
def index(caller: UserCaller) -> str:
    return shown(caller)


def shown(caller: UserCaller, form: Form[InviteIn] | None = None, offering: Form[OfferIn] | None = None,
          made: tuple[Invite, str] | None = None) -> str:
    """The page; `form`, `offering`: as somebody sent them; `made`: an invitation and its link."""
    waiting = list(Invite.pending(caller.tenant).order_by(Invite.id.desc()).limit(_MOST_INVITES))
    return render_template("pages/accounts/team.html", shown=LISTING.shown(User.of(caller.tenant), request.args),
                           roles=ROLE_NAMES, form=form or Form.of(InviteIn, {"role": Role.OPERATOR}), waiting=waiting,
                           offer=OwnershipOffer.by(caller.user), heirs=_heirs(caller),
                           offering=offering or Form.of(OfferIn), made=made)


def _heirs(caller: UserCaller) -> list[tuple[str, str]]:
    """Whom the business can be handed over to."""
    others = User.of(caller.tenant).where(User.is_active, User.role != Role.OWNER)
    return [(str(user.uuid), f"{user.name} ({user.email})")
            for user in others.order_by(fn.LOWER(User.shown_name())).limit(_MOST_HEIRS)]


@page(blueprint, "/settings/team", _MANAGE, "POST", limit=("invite",))
def invite(caller: UserCaller, form: Form[InviteIn]) -> ResponseReturnValue:
    """The response shows the link: only its digest is kept. To send it again is to make a new one."""
    made = form.save(lambda given: invites.create(caller, given.email, given.role))
    if made is None:
        return shown(caller, form), 422
    return shown(caller, made=made), 201


@page(blueprint, "/settings/team/invites/<invite>/remove", _MANAGE, "POST")
def take_back(caller: UserCaller, invite: Invite) -> ResponseReturnValue:
    invites.remove(caller, invite)
    flash(gettext("The invitation for %(email)s is taken back; its link opens nothing any more.", email=invite.email),
          "good")
    return redirect(url_for("team.index"), 303)


@page(blueprint, "/settings/team.csv", _MANAGE)
def export(caller: UserCaller) -> Response:
    return LISTING.csv(User.of(caller.tenant), request.args, "team")


@page(blueprint, "/settings/team/<member>", _MANAGE, "POST")
def change(caller: UserCaller, member: User, form: Form[MemberIn]) -> ResponseReturnValue:
    before = member.role
    changed = form.save(lambda given: team.change(caller, member, given))
    if changed is None:
        return _refused(member, form["role"].error or form.error)
    if changed.role != before:
        role = gettext(ROLE_NAMES[Role(changed.role)])
        said = gettext("%(name)s: the role is now “%(role)s”.", name=changed.name, role=role)
        _undoable(said, url_for("team.change", member=member.uuid), role=str(before))
    return _done(changed)


@page(blueprint, "/settings/team/<member>/disable", _MANAGE, "POST")
def disable(caller: UserCaller, member: User) -> ResponseReturnValue:
    return _switched(team.disable, caller, member, lambda changed: _undoable(
        gettext("%(name)s is signed out and cannot sign in any more.", name=changed.name),
        url_for("team.enable", member=member.uuid)))


@page(blueprint, "/settings/team/<member>/enable", _MANAGE, "POST")
def enable(caller: UserCaller, member: User) -> ResponseReturnValue:
    return _switched(team.enable, caller, member, lambda changed: flash(
        gettext("%(name)s can sign in again.", name=changed.name), "good"))


def _switched(act: Callable[[UserCaller, User], User], caller: UserCaller, member: User,
              tell: Callable[[User], None]) -> ResponseReturnValue:
    try:
        changed = act(caller, member)
    except HubError as error:
        return _refused(member, sentences.of_error(error))
    tell(changed)
    return _done(changed)


def _undoable(said: str, undo: str, **fields: str) -> None:
    flash({"text": said, "undo": undo, "fields": fields, "into": "#listing"}, "good")  # type: ignore[arg-type]


def _done(member: User, status: int = 200) -> ResponseReturnValue:
    if asked_for_part():
        return render_template("parts/accounts/_member_changed.html", row=member, roles=ROLE_NAMES), status
    return redirect(url_for("team.index"), 303)


def _refused(member: User, sentence: str) -> ResponseReturnValue:
    flash(sentence, "bad")
    return _done(User.get_by_id(member.id), 422)
