"""An update of the program: a package that was uploaded, what was asked of it, and how that went."""

from enum import StrEnum

from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField, TextField

from hub.models.accounts.user import User
from hub.models.fields import EnumField
from hub.models.work import Work


class UpdateState(StrEnum):
    UPLOADED = "uploaded"
    QUEUED = "queued"
    RUNNING = "running"
    APPLIED = "applied"
    ROLLED_BACK = "rolled_back"
    FAILED = "failed"


class UpdateGoal(StrEnum):
    APPLY = "apply"
    ROLLBACK = "rollback"
    REBUILD = "rebuild"         # the same release, started anew


OPEN = (UpdateState.QUEUED, UpdateState.RUNNING)


class Update(Work):
    version = CharField(max_length=16)
    changelog = TextField(default="")
    sha256 = CharField(default="", max_length=64)                   # of the package; empty: there is none
    size = IntegerField(default=0)
    migrations = IntegerField(default=0)                            # by so many the database moves on with it
    user = ForeignKeyField(User, null=True, on_delete="SET NULL")   # who uploaded it
    state = EnumField(UpdateState, default=UpdateState.UPLOADED, max_length=12)
    goal = EnumField(UpdateGoal, default=UpdateGoal.APPLY, max_length=12)
    step = CharField(default="")                                    # what is done now, for people
    asked = CharField(default="", max_length=32)                    # the wish that the supervisor was told
    previous = CharField(default="", max_length=16)                 # the release before
    backup = CharField(default="")                                  # file of the backup that was made first
    finished_at = DateTimeField(null=True)


Update.add_index(Update.due_at, where=Update.state.in_(OPEN), name="update_open")
Update.add_index(Update.id, where=Update.state == UpdateState.FAILED, name="update_failed")
