"""/api/admin/updates: releases of the program itself, as signed packages; off until a setting says otherwise."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.schema import Out
from hub.api.kit.table import get, post
from hub.lib import packages
from hub.lib.version import VERSION
from hub.models import paging
from hub.models.platform.update import Update
from hub.services.platform import updates
from hub.web.binding import Upload
from hub.web.schema import In, Some

_OWNER = Permission.PLATFORM_OWNER
MOST = packages.LARGEST + 64 * 1024         # with the form around it


class UpdateBody(In):
    """What the package is said to be."""

    version: packages.Version
    changelog: Annotated[str, Field(max_length=10_000)] = ""


class UpdateOut(Out, columns=(Update.id, Update.version, Update.changelog, Update.sha256, Update.size,
                              Update.migrations, Update.state, Update.goal, Update.step, Update.previous,
                              Update.backup, Update.error, Update.created_at, Update.finished_at)):
    """A package and how it went: `state` is uploaded, queued, running, applied, rolled_back or failed."""


class UpdatesOut(Out):
    """What runs, and what was uploaded, the latest first."""

    history: list[UpdateOut]
    current_version: str = VERSION


class VersionOut(Out):
    """The release that answers."""

    version: str = VERSION


class UploadedOut(Out):
    """The package is kept; nothing runs it yet."""

    success: bool = True
    update: UpdateOut


class BegunOut(Out):
    """It is on its way; `GET /api/admin/updates` says how far."""

    success: bool = True
    message: str


def index(caller: UserCaller, query: Some) -> UpdatesOut:
    """List the updates, the latest first, and the version that runs."""
    rows, _ = paging.from_offset(updates.search(), (Update.id,), query.offset, query.limit)
    return UpdatesOut(history=[UpdateOut.of(row) for row in rows])


def current(caller: UserCaller) -> VersionOut:
    """Show the version that runs."""
    return VersionOut()


def upload(caller: UserCaller, body: UpdateBody, file: Upload) -> UploadedOut:
    """Keep a signed package, whose every byte is checked; nothing runs it yet."""
    return UploadedOut(update=UpdateOut.of(updates.upload(caller, file.content, body.version, body.changelog)))


def apply(caller: UserCaller, update: UUID) -> BegunOut:
    """Make a backup, unpack the package, start everything from it."""
    updates.apply(caller, updates.found(update))
    return BegunOut(message="A backup is made, then the new release is started; the hub is away for some seconds.")


def rollback(caller: UserCaller, update: UUID) -> BegunOut:
    """Start the release before again; the data stays as it is."""
    updates.rollback(caller, updates.found(update))
    return BegunOut(message="The release before is started; the hub is away for some seconds. The data stays.")


def rebuild(caller: UserCaller) -> BegunOut:
    """Start every process of the release that runs anew."""
    updates.rebuild(caller)
    return BegunOut(message="Every process is started anew; the hub is away for some seconds.")


core.table(
    "updates",
    get("/api/admin/updates", index, permission=_OWNER),
    get("/api/admin/updates/version", current, permission=_OWNER),
    post("/api/admin/updates/upload", upload, permission=_OWNER, limit=("api", "upload"), max_body=MOST),
    post("/api/admin/updates/<update>/apply", apply, permission=_OWNER),
    post("/api/admin/updates/<update>/rollback", rollback, permission=_OWNER),
    post("/api/admin/system/rebuild", rebuild, permission=_OWNER),
)
