"""/api/onboarding: the first steps of a business, kept for all of its people."""

from typing import Annotated

from pydantic import AliasPath, Field

from hub.access import flags
from hub.access.callers import UserCaller
from hub.access.flags import Flag
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.core.accounts.tenant import Name, TenantOut, TenantPatch
from hub.api.core.knowledge.knowledge import Content, DocOut, Title
from hub.api.kit.schema import Out, Ref
from hub.api.kit.table import get, post, put
from hub.lib.json_types import JsonObject
from hub.models.accounts.onboarding import Onboarding, OnboardingStatus, OnboardingStep
from hub.services.accounts import onboarding
from hub.services.accounts import onboarding_articles as articles
from hub.services.accounts import onboarding_readiness as readiness
from hub.services.accounts import onboarding_smoke as smoke
from hub.services.accounts.onboarding_advice import THRESHOLD
from hub.services.accounts.onboarding_drafts import Draft
from hub.web.schema import In, OneLine

LIMIT = ("api", "onboarding")
_CHANGE = Permission.MANAGE_TENANT_SETTINGS


class OnboardingOut(Out, columns=(Onboarding.status, Onboarding.current_step)):
    """How far the business has come; `answers` by step."""

    tenant_id: Ref = Field(validation_alias=AliasPath("tenant", "ref"))
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


class DraftIn(In):
    """An article to be; `docType` is what it is about, as generate-templates named it, or a category."""

    title: Title
    content: Content
    doc_type: Annotated[OneLine, Field(max_length=32)] = "general"


class DraftOut(Out):
    """An article that is not stored yet."""

    title: str
    content: str
    doc_type: str


class GenerateIn(In):
    """Answers by step, beside those that are stored; `options`: `language` (ru, en), `useModel`."""

    options: JsonObject = {}
    answers: JsonObject = {}


class DraftsOut(Out):
    """What the articles could say."""

    drafts: list[DraftOut]


class ApplyIn(In):
    """The drafts to keep."""

    drafts: Annotated[list[DraftIn], Field(max_length=50)] = []


class AppliedOut(Out):
    """The articles that were made, or changed where there was one of that title."""

    success: bool = True
    created_docs: int
    rag_enabled: bool
    documents: list[DocOut]


class CheckOut(Out):
    """A check: `status` is PASS, WARN or FAIL, of which only PASS counts; `step` is where it is put right."""

    code: str
    status: str
    message: str
    weight: int
    step: str
    advice: str


class ReadinessOut(Out):
    """How ready the business is for its customers, and what to do next, the most important first."""

    score: int
    checks: list[CheckOut]
    recommendations: list[str]
    threshold: int = THRESHOLD
    ready: bool


class SmokeTestOut(Out):
    """What the AI answered to questions from the business's own articles, and what to do about those it did not."""

    results: list[JsonObject]
    passed_count: int
    total_count: int
    check: CheckOut
    recommendations: list[str]


def state(caller: UserCaller) -> OnboardingOut:
    """Show which step the business is at, and what was answered so far."""
    return OnboardingOut.of(Onboarding.get_or_new(caller.tenant))


def put_state(caller: UserCaller, body: OnboardingIn) -> OnboardingOut:
    """Write the given fields over what there was."""
    return OnboardingOut.of(onboarding.change(caller, **body.given()))


def complete_step(caller: UserCaller, body: CompletedIn) -> CompletedOut:
    """Keep the answers of a step, mark it completed and go on to the next one."""
    row = onboarding.complete(caller, body.step, body.answers)
    return CompletedOut(**dict(OnboardingOut.of(row)), completed_step=body.step, next_step=row.current_step)


def setup(caller: UserCaller, body: SetupIn) -> TenantOut:
    """Write the business's profile, which answers the first step."""
    return TenantOut.of(onboarding.set_up(caller, body.given()))


def generate_templates(caller: UserCaller, body: GenerateIn) -> DraftsOut:
    """Draft articles from what was answered; nothing is stored. With a model the texts are worded by it."""
    made = articles.generate(caller.tenant, body.answers, body.options)
    return DraftsOut(drafts=[DraftOut.of(draft) for draft in made])


def apply_templates(caller: UserCaller, body: ApplyIn) -> AppliedOut:
    """Make articles of the drafts; a worker indexes them."""
    docs, created = articles.apply(caller, [Draft(**draft.model_dump()) for draft in body.drafts])
    return AppliedOut(created_docs=created, rag_enabled=flags.on(Flag.RAG, caller.tenant),
                      documents=[DocOut.of(doc) for doc in docs])


def show_readiness(caller: UserCaller) -> ReadinessOut:
    """Show what is ready and what to do next."""
    return ReadinessOut.of(readiness.of(caller))


def run_smoke_test(caller: UserCaller) -> SmokeTestOut:
    """Ask the AI what customers would; nothing is sent to anybody. `/stream` beside it tells how far it is."""
    return SmokeTestOut(**readiness.told(caller, smoke.attempt(caller, caller.tenant)))


core.table(
    "onboarding",
    get("/api/onboarding/state", state, permission=Permission.VIEW_CONVERSATIONS, limit=LIMIT),
    put("/api/onboarding/state", put_state, permission=Permission.SIGNED_IN, limit=LIMIT),
    post("/api/onboarding/complete-step", complete_step, permission=_CHANGE, limit=LIMIT),
    post("/api/onboarding/generate-templates", generate_templates, permission=_CHANGE, limit=LIMIT),
    post("/api/onboarding/apply-templates", apply_templates, permission=_CHANGE, limit=LIMIT),
    get("/api/onboarding/readiness", show_readiness, permission=Permission.VIEW_CONVERSATIONS, limit=LIMIT),
    post("/api/onboarding/run-smoke-test", run_smoke_test, permission=Permission.VIEW_CONVERSATIONS, limit=LIMIT),
    post("/api/onboarding/setup", setup, permission=_CHANGE, limit=LIMIT),
)
