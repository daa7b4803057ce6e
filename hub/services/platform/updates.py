"""Updates of the program itself: signed packages are kept, applied after a backup, taken back; all of it is a history.

Off until UPDATES_SIGNED_BY is set. What is asked for is a row; hub/services/platform/updating.py does it.
"""

import base64
from typing import IO
from uuid import UUID

from peewee import ModelSelect

from hub import queue
from hub.access.callers import UserCaller
from hub.errors import BadInput, Conflict, NotFound
from hub.lib import clock, ids, packages, threads, version
from hub.lib.fields import N_
from hub.lib.packages import Manifest, Refused
from hub.lib.version import VERSION
from hub.models import refusals
from hub.models.accounts.user import User
from hub.models.base import locked, release, transaction
from hub.models.migrate import DIRECTORY
from hub.models.platform.update import OPEN, Update, UpdateGoal, UpdateState
from hub.queue import Job
from hub.services import changes
from hub.services.platform import releases
from hub.settings import current_settings

OFF = N_("Updates are switched off. UPDATES_SIGNED_BY, the public key of whoever signs them, switches them on.")
ELSEWHERE = N_("The processes here are not started by scripts/run but by a platform: deploy the new release there.")


def key() -> bytes:
    """The public key that packages are checked with. Conflict where updates are off."""
    if not current_settings().updates_signed_by:
        raise Conflict("updates_off", OFF, {"setting": "UPDATES_SIGNED_BY"})
    return base64.b64decode(current_settings().updates_signed_by.replace("-", "+").replace("_", "/"))


def search() -> "ModelSelect[Update]":
    """All of them, with who uploaded each."""
    return Update.select(Update, User).join(User, "LEFT JOIN")


def found(uuid: UUID) -> Update:
    """The update of that id; NotFound."""
    row = search().where(Update.uuid == uuid).first()
    if row is None:
        raise NotFound(message="There is no such update.")
    return row


def upload(caller: UserCaller, content: IO[bytes], said: str = "", changelog: str = "") -> Update:
    """Keep a package that is signed, whole and newer than what runs; `said`: the version that it is said to be."""
    public, draft = key(), releases.folder() / f".upload-{ids.token()}"
    release()
    try:
        size, sha256 = threads.run(packages.copied, content, draft)
        manifest = threads.run(packages.check, draft, public)
        moves = _moves(manifest, said)
        draft.rename(releases.package(manifest.version))
    except Refused as error:
        raise BadInput("update_refused", str(error), {"field": "file"}) from None
    finally:
        draft.unlink(missing_ok=True)
    return changes.create(caller, Update, {
        "version": manifest.version, "changelog": changelog or manifest.changelog, "sha256": sha256, "size": size,
        "migrations": moves, "user": caller.user})


def _moves(manifest: Manifest, said: str) -> int:
    """By how many migrations the database moves on. Refused where the package cannot follow what runs."""
    ours = {path.stem for path in DIRECTORY.glob("*.py")}
    if said and said != manifest.version:
        raise Refused(N_("The package is of another version than was said."))
    if version.parts(manifest.version) <= version.parts(VERSION):
        raise Refused(N_("The package is not newer than the release that runs."))
    if version.parts(VERSION) < version.parts(manifest.since):
        raise Refused(N_("The package follows a later release than the one that runs; apply the one between first."))
    if not ours <= manifest.migrations:
        raise Refused(N_("The package does not know the database of the release that runs."))
    return len(manifest.migrations - ours)


def apply(caller: UserCaller, row: Update) -> Update:
    """Have a package applied, after a backup."""
    key()
    if not may_be_applied(row):
        raise Conflict("update_not_newer", N_(
            "This release is not newer than the one that runs, or its package is gone."))
    return _ask(caller, row, UpdateGoal.APPLY)


def may_be_applied(row: Update) -> bool:
    return version.parts(row.version) > version.parts(VERSION) and releases.package(row.version).exists()


def rollback(caller: UserCaller, row: Update) -> Update:
    """Have the release before started again. The database stays, so nothing that came since is lost."""
    key()
    if row.state != UpdateState.APPLIED or row.version != VERSION or not row.sha256:
        raise Conflict("update_not_applied", N_("Only the update that runs now can be taken back."))
    return _ask(caller, row, UpdateGoal.ROLLBACK)


def rebuild(caller: UserCaller) -> Update:
    """Have the release that runs started anew, every process of it."""
    _check_possible()
    row = changes.create(caller, Update, {"version": VERSION, "goal": UpdateGoal.REBUILD, "user": caller.user})
    return _ask(caller, row, UpdateGoal.REBUILD)


def _check_possible() -> None:
    key()
    if not releases.is_supervised():
        raise Conflict("updates_elsewhere", ELSEWHERE)
    if Update.select().where(Update.state.in_(OPEN)).exists():
        raise Conflict("update_running", N_("Another update is on its way; wait until it is done."))


@refusals.repeated
def _ask(caller: UserCaller, row: Update, goal: UpdateGoal) -> Update:
    with transaction():
        list(locked(Update.select(Update.id)))      # of those who ask at once one after the other looks
        _check_possible()
        now = {"state": UpdateState.QUEUED, "goal": goal}
        changes.apply(caller, row, now, {"attempts": 0, "due_at": clock.now(), "asked": "", "error": "", "step": "",
                                         "previous": row.previous if goal == UpdateGoal.ROLLBACK else VERSION},
                      kind=f"update.{goal}_asked")
    queue.later(Job.UPDATE, row.id)
    return row
