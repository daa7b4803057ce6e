"""Is a business ready for its customers? Checks of what is really there, weighted, and what to do next."""

from collections.abc import Iterator

from hub.access.callers import UserCaller
from hub.lib.json_types import JsonObject
from hub.services.accounts.onboarding_advice import OTHER_ARTICLE, RULES, UNANSWERED, Check, Readiness
from hub.services.accounts.onboarding_facts import Facts


def of(caller: UserCaller) -> Readiness:
    """How things are now, in the words of the person who asks."""
    language, facts = caller.user.locale, Facts(caller.tenant)
    checks = [_check(code, facts, language) for code in RULES]
    open_ones = sorted((check for check in checks if check.advice), key=lambda check: -check.weight)
    advice = dict.fromkeys(check.advice for check in open_ones)         # two checks may want the same
    return Readiness(checks, [*advice, *_of_test(facts.row.tested, language)])


def told(caller: UserCaller, tested: JsonObject) -> JsonObject:
    """The outcome of a smoke test with its check, and what to do about what was not answered."""
    check, unanswered = of(caller).check("SMOKE_TEST"), [*_of_test(tested, caller.user.locale)]
    return {**tested, "check": vars(check), "recommendations": unanswered or [check.advice][:check.status != "PASS"]}


def _check(code: str, facts: Facts, language: str) -> Check:
    rule, status = RULES[code], facts.status(code)
    said = {"PASS": rule.good, "WARN": rule.half, "FAIL": rule.missing}[status]
    advice = {"PASS": "", "WARN": rule.half_advice.of(language) or rule.advice.of(language),
              "FAIL": rule.advice.of(language)}[status]
    counts = facts.counts.get(code, {})
    return Check(code, status, said.of(language).format(**counts), rule.weight, rule.step, advice)


def _of_test(tested: JsonObject, language: str) -> Iterator[str]:
    """What to do about the questions that were not answered as they should."""
    for result in tested.get("results", []):
        if not result["passed"]:
            words = OTHER_ARTICLE if result["reason"] == "other_article" else UNANSWERED
            yield words.of(language).format(**result)
