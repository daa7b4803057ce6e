"""One's own account: name, picture, password, and where one is signed in."""

from typing import Annotated

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import BaseModel, ConfigDict, Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.lib import user_agent
from hub.lib.fields import Control, N_
from hub.models.accounts.email_change import EmailChange
from hub.models.accounts.ownership_offer import OwnershipOffer
from hub.models.accounts.totp import Totp
from hub.pages.accounts import passkeys
from hub.pages.kit import Form, page, uploaded
from hub.services.accounts import accounts, pictures, recovery, sessions
from hub.web.binding import Upload
from hub.web.people import NamesIn, PasswordIn
from hub.web.schema import Address

blueprint = Blueprint("profile", __name__)
_ME = Permission.SIGNED_IN
_MOST_SESSIONS = 50


class EmailIn(BaseModel):
    """The new address, and the password of now."""

    model_config = ConfigDict(populate_by_name=True)

    email: Annotated[Address, Field(title=N_("New email")), Control("email", autocomplete="email")]
    email_password: Annotated[str, Field(title=N_("Present password"), min_length=1, max_length=1024,
                                         alias="current_password"),
                              Control("password", autocomplete="current-password")]


@page(blueprint, "/account", _ME)
def show(caller: UserCaller) -> str:
    return shown(caller)


@page(blueprint, "/account/names", _ME, "POST")
def rename(caller: UserCaller, form: Form[NamesIn]) -> ResponseReturnValue:
    if form.save(lambda given: accounts.change_profile(caller, **given.model_dump())) is None:
        return shown(caller, names=form), 422
    flash(gettext("Saved."), "good")
    return redirect(url_for("profile.show"), 303)


@page(blueprint, "/account/picture", _ME, "POST", limit=("upload",), max_body=pictures.largest_body)
def change_picture(caller: UserCaller) -> ResponseReturnValue:
    def change(given: Upload) -> None:
        pictures.change(caller, caller.user, "picture", given.name, given.content)
        flash(gettext("Your colleagues see the new picture."), "good")

    uploaded("picture", change)
    return redirect(url_for("profile.show"), 303)


@page(blueprint, "/account/picture/remove", _ME, "POST")
def remove_picture(caller: UserCaller) -> ResponseReturnValue:
    pictures.remove(caller, caller.user, "picture")
    flash(gettext("The picture is gone; your initials stand there again."), "good")
    return redirect(url_for("profile.show"), 303)


@page(blueprint, "/account/password", _ME, "POST", limit=("auth",))
def change_password(caller: UserCaller, form: Form[PasswordIn]) -> ResponseReturnValue:
    def change(given: PasswordIn) -> bool:
        accounts.change_password(caller, given.current_password, given.new_password)
        return True

    if not form.save(change):
        return shown(caller, password=form), 422
    flash(gettext("The new password counts. Every other browser is signed out."), "good")
    return redirect(url_for("profile.show"), 303)


@page(blueprint, "/account/verification", _ME, "POST", limit=("letter",))
def verify(caller: UserCaller) -> ResponseReturnValue:
    recovery.ask_verification(caller.user.email, caller.user.locale)
    flash(gettext("The letter is on its way."), "good")
    return redirect(url_for("profile.show"), 303)


@page(blueprint, "/account/sessions/<session>/end", _ME, "POST")
def end(caller: UserCaller, session: str) -> ResponseReturnValue:
    sessions.end(caller, session)
    flash(gettext("That browser is signed out."), "good")
    return redirect(url_for("profile.show"), 303)


@page(blueprint, "/account/sign-out-everywhere", _ME, "POST")
def end_all(caller: UserCaller) -> ResponseReturnValue:
    sessions.end_all(caller)
    return redirect(url_for("auth.login"), 303)


def shown(caller: UserCaller, **forms: object) -> str:
    """The whole page. Each part is a template of its own in parts/accounts/account; a refused form is shown again."""
    found = sessions.mine(caller).limit(_MOST_SESSIONS)
    return render_template(
        "pages/accounts/profile.html", user=caller.user, wanted=EmailChange.waiting(caller.user),
        endings=pictures.ENDINGS, offered=OwnershipOffer.to(caller.user),
        has_second_factor=Totp.on(caller.user) is not None, **passkeys.part(caller),
        sessions=[{"uuid": row.uuid, "is_current": row.digest == caller.session, "ip": row.ip,
                   "browser": user_agent.words(row.user_agent), "seen_at": row.seen_at} for row in found],
        **{"names": Form.of(NamesIn, caller.user), "password": Form.of(PasswordIn),
           "address": Form.of(EmailIn), **forms})
