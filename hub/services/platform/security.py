"""Is the installation, or one business on it, set up safely? Checks of what is really there, and what to do next."""

from collections.abc import Callable, Iterator, Mapping

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.services.platform import security_business, security_installation
from hub.services.platform.security_facts import Seen
from hub.services.platform.security_rules import RULES, Check, Found, Report
from hub.settings import current_settings

def report(caller: UserCaller, seen: Seen) -> Report:
    """Of the caller's business; for the platform's administrators of the whole installation as well."""
    checks = [*_checked(security_business.CHECKS, lambda look: look(caller.tenant))]
    if caller.may(Permission.PLATFORM_ADMIN):
        settings = current_settings()
        checks = [*_checked(security_installation.CHECKS, lambda look: look(settings, seen)), *checks]
    return Report(checks)


def _checked(looks: Mapping[str, Callable[..., Found]],
             ask: Callable[[Callable[..., Found]], Found]) -> Iterator[Check]:
    for code, look in looks.items():
        rule, found = RULES[code], ask(look)
        message = rule.good if found.status == "PASS" else rule.bad[found.why]
        yield Check(code, rule.area, found.status, message, "" if found.status == "PASS" else rule.action, rule.weight,
                    found.values)
