"""What administrators of the platform do to a row: a change and its event, which keeps the reason."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from hub.access.callers import Caller
from hub.lib import text
from hub.lib.fields import Control, N_
from hub.lib.json_types import Values
from hub.models.base import Model, transaction
from hub.models.platform.event import Event
from hub.services import changes

Reason = Annotated[str, AfterValidator(lambda said: text.one_line(said, len(said) * 3)), Field(
    min_length=3, max_length=500, title=N_("Reason"),
    description=N_("It stays in the audit log, which the business can read."))]


class ReasonIn(BaseModel):
    """Why it is done; the log keeps it."""

    reason: Annotated[Reason, Control(kind="area", rows=2)]


def act(caller: Caller, row: Model, kind: str, reason: str, values: Values) -> UUID:
    """Write the values and record the action, also one that changes nothing any more; the event's id."""
    with transaction():
        changes.apply(caller, row, values, kind=kind, reason=reason)
        return (Event.select(Event.uuid).where(Event.entity_uuid == row.uuid, Event.kind == kind)
                .order_by(Event.id.desc()).get().uuid)
