"""The forms of the first steps: what a business is asked, step by step, and what each answer changes."""

from collections.abc import Callable
from typing import Annotated, ClassVar, Literal

from flask import request
from pydantic import AfterValidator, BaseModel, Field

from hub.access.callers import UserCaller
from hub.channels.website import Config
from hub.lib import text
from hub.lib.fields import Control, N_, Section
from hub.lib.json_types import JsonObject
from hub.models.accounts.onboarding import Onboarding, OnboardingStep
from hub.models.accounts.user import User
from hub.pages.kit import Form
from hub.pages.kit.wizard import Step, Wizard
from hub.services import tenant_settings
from hub.services.accounts import onboarding, onboarding_channels, tenants
from hub.services.accounts.brand import Brand
from hub.services.channels.site_settings import Clock, Color, Domains, Line
from hub.services.platform import drafts

_Long = Annotated[str, AfterValidator(text.clean), Control("area", rows=3), Field(max_length=5000)]
_Short = Annotated[Line, Field(max_length=255)]


class BusinessIn(BaseModel):
    SECTIONS: ClassVar = (
        Section(N_("Your business"), N_("What customers know you by."), ("name", "about", "language", "tone")),
        Section(N_("Hours and contacts"), N_("When people answer, and how else you can be reached."),
                ("hours_start", "hours_end", "address", "phone")))

    name: Annotated[Line, Field(min_length=1, max_length=255, title=N_("Name of your business"))]
    about: Annotated[_Long, Field(title=N_("What you do"), description=N_(
        "One or two sentences, as you would tell a customer."))] = ""
    language: Annotated[Literal["ru", "en"], Control("radio", {"ru": N_("In Russian"), "en": N_("In English")}), Field(
        title=N_("Language of your articles"))] = "ru"
    tone: Annotated[Literal["friendly", "formal"], Control("radio", {
        "friendly": N_("Friendly"), "formal": N_("Formal")}), Field(
        title=N_("How you speak to customers"))] = "friendly"
    hours_start: Annotated[Clock, Field(title=N_("Open from"))] = "09:00"
    hours_end: Annotated[Clock, Field(title=N_("Open until"))] = "18:00"
    address: Annotated[_Short, Field(title=N_("Address"))] = ""
    phone: Annotated[_Short, Field(title=N_("Phone"))] = ""


class ChannelsIn(BaseModel):
    SECTIONS: ClassVar = (
        Section(N_("Chat on your site"),
                N_("On your own page of this hub it works at once, on your site after you paste one line."),
                ("domains", "color")),
        Section(N_("Assistant"), N_("The AI that answers from your articles and calls a person when it does not know."),
                ("agent_name", "answers")))

    domains: Domains = []
    color: Color = Config().color
    agent_name: Annotated[Line, Field(min_length=1, max_length=100, title=N_("Name of the assistant"))]
    answers: Annotated[bool, Field(title=N_("The assistant answers by itself"))] = True


class ProductsIn(BaseModel):
    SECTIONS: ClassVar = (
        Section(N_("What you offer"), N_("Customers ask for prices most. A line for each thing will do."),
                ("offer", "ordering")),)

    offer: Annotated[_Long, Field(title=N_("Products or services, with prices"))] = ""
    ordering: Annotated[_Long, Field(title=N_("How to order"))] = ""


class PoliciesIn(BaseModel):
    SECTIONS: ClassVar = (
        Section(N_("Your terms"), N_("In your own words. What you leave empty, the AI does not claim."),
                ("delivery", "payment", "returns", "warranty")),)

    delivery: Annotated[_Long, Field(title=N_("Delivery"), description=N_(
        "Where to, how, how long, for how much."))] = ""
    payment: Annotated[_Long, Field(title=N_("Payment"))] = ""
    returns: Annotated[_Long, Field(title=N_("Returns and exchanges"))] = ""
    warranty: Annotated[_Long, Field(title=N_("Warranty"))] = ""


class ArticlesIn(BaseModel):
    questions: Annotated[_Long, Control("area", rows=5), Field(title=N_("Frequent questions"), description=N_(
        "A question on one line, its answer below, an empty line between two. They become an article, too."))] = ""


class NothingIn(BaseModel):
    """A step that only shows something."""


def _business(caller: UserCaller, given: BusinessIn) -> None:
    tenants.change(caller, caller.tenant, name=given.name, language=given.language, tone=given.tone,
                   working_hours_start=given.hours_start, working_hours_end=given.hours_end)


def _channels(caller: UserCaller, given: ChannelsIn) -> None:
    domains = [*given.domains, request.host] if given.domains else []     # the own page stands on this hub
    onboarding_channels.keep(caller, given.agent_name, given.color, domains, given.answers)


def _policies(caller: UserCaller, given: PoliciesIn) -> None:
    tenants.change(caller, caller.tenant, delivery_options=given.delivery or None, return_policy=given.returns or None)


def _of_business(caller: UserCaller) -> JsonObject:
    tenant = caller.tenant
    return {"name": tenant.name, "language": tenant.language, "tone": tenant.tone,
            "hours_start": tenant.working_hours_start, "hours_end": tenant.working_hours_end}


def _of_channels(caller: UserCaller) -> JsonObject:
    site, agent = onboarding_channels.site(caller.tenant), onboarding_channels.agent(caller.tenant)
    look = {"domains": [rule for rule in site.config.get("allowed_domains", []) if rule != request.host],
            "color": site.config.get("color", Config().color)} if site else {
                "color": tenant_settings.of(caller.tenant, Brand).color}
    return {**look, "agent_name": agent.name if agent else caller.tenant.name[:100],
            "answers": agent.is_active if agent else True}


def _of_policies(caller: UserCaller) -> JsonObject:
    return {"delivery": caller.tenant.delivery_options or "", "returns": caller.tenant.return_policy or ""}


# What a step's answers change beside being kept; what is there already when it is shown. The rows go before answers.
CHANGES: dict[str, Callable[..., None]] = {
    OnboardingStep.BUSINESS: _business, OnboardingStep.CHANNELS: _channels, OnboardingStep.POLICIES: _policies}
_THERE: dict[str, Callable[[UserCaller], JsonObject]] = {
    OnboardingStep.BUSINESS: _of_business, OnboardingStep.CHANNELS: _of_channels, OnboardingStep.POLICIES: _of_policies}


class FirstSteps(Wizard):
    """A wizard whose answers belong to the business: whoever comes goes on with them. Drafts hold what is wrong yet."""

    def form(self, user: User, step: Step) -> Form[BaseModel]:
        typed = drafts.load(user, self.name).get(step.name)
        if typed:
            return Form(step.model, typed)
        there = _THERE[step.name](UserCaller(user, user.tenant, "session")) if step.name in _THERE else {}
        return Form.of(step.model, {**Onboarding.get_or_new(user.tenant).said(step.name), **there})

    def first_open(self, user: User) -> Step:
        now = Onboarding.get_or_new(user.tenant).current_step
        return next(step for step in self.steps if step.name == now)

    def finish(self, caller: UserCaller, step: Step, form: Form[BaseModel]) -> bool:
        """Keep the step's answers, once for all; False when something in them is refused."""
        def act(given: BaseModel) -> bool:
            CHANGES.get(step.name, lambda *_: None)(caller, given)
            onboarding.complete(caller, step.name, given.model_dump(mode="json"))
            drafts.keep(caller.user, self.name, step.name, {})
            return True

        return form.save(act) is not None


WIZARD = FirstSteps("first_steps", (
    Step(OnboardingStep.BUSINESS, N_("Business"), BusinessIn), Step(OnboardingStep.CHANNELS, N_("Chat"), ChannelsIn),
    Step(OnboardingStep.PRODUCTS, N_("Offer"), ProductsIn), Step(OnboardingStep.POLICIES, N_("Terms"), PoliciesIn),
    Step(OnboardingStep.KB, N_("Articles"), ArticlesIn), Step(OnboardingStep.REVIEW, N_("Check"), NothingIn),
    Step(OnboardingStep.DONE, N_("Ready"), NothingIn)))
