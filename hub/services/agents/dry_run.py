"""The AI of a business with nobody listening: the same decision and the same words, but nothing is sent or stored."""

import time

from hub.lib.json_types import JsonObject
from hub.models.accounts.tenant import Tenant
from hub.models.base import release
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.services.agents import agents, compose, decide
from hub.services.agents.compose import Composed
from hub.services.agents.decide import Context


def context(tenant: Tenant, question: str = "") -> Context:
    """What a turn would read if a new customer asked this now; its rows are in no table."""
    line = Message(id=0, tenant=tenant, role="customer", text=question)
    return Context(Conversation(tenant=tenant), tenant, agents.serving(tenant.id), line, [line], [])


def ask(tenant: Tenant, question: str) -> Composed:
    """What the AI would say; without a text, `reason` says why a person would be called.

    The hours of the agent do not count: what it knows is the same at night.
    """
    asked = context(tenant, question)
    verdict = decide.decide(asked)
    if verdict.act == "answer" or verdict.reason == "outside_hours":
        return compose.compose(asked, None)
    return Composed(reason=verdict.reason)


def examined(tenant: Tenant, question: str, doc: KnowledgeDoc) -> JsonObject:
    """The same, and whether it passes: the answer rests on that very article, or on the profile of the business."""
    release()
    began = time.monotonic()
    said = ask(tenant, question)
    cited = [said.found[index].doc for index in said.used]
    passed = bool(said.text) and (doc in cited or (bool(said.facts) and not cited))
    return {"question": question, "passed": passed, "answer": said.text,
            "reason": said.reason if passed or not said.text else "other_article",
            "article": doc.title, "documentId": str(doc.uuid),
            "sources": list(dict.fromkeys(source["title"] for source in said.sources)),
            "confidence": said.confidence.get("total"), "durationMs": int((time.monotonic() - began) * 1000)}
