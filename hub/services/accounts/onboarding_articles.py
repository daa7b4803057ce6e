"""Articles from what a business answered: drafted, and stored when they are right."""

from collections.abc import Iterable

from hub.access.callers import Caller, UserCaller
from hub.ai import utterance
from hub.lib.json_types import JsonObject, Values
from hub.models import refusals
from hub.models.accounts.onboarding import Onboarding, OnboardingStep
from hub.models.accounts.tenant import Tenant
from hub.models.base import transaction
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.services import changes
from hub.services.accounts import onboarding, onboarding_wording
from hub.services.accounts.onboarding_drafts import Draft, drafts, with_profile
from hub.services.accounts.onboarding_texts import category, tags
from hub.services.knowledge import knowledge

_LANGUAGES = ("ru", "en")


def generate(tenant: Tenant, answers: Values, options: Values) -> list[Draft]:
    """Drafts from these answers, and from the stored ones of the steps that are not among them. Nothing is stored.

    `options`: `language` ru | en; `useModel` false leaves the texts as they are made without a model.
    """
    known = {**Onboarding.get_or_new(tenant).answers, **answers}
    business = known.get(OnboardingStep.BUSINESS)
    said: JsonObject = business if isinstance(business, dict) else {}
    language = next((str(one) for one in (options.get("language"), said.get("language"), tenant.language)
                     if one in _LANGUAGES), "en")
    name = said.get("name")
    made = drafts(with_profile(known, tenant), language, name if isinstance(name, str) and name else tenant.name)
    return onboarding_wording.better(tenant, language, made) if options.get("useModel", True) else made


@refusals.repeated
def apply(caller: UserCaller, given: Iterable[Draft]) -> tuple[list[KnowledgeDoc], int]:
    """(the articles, how many of them are new): one that was made here before under the same title is changed."""
    with transaction():
        row = onboarding.begun(caller)
        known = {doc.title: doc for doc in KnowledgeDoc.of(caller.tenant).where(KnowledgeDoc.uuid.in_(
            list(row.documents)))}
        wanted = {draft.title: draft for draft in given}
        kept = {title: _store(caller, known.get(title), draft) for title, draft in wanted.items()}
        made = {str(doc.uuid): kind for doc, kind in kept.values()}
        changes.apply(caller, row, {"documents": {**row.documents, **made}})
    return [doc for doc, _ in kept.values()], len(kept.keys() - known.keys())


def _store(caller: Caller, known: KnowledgeDoc | None, draft: Draft) -> tuple[KnowledgeDoc, str]:
    language = utterance.language(draft.content)
    values: JsonObject = {"title": draft.title, "content": draft.content, "language": language,
                          "category": category(draft.doc_type), "tags": tags(draft.doc_type, language)}
    doc = knowledge.create(caller, **values) if known is None else knowledge.change(caller, known, **values)
    return doc, draft.doc_type
