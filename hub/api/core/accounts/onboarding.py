"""/api/onboarding: the first steps of a business, kept for all of its people."""

from typing import Annotated

from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.core.accounts.tenant import Name, TenantOut, TenantPatch
from hub.api.kit.schema import Out, Ref
from hub.api.kit.table import get, post, put
from hub.lib.json_types import JsonObject
from hub.models.accounts.onboarding import Onboarding, OnboardingStatus, OnboardingStep
from hub.services.accounts import onboarding
from hub.web.schema import In

LIMIT = ("api", "onboarding")
_CHANGE = Permission.MANAGE_TENANT_SETTINGS


class OnboardingOut(Out):
    """How far the business has come; `answers` by step."""

    tenant_id: Ref
    status: str
    current_step: str
    completed_steps: list[str]
    answers: JsonObject
    steps: list[str] = list(onboarding.STEPS)
    total_steps: int = len(onboarding.STEPS)


class CompletedOut(OnboardingOut):
    """The same after a step was completed."""

    completed_step: str
    next_step: str


class OnboardingIn(In):
    """What is written over; what is not sent stays as it is."""

    status: OnboardingStatus = OnboardingStatus.NOT_STARTED
    current_step: OnboardingStep = OnboardingStep.BUSINESS
    completed_steps: Annotated[list[OnboardingStep], Field(max_length=20)] = []
    answers: JsonObject = {}


class CompletedIn(In):
    """A step and what was answered in it."""

    step: OnboardingStep
    answers: JsonObject = {}


class SetupIn(TenantPatch):
    """The profile of the business; what is not sent stays as it is."""

    name: Name


def state(caller: UserCaller) -> OnboardingOut:
    """Show which step the business is at, and what was answered so far."""
    return OnboardingOut(**_shown(caller, Onboarding.get_or_new(caller.tenant)))


def put_state(caller: UserCaller, body: OnboardingIn) -> OnboardingOut:
    """Write the given fields over what there was."""
    return OnboardingOut(**_shown(caller, onboarding.change(caller, **body.given())))


def complete_step(caller: UserCaller, body: CompletedIn) -> CompletedOut:
    """Keep the answers of a step, mark it completed and go on to the next one."""
    row = onboarding.complete(caller, body.step, body.answers)
    return CompletedOut(**_shown(caller, row), completed_step=body.step, next_step=row.current_step)


def setup(caller: UserCaller, body: SetupIn) -> TenantOut:
    """Write the business's profile, which answers the first step."""
    return TenantOut.of(onboarding.set_up(caller, body.given()))


def _shown(caller: UserCaller, row: Onboarding) -> JsonObject:
    return {"tenant_id": caller.tenant.ref, "status": row.status, "current_step": row.current_step,
            "completed_steps": row.completed_steps, "answers": row.answers}


core.table(
    "onboarding",
    get("/api/onboarding/state", state, permission=Permission.VIEW_CONVERSATIONS, limit=LIMIT),
    put("/api/onboarding/state", put_state, permission=Permission.SIGNED_IN, limit=LIMIT),
    post("/api/onboarding/complete-step", complete_step, permission=_CHANGE, limit=LIMIT),
    post("/api/onboarding/setup", setup, permission=_CHANGE, limit=LIMIT),
)
