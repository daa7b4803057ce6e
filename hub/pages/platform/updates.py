"""Updates of Parley: what runs, a new package, and what became of each."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.errors import Conflict
from hub.lib import packages
from hub.lib.fields import N_
from hub.lib.version import VERSION
from hub.models.platform.update import OPEN, Update, UpdateState
from hub.pages.kit import asked_for_part, page, sentences, uploaded
from hub.pages.kit.listing import Column, Listing
from hub.services.platform import releases, updates
from hub.settings import current_settings
from hub.web.binding import Upload

blueprint = Blueprint("platform_updates", __name__)
_OWNER = Permission.PLATFORM_OWNER
STATES: dict[str, str] = {
    UpdateState.UPLOADED: N_("Uploaded"), UpdateState.QUEUED: N_("Running"), UpdateState.RUNNING: N_("Running"),
    UpdateState.APPLIED: N_("Applied"), UpdateState.ROLLED_BACK: N_("Rolled back"),
    UpdateState.FAILED: N_("Did not work")}
LISTING = Listing(
    Update, first="-when", find=lambda query, words: query.where(Update.version.contains(words)), columns=(
        Column("version", N_("Version")),
        Column("state", N_("State"), sort=Update.state),
        Column("when", N_("Uploaded"), sort=Update.id, kind=int)))


@page(blueprint, "/platform/updates", _OWNER)
def index(caller: UserCaller) -> str:
    return render_template("pages/platform/updates.html", shown=LISTING.shown(updates.search(), request.args),
                           is_on=bool(current_settings().updates_signed_by), is_supervised=releases.is_supervised(),
                           states=STATES, version=VERSION, now=_now(),
                           may_apply=updates.may_be_applied, may_roll_back=_may_roll_back)


@page(blueprint, "/platform/updates/progress", _OWNER)
def progress(caller: UserCaller) -> ResponseReturnValue:
    """What is on its way; when that has ended, the whole page is drawn anew."""
    now = _now()
    if now is None:
        return "", 200, {"HX-Refresh": "true"}
    return render_template("parts/platform/_update.html", now=now)


@page(blueprint, "/platform/updates", _OWNER, "POST", limit=("upload",), max_body=lambda: packages.LARGEST + 65_536)
def upload(caller: UserCaller) -> ResponseReturnValue:
    def keep(given: Upload) -> None:
        row = updates.upload(caller, given.content)
        flash(gettext("Version %(version)s is here and whole. Apply it when it suits you.",
                      version=row.version), "good")

    uploaded("package", keep)
    if asked_for_part():        # where the page shows how far it is
        return "", 200, {"HX-Redirect": url_for("platform_updates.index")}
    return redirect(url_for("platform_updates.index"), 303)


@page(blueprint, "/platform/updates/<update>/apply", _OWNER, "POST")
def apply(caller: UserCaller, update: UUID) -> ResponseReturnValue:
    return _asked(lambda: updates.apply(caller, updates.found(update)))


@page(blueprint, "/platform/updates/<update>/rollback", _OWNER, "POST")
def rollback(caller: UserCaller, update: UUID) -> ResponseReturnValue:
    return _asked(lambda: updates.rollback(caller, updates.found(update)))


@page(blueprint, "/platform/updates/rebuild", _OWNER, "POST")
def rebuild(caller: UserCaller) -> ResponseReturnValue:
    return _asked(lambda: updates.rebuild(caller))


def _asked(act: Callable[[], Update]) -> ResponseReturnValue:
    try:
        act()
    except Conflict as error:
        flash(sentences.of_error(error), "bad")
    return redirect(url_for("platform_updates.index"), 303)


def _now() -> Update | None:
    """What is on its way."""
    return Update.select().where(Update.state.in_(OPEN)).first()


def _may_roll_back(row: Update) -> bool:
    return bool(row.sha256) and row.state == UpdateState.APPLIED and row.version == VERSION
