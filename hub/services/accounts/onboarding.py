"""First steps of a business: what was answered and which step comes next, the same for all of its people."""

from collections.abc import Sequence

from hub.access import callers
from hub.access.callers import Caller, UserCaller
from hub.lib.json_types import JsonObject
from hub.models import refusals
from hub.models.accounts.onboarding import Onboarding, OnboardingStatus, OnboardingStep
from hub.models.accounts.tenant import Tenant
from hub.models.base import locked, transaction
from hub.services import changes
from hub.services.accounts import tenants

STEPS = tuple(OnboardingStep)


def following(step: str, completed: Sequence[str]) -> OnboardingStep:
    """The next step in their order that is not completed; after the last one, the last one."""
    later = STEPS[STEPS.index(OnboardingStep(step)) + 1:]
    return next((each for each in later if each not in completed), OnboardingStep.DONE)


@refusals.repeated
def change(caller: Caller, **values: object) -> Onboarding:
    """Write what is given over what there was."""
    with transaction():
        return changes.apply(caller, begun(caller), values)


@refusals.repeated
def complete(caller: Caller, step: str, answers: JsonObject) -> Onboarding:
    """Keep the step's answers, mark it completed and go on to the next one; with the last step all is done."""
    with transaction():
        row = begun(caller)
        completed = [each for each in STEPS if each == step or each in row.completed_steps]
        is_over = OnboardingStep.DONE in completed
        return changes.apply(caller, row, {
            "answers": {**row.answers, step: answers}, "completed_steps": completed,
            "current_step": following(step, completed),
            "status": OnboardingStatus.DONE if is_over else OnboardingStatus.IN_PROGRESS})


@refusals.repeated
def skip(caller: Caller, step: str) -> Onboarding:
    """Go on to the step after this one without an answer."""
    with transaction():
        row = begun(caller)
        status = OnboardingStatus.IN_PROGRESS if row.status == OnboardingStatus.NOT_STARTED else row.status
        return changes.apply(caller, row, {"current_step": following(step, row.completed_steps), "status": status})


@refusals.repeated
def set_up(caller: UserCaller, profile: JsonObject) -> Tenant:
    """Write the business's profile, which answers the first step."""
    with transaction():
        tenant = tenants.change(caller, caller.tenant, **profile)
        said = Onboarding.get_or_new(caller.tenant).said(OnboardingStep.BUSINESS)
        complete(caller, OnboardingStep.BUSINESS, {**said, **profile})
    return tenant


def begun(caller: Caller) -> Onboarding:
    """The business's row, which nobody else changes until our transaction ends."""
    tenant_id = callers.tenant_id(caller)
    assert tenant_id is not None, "these callers belong to a business"
    Onboarding.insert(tenant=tenant_id).on_conflict_ignore().execute()
    return locked(Onboarding.of(tenant_id)).get()
