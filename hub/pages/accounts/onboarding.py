"""First steps: seven forms with what was answered kept, the articles made of it, a check, and the own page to try."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import BaseModel

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.lib import text
from hub.lib.json_types import JsonObject
from hub.models.accounts.onboarding import Onboarding, OnboardingStep
from hub.models.knowledge.knowledge_doc import DocState, KnowledgeDoc
from hub.models.platform.task import Task
from hub.pages.accounts.onboarding_steps import WIZARD
from hub.pages.kit import Form, page
from hub.pages.kit.wizard import BACK, Step
from hub.queue import Job
from hub.services.accounts import brand, onboarding, onboarding_articles, onboarding_channels, onboarding_smoke
from hub.services.accounts import onboarding_readiness as readiness
from hub.services.accounts.onboarding_drafts import Draft
from hub.services.accounts.onboarding_questions import drawn

blueprint = Blueprint("onboarding", __name__)
_CHANGE = Permission.MANAGE_TENANT_SETTINGS
_SUGGESTED = 4          # questions that the own page proposes


@page(blueprint, "/onboarding", _CHANGE)
def show(caller: UserCaller) -> str:
    """The step of `?step=`, or where the business left it."""
    step = WIZARD.asked(caller.user)
    return _shown(caller, step, WIZARD.form(caller.user, step))


@page(blueprint, "/onboarding", _CHANGE, "POST")
def save(caller: UserCaller) -> ResponseReturnValue:
    step = WIZARD.asked(caller.user)
    form, following = WIZARD.sent(caller.user, step)
    if BACK not in request.form:
        if form.is_wrong or not WIZARD.finish(caller, step, form):
            return _shown(caller, step, form), 422
        if step.name == OnboardingStep.KB:
            _keep_articles(caller)
    return _to(following.name) if following else redirect(url_for("onboarding.try_out"), 303)


@page(blueprint, "/onboarding/skip", _CHANGE, "POST")
def skip(caller: UserCaller) -> ResponseReturnValue:
    return _to(onboarding.skip(caller, WIZARD.asked(caller.user).name).current_step)


@page(blueprint, "/onboarding/test", _CHANGE, "POST")
def test(caller: UserCaller) -> ResponseReturnValue:
    onboarding_smoke.begin(caller.tenant, caller.user)
    return _to(OnboardingStep.REVIEW)


@page(blueprint, "/onboarding/test", _CHANGE)
def progress(caller: UserCaller) -> str:
    """How far the test is: the part of the page that follows its stream."""
    return render_template("parts/accounts/_readiness.html", **_review(caller))


@page(blueprint, "/onboarding/try", _CHANGE)
def try_out(caller: UserCaller) -> str:
    """The business's own page of this hub, with its chat as customers will see it."""
    docs = KnowledgeDoc.of(caller.tenant).where(KnowledgeDoc.is_active, KnowledgeDoc.state == DocState.READY)
    row = Onboarding.get_or_new(caller.tenant)
    asked = drawn(docs.order_by(KnowledgeDoc.id).limit(20), row.documents, _SUGGESTED)
    return render_template("pages/accounts/try_out.html", site=onboarding_channels.site(caller.tenant),
                           business=caller.tenant, about=row.said(OnboardingStep.BUSINESS).get("about", ""),
                           fill=brand.painted(caller.tenant)[0], questions=[question.text for question in asked])


def _to(step: str) -> ResponseReturnValue:
    return redirect(url_for("onboarding.show", step=step), 303)


def _keep_articles(caller: UserCaller) -> None:
    """What is ticked, as it stands in its fields."""
    wanted = [Draft(text.one_line(request.form.get(f"title-{number}", ""), 500),
                    text.clean(request.form.get(f"content-{number}", ""))[:50_000],
                    text.one_line(request.form.get(f"kind-{number}", ""), 32))
              for number in request.form.getlist("use")[:50]]
    own = [draft for draft in _drafts(caller) if draft.doc_type == "faq"]
    docs, _ = onboarding_articles.apply(caller, [draft for draft in [*wanted, *own] if draft.title and draft.content])
    if docs:
        flash(gettext("The articles are kept: %(count)s. The AI reads them now.", count=len(docs)), "good")


def _drafts(caller: UserCaller) -> list[Draft]:
    return onboarding_articles.generate(caller.tenant, {}, {"useModel": False})


def _review(caller: UserCaller) -> JsonObject:
    last = Task.of(caller.tenant).where(Task.job == Job.SMOKE_TEST).order_by(Task.id.desc()).first()
    reads = KnowledgeDoc.of(caller.tenant).where(KnowledgeDoc.state.in_((DocState.PENDING, DocState.INDEXING))).exists()
    return {"readiness": readiness.of(caller), "task": last, "reads": reads,
            "tested": Onboarding.get_or_new(caller.tenant).tested}


def _shown(caller: UserCaller, step: Step, form: Form[BaseModel]) -> str:
    more: JsonObject = _review(caller) if step.name in (OnboardingStep.REVIEW, OnboardingStep.DONE) else {}
    if step.name == OnboardingStep.KB:
        more["drafts"] = [draft for draft in _drafts(caller) if draft.doc_type != "faq"]
    return render_template("pages/accounts/onboarding.html", wizard=WIZARD, step=step, form=form,
                           site=onboarding_channels.site(caller.tenant), **more)
