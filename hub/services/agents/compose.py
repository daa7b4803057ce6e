"""Finds the words of an answer: from the model when there is one, else a quotation; checked, or not given at all."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import structlog

from hub.ai import chat, guard, offline, prompts, utterance
from hub.ai.errors import AIError
from hub.lib.json_types import JsonObject
from hub.models.base import release
from hub.models.knowledge.chunk import Chunk
from hub.services.accounts import business_hours
from hub.services.knowledge import retrieval
from hub.services.agents.decide import Context
from hub.services.knowledge.retrieval import Found
from hub.services.platform import secrets
from hub.settings import current_settings

log = structlog.get_logger(__name__)

_PASSAGES = 5
_TEMPERATURE = {"precise": 0.2, "balanced": 0.7, "creative": 1.0}
_MAX_TOKENS = 600
_LOOK_S = 0.15          # a look at a partial text takes 10 ms
_FACTS = 0              # the number by which the prompt lets the model cite the company's own facts


@dataclass
class Composed:
    """An answer, or the reason why there is none (`text` empty). `confidence` and `penalties` go into the ledger."""

    text: str = ""
    reason: str = ""
    intent: str | None = None
    found: list[Found] = field(default_factory=list)
    used: list[int] = field(default_factory=list)       # indexes into `found`
    company: str = ""
    facts: str = ""                                     # the company's own facts, when the answer rests on them
    confidence: dict[str, float] = field(default_factory=dict)
    penalties: list[JsonObject] = field(default_factory=list)
    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    model_ms: int = 0
    error: str = ""

    @property
    def sources(self) -> list[JsonObject]:
        """What the message cites: one line per document."""
        cited = {found.doc.id: found.source() for index, found in enumerate(self.found) if index in self.used}
        profile = [{"title": self.company, "quote": self.facts, "url": None}] if self.facts else []
        return [*cited.values(), *profile]


def compose(context: Context, on_text: Callable[[str], None] | None) -> Composed:
    """An answer from the knowledge. `on_text` gets the whole text so far and may raise to stop."""
    found = retrieval.search(context.tenant, context.text, _PASSAGES)
    asked = endpoints(context)
    release()
    result = Composed(found=found, intent=utterance.intent(context.text), company=context.tenant.name)
    if not found:
        result.reason = "nothing_found"
    elif asked:
        _by_model(context, result, asked, on_text)
    else:
        _by_quoting(context, result)
    result.confidence = _confidence(result)
    return result


def endpoints(context: Context) -> list[chat.Endpoint]:
    """Where answers may be asked for, best first, with the agent's own model if it has one; none without a key."""
    settings = current_settings()
    key = secrets.model_key(context.tenant)
    if not key:
        return []
    model = context.agent.model if context.agent and context.agent.model else settings.openai_model
    return [chat.Endpoint(settings.openai_base_url, key, model)]


def _by_model(context: Context, result: Composed, asked: list[chat.Endpoint],
              on_text: Callable[[str], None] | None) -> None:
    try:
        reply = chat.converse(asked, _prompt(context, result.found),
                              deadline_s=current_settings().ai_deadline_s,
                              on_text=_checked_growing(context, result, on_text), temperature=_temperature(context),
                              max_tokens=_MAX_TOKENS)
    except AIError as error:
        log.warning("compose.model_failed", tenant=context.tenant.id, kind=error.kind)
        result.error = error.kind
        _by_quoting(context, result)          # the one fallback: a quotation if the evidence is good, else a person
        return
    result.model, result.model_ms = reply.model, reply.model_ms
    result.tokens_in, result.tokens_out = reply.tokens_in, reply.tokens_out
    result.intent = reply.intent or result.intent
    if reply.action == "hand_over":
        result.reason = "model_handed_over"
        return
    _checked(context, result, reply)


def _checked_growing(context: Context, result: Composed,
                     on_text: Callable[[str], None] | None) -> Callable[[str], None] | None:
    """Nobody should see Markdown come and go, or an invented price, while the text grows: whole words are shown, as
    far as everything that was found bears them out."""
    if on_text is None:
        return None
    known, good, looked_at = [*_texts(result.found), _facts(context)], "", 0.0

    def grown(text: str) -> None:
        nonlocal good, looked_at
        if time.monotonic() - looked_at >= _LOOK_S:
            looked_at = time.monotonic()
            words = guard.clean(text[:text.rfind(" ") + 1])
            good = good if guard.problems(words, known, context.text) else words
        on_text(good)

    return grown


def _texts(found: list[Found]) -> list[str]:
    return [f"{item.doc.title}\n{item.chunk.text}" for item in found]


def _checked(context: Context, result: Composed, reply: chat.Reply) -> None:
    """Only what the cited passages bear out is sent."""
    used = [number - 1 for number in reply.sources if 0 < number <= len(result.found)]
    cited = [result.found[index] for index in used]
    facts = _facts(context) if _FACTS in reply.sources else ""
    text = guard.clean(reply.text)
    wrong = guard.problems(text, [*_texts(cited), facts], context.text)
    if reply.action == "answer" and not cited and not facts:
        wrong.append("no_source")
    result.penalties = [{"code": code, "message": "The answer says something that its sources do not.", "value": -0.5}
                      for code in wrong]
    if wrong:
        result.reason = "guard"
        return
    result.text, result.used, result.facts = text, used, facts
    result.reason = "answered" if cited or facts else "clarified"


def _by_quoting(context: Context, result: Composed) -> None:
    found = [*result.found, *_beginning(result.found)]
    quoted = offline.answer(context.text, [_passage(item) for item in found], context.language)
    if quoted is None:
        result.reason = "thin_evidence"
        return
    result.found = found[:max(len(result.found), quoted.source + 1)]
    result.text, result.reason, result.used, result.model = quoted.text, "quoted", [quoted.source], "offline"


def _passage(found: Found) -> offline.Passage:
    return offline.Passage(found.doc.title, found.chunk.text, found.evidence, found.score,
                           found.chunk.position)


def _beginning(found: list[Found]) -> list[Found]:
    """How the best document begins, if that was not found: whoever asks for its very topic is answered with it."""
    best = found[0]
    if any(item.doc.id == best.doc.id and item.chunk.position == 0 for item in found):
        return []
    first = Chunk.get_or_none(Chunk.doc == best.doc, Chunk.position == 0)
    return [replace(best, chunk=first)] if first is not None else []


def _temperature(context: Context) -> float:
    return _TEMPERATURE.get(context.agent.creativity_level if context.agent else "", 0.7)


def _prompt(context: Context, found: list[Found]) -> list[dict[str, str]]:
    tenant, agent = context.tenant, context.agent
    system = prompts.render(
        "answer", agent_name=agent.name if agent else "", company=tenant.name, language=context.language,
        tone=tenant.tone, address_style=tenant.address_style, facts=_facts(context),
        instructions=agent.system_instructions if agent else "",
        sources=prompts.sources([(item.doc.title, item.chunk.text) for item in found]))
    turns = [("user" if line.role == "customer" else "assistant", line.text) for line in context.history]
    return prompts.messages(system, turns, context.text)


def _facts(context: Context) -> str:
    tenant = context.tenant
    facts = {"Working hours": business_hours.words(tenant), "Currency": tenant.currency,
             "Delivery": tenant.delivery_options, "Returns": tenant.return_policy}
    return "\n".join(f"{name}: {value}" for name, value in facts.items() if value)


def _confidence(result: Composed) -> dict[str, float]:
    """The documented four numbers, 0..1: mean of three plus penalties, clamped."""
    similarity = max((found.evidence for found in result.found), default=0.0)
    parts = {"similarity": similarity, "intent": 0.9 if result.intent and result.intent != "other" else 0.6,
             "selfCheck": 1.0 if result.text else 0.0}
    total = sum(parts.values()) / len(parts) + sum(float(item["value"]) for item in result.penalties)
    return {"total": round(min(1.0, max(0.0, total)), 3), **{key: round(value, 3) for key, value in parts.items()}}
