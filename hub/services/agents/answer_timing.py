"""How long the AI of a business waits before it answers lines that come in a burst."""

from typing import Annotated, ClassVar

from pydantic import Field

from hub.lib.fields import N_
from hub.services.tenant_settings import Group
from hub.settings import current_settings

_Seconds = Annotated[float, Field(allow_inf_nan=False)]


class AnswerTiming(Group):
    """Lines close together are one thought: the AI waits for the rest of it and answers once."""

    NAME: ClassVar = "answer_timing"

    pause_seconds: Annotated[_Seconds, Field(ge=0, le=10, title=N_("Wait for more, in seconds"), description=N_(
        "After each line of a burst the AI waits this long for the next one; 0 to 10. An agent whose own delay is "
        "longer waits that long."))] = Field(default_factory=lambda: current_settings().answer_pause_ms / 1000)
    burst_seconds: Annotated[_Seconds, Field(ge=0, le=120, title=N_("What a burst is, in seconds"), description=N_(
        "Lines of a customer that follow each other within this time belong together; 0 to 120."))] = 20.0
