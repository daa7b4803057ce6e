"""How long a business keeps what it has, by kind of data; None: for ever."""

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from hub.lib.fields import Control, N_, Section
from hub.services.tenant_settings import Group

_Days: TypeAlias = int | None
_MOST = 3650
_FOR_EVER = Control(placeholder=N_("for ever"))


class Retention(Group):
    """Days after which data of one kind is deleted; empty: it is kept for ever."""

    NAME: ClassVar = "retention"
    SECTIONS: ClassVar = (
        Section(N_("People and what they said"), N_("Days until it is deleted. Empty: it is kept for ever."),
                ("conversation_days", "visitor_days", "attachment_days")),
        Section(N_("Records of the program"), N_("What it needs to do its work, and what it writes down about it."),
                ("inbound_event_days", "letter_days", "task_days", "event_days")))

    conversation_days: Annotated[_Days, _FOR_EVER, Field(
        ge=1, le=_MOST, title=N_("Closed conversations"),
        description=N_("Counted from the last line or the last change. Lines, answers and their reasons go for good."),
    )] = None
    visitor_days: Annotated[_Days, _FOR_EVER, Field(
        ge=1, le=_MOST, title=N_("Visitors who never wrote"),
        description=N_("Counted from their last visit. Whoever left an e-mail, a phone or a note stays."))] = 90
    attachment_days: Annotated[_Days, _FOR_EVER, Field(
        ge=1, le=_MOST, title=N_("Files sent in conversations"),
        description=N_("Counted from the day they were sent. The lines stay."))] = None
    inbound_event_days: Annotated[_Days, _FOR_EVER, Field(
        ge=1, le=_MOST, title=N_("What channels sent, raw"),
        description=N_("Needed to do again what failed."))] = 30
    letter_days: Annotated[_Days, _FOR_EVER, Field(
        ge=1, le=365, title=N_("Letters"),
        description=N_("Those that were sent, and those that wait in the outbox."))] = 7
    task_days: Annotated[_Days, _FOR_EVER, Field(
        ge=1, le=_MOST, title=N_("Finished tasks"),
        description=N_("Imports, exports, tests, and what came of them."))] = 90
    event_days: Annotated[_Days, _FOR_EVER, Field(
        ge=1, le=_MOST, title=N_("Values in the audit log"),
        description=N_("The entries stay, with who did what and when; the values before and after and the addresses "
                       "go."))] = None
