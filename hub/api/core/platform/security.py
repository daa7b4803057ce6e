"""/api/admin/security/readiness: is it set up safely?"""

from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.schema import Moment, Out
from hub.api.kit.table import get
from hub.lib import clock
from hub.services.platform import security
from hub.web.seen import seen


class SecurityCheckOut(Out):
    """One fact: PASS, WARN or FAIL, what it is and what to do; `area` is installation or business."""

    code: str
    area: str
    status: str
    message: str = Field(validation_alias="said")
    action: str = Field(validation_alias="advice")
    weight: int


class SecurityReadinessOut(Out):
    """Ready when nothing fails; `score` goes from 0 to 100. Of the whole installation administrators alone are told."""

    ready: bool
    score: int
    checks: list[SecurityCheckOut]
    recommendations: list[str]
    timestamp: Moment


def readiness(caller: UserCaller) -> SecurityReadinessOut:
    """Show whether everything is set up safely, looked at now."""
    found = security.report(caller, seen())
    return SecurityReadinessOut(ready=found.ready, score=found.score, recommendations=found.recommendations,
                                checks=[SecurityCheckOut.of(check) for check in found.checks], timestamp=clock.now())


core.table(
    "security",
    get("/api/admin/security/readiness", readiness, permission=Permission.VIEW_AUDIT_LOGS),
)
