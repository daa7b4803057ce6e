"""Drafts of articles from what a business answered: a pure function from answers to texts, nothing invented."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hub.lib import text
from hub.lib.json_types import JsonObject, Values
from hub.models.accounts.onboarding import OnboardingStep
from hub.models.accounts.tenant import Tenant
from hub.services.accounts.onboarding_texts import ARTICLES, HOURS, ROUND_THE_CLOCK, YES_NO, Article, Part

# A text that no part asks for is worth an article of its own from this length; what is shorter says too little alone.
_TELLING = 12
_LONGEST = 10_000
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# What ends already, or would be copied together with a full stop: an address, a number.
_ENDED = re.compile(r"(?:[.!?…:;\d]|\S*[@/.]\S*)\s*$")
# Answers that say how the hub writes, not what customers may know.
_NOT_TOLD = {"name", "language", "tone", "address_style", "currency", "timezone", "color", "position", "domains",
             "escalation_email", "auto_reply_outside_hours", "allow_discounts", "max_discount_percent", "agent_name",
             "start", "end", "days", "hours_start", "hours_end", "working_hours_start", "working_hours_end",
             "working_days"}


@dataclass(frozen=True)
class Draft:
    """An article that nobody has stored yet."""

    title: str
    content: str
    doc_type: str


def drafts(answers: Values, language: str, name: str) -> list[Draft]:
    """An article for each subject that something was answered about; `answers`: {step: {field: value}}."""
    said = {step: _plain(answers.get(step), language) for step in OnboardingStep}
    made = (_draft(article, said[article.step], language, name) for article in ARTICLES)
    return [draft for draft in made if draft is not None]


def with_profile(answers: Values, tenant: Tenant) -> JsonObject:
    """What the profile says of delivery and returns counts where the answers say nothing."""
    found = answers.get(OnboardingStep.POLICIES)
    profile = {"delivery_options": tenant.delivery_options, "return_policy": tenant.return_policy}
    given = found if isinstance(found, dict) else {}
    return {**answers, OnboardingStep.POLICIES: {**{key: value for key, value in profile.items() if value}, **given}}


def _draft(article: Article, said: dict[str, str], language: str, name: str) -> Draft | None:
    if article.kind == "faq":
        sections = list(_questions(said.get("questions", "")))
    elif article.kind == "conditions":
        sections = [("", value) for value in _left_over(article.step, said)]
    else:
        found = ((part, _first(part, said)) for part in article.parts)
        sections = [(part.heading.of(language), part.text.of(language).format(value=value))
                    for part, value in found if value]
    content = "\n\n".join(f"## {heading}\n\n{_sentence(wording)}" if heading else _sentence(wording)
                          for heading, wording in sections)
    title = text.one_line(article.title.of(language).format(name=name))
    return Draft(title, content, article.kind) if content else None


def _first(part: Part, said: dict[str, str]) -> str:
    return next((said[key] for key in part.keys if said.get(key)), "")


def _left_over(step: OnboardingStep, said: dict[str, str]) -> Iterator[str]:
    """What was answered in words of the caller's own, under names that no article knows."""
    known = {key for article in ARTICLES if article.step == step for part in article.parts for key in part.keys}
    return (value for key, value in said.items() if key not in known | _NOT_TOLD and len(value) >= _TELLING)


def _questions(typed: str) -> Iterator[tuple[str, str]]:
    """(question, answer) of blocks between empty lines: the first line asks, the others answer."""
    for block in re.split(r"\n\s*\n", typed):
        question, _, answer = block.strip().partition("\n")
        if question.strip(" #") and answer.strip():
            yield question.strip(" #"), answer.strip()


def _plain(found: object, language: str) -> dict[str, str]:
    """{field in snake_case: its value as a text}, with the hours as a sentence's part."""
    given: JsonObject = found if isinstance(found, dict) else {}
    said = {_CAMEL.sub("_", str(key)).lower(): _worded(value, language) for key, value in given.items()}
    return {**_hours(said, language), **{key: value for key, value in said.items() if value}}


def _hours(said: dict[str, str], language: str) -> dict[str, str]:
    start = said.get("hours_start") or said.get("working_hours_start") or said.get("start")
    end = said.get("hours_end") or said.get("working_hours_end") or said.get("end")
    if not start or not end:
        return {}
    times = ROUND_THE_CLOCK.of(language) if start == end else HOURS.of(language).format(start=start, end=end)
    days = said.get("working_days") or said.get("days")
    return {"hours": f"{days} {times}" if days else times}


def _worded(value: object, language: str) -> str:
    if isinstance(value, bool):
        return YES_NO[value].of(language)
    if isinstance(value, int | float):
        return f"{value:g}" if abs(value) < 1e6 else str(value)
    if isinstance(value, list):
        return _listed(_worded(item, language) for item in value[:100] if not isinstance(item, dict | list))
    return text.clean(value)[:_LONGEST].strip() if isinstance(value, str) else ""


def _listed(items: Iterable[str]) -> str:
    named = [item for item in items if item]
    return "\n".join(f"- {item}" for item in named) if any(len(item) > 40 for item in named) else ", ".join(named)


def _sentence(said: str) -> str:
    """One line begins and ends like a sentence; lists and longer texts stay as they were typed."""
    return said if "\n" in said else f"{said[:1].upper()}{said[1:]}{'' if _ENDED.search(said) else '.'}"
