"""Drafts of articles as a model words them: only where it says neither more nor less than the draft."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import structlog

from hub.ai import chat, guard, prompts
from hub.ai.errors import AIError
from hub.models.accounts.tenant import Tenant
from hub.models.base import release
from hub.services.accounts.onboarding_drafts import Draft
from hub.services.agents import compose, dry_run
from hub.settings import current_settings

log = structlog.get_logger(__name__)

_AT_ONCE, _MAX_TOKENS, _TEMPERATURE = 4, 1_500, 0.3


def better(tenant: Tenant, language: str, made: list[Draft]) -> list[Draft]:
    """Several at a time, for somebody waits; a draft that the model could not word in time stays as it is."""
    endpoints = compose.endpoints(dry_run.context(tenant))
    if not endpoints or not made:
        return made
    release()
    until = time.monotonic() + current_settings().ai_deadline_s
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        jobs = [pool.submit(copy_context().run, _by_model, tenant, language, draft, endpoints, until) for draft in made]
        return [job.result() for job in jobs]


def _by_model(tenant: Tenant, language: str, draft: Draft, endpoints: Sequence[chat.Endpoint], until: float) -> Draft:
    """The model's wording if it says exactly what the draft says, else the draft."""
    system = prompts.render("article", company=tenant.name, language=language, tone=tenant.tone,
                            address_style=tenant.address_style, sources=prompts.sources([(draft.title, draft.content)]))
    try:
        reply = chat.converse(endpoints, prompts.messages(system, [], draft.title),
                              deadline_s=max(0.1, until - time.monotonic()), temperature=_TEMPERATURE,
                              max_tokens=_MAX_TOKENS)
    except AIError as error:
        log.warning("onboarding.model_failed", tenant=tenant.id, kind=error.kind)
        return draft
    return Draft(draft.title, reply.text, draft.doc_type) if _says_the_same(reply, draft) else draft


def _says_the_same(reply: chat.Reply, draft: Draft) -> bool:
    """No fact more and none less, as far as figures, addresses and links tell, and every section is still there."""
    source = f"{draft.title}\n{draft.content}"
    headings = [text_line for text_line in draft.content.splitlines() if text_line.startswith("## ")]
    lost = set(guard.problems(draft.content, [reply.text])) - {"markup", "too_long"}
    return (reply.action == "answer" and not guard.problems(reply.text, [source]) and not lost
            and all(heading in reply.text for heading in headings))
