"""When people of a business answer: the same hours every day, or a week of its own with breaks, and holidays."""

import re
from datetime import date, timedelta
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from hub.lib import clock, hours
from hub.lib.fields import Control, N_, Section, Wrong
from hub.lib.hours import Week
from hub.models.accounts.tenant import Tenant
from hub.services import tenant_settings
from hub.services.tenant_settings import Group

_MOST_HOLIDAYS, _FAR = 100, 31
_DATE = re.compile(r"(?:(?:(\d{4})-)?(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?)(?:\s+(.*))?")


def _day(typed: str) -> str:
    try:
        return hours.written(hours.spans(typed))
    except ValueError:
        raise Wrong(N_("Write hours like 9-13, 14-18; “closed” or “round the clock”.")) from None


def _holiday(typed: str) -> str:
    """"2026-12-31 10:00-15:00", "12-31" for every year: nothing after the date means closed."""
    found = _DATE.fullmatch(typed.strip())
    try:
        if found is None:
            raise ValueError(typed)
        year, month, day = (found[1], found[2], found[3]) if found[2] else (found[6], found[5], found[4])
        at = date(int(year or 2000), int(month), int(day))          # 2000 had a 29th of February
        spans = hours.written(hours.spans(found[7] or ""))
    except ValueError:
        raise Wrong(N_("“%(typed)s” is no holiday. Write 31.12.2026, 01.01 for every year, or 31.12 10-15."),
                    typed=typed) from None
    return f"{at.isoformat() if year else at.isoformat()[5:]} {spans}".strip()


def _key(holiday: str) -> str:
    return holiday.partition(" ")[0]


def _holidays(typed: list[str]) -> list[str]:
    return sorted({_key(given): given for given in map(_holiday, filter(str.strip, typed))}.values())


class BusinessHours(Group):
    """The week of a business; without one of its own, the hours of its profile hold on every day."""

    NAME: ClassVar = "business_hours"
    SECTIONS: ClassVar = (
        Section(N_("Week"), N_("A break is a gap: 9-13, 14-18. An end before the start is on the next day: 18-02. "
                               "An empty day is closed."), ("own_week", *hours.DAYS)),
        Section(N_("Holidays"), N_("Days with hours of their own, in any year or in one."), ("holidays",)),
    )

    own_week: Annotated[bool, Field(title=N_("Each day has its own hours"), description=N_(
        "Otherwise the hours of the site's page hold on every day."))] = False
    monday: Annotated[str, AfterValidator(_day), Field(max_length=120, title=N_("Monday"))] = "09:00-18:00"
    tuesday: Annotated[str, AfterValidator(_day), Field(max_length=120, title=N_("Tuesday"))] = "09:00-18:00"
    wednesday: Annotated[str, AfterValidator(_day), Field(max_length=120, title=N_("Wednesday"))] = "09:00-18:00"
    thursday: Annotated[str, AfterValidator(_day), Field(max_length=120, title=N_("Thursday"))] = "09:00-18:00"
    friday: Annotated[str, AfterValidator(_day), Field(max_length=120, title=N_("Friday"))] = "09:00-18:00"
    saturday: Annotated[str, AfterValidator(_day), Field(max_length=120, title=N_("Saturday"))] = ""
    sunday: Annotated[str, AfterValidator(_day), Field(max_length=120, title=N_("Sunday"))] = ""
    holidays: Annotated[list[str], AfterValidator(_holidays), Control("area", rows=5, placeholder="01.01"), Field(
        max_length=_MOST_HOLIDAYS, title=N_("Holidays"), description=N_(
            "One a line: 31.12.2026, 01.01 for every year, 31.12 10-15 for a short day."))] = []

    def week(self, tenant: Tenant) -> Week:
        """These hours; the days of the profile where there is no week of its own."""
        usual = ((tenant.working_hours_start, tenant.working_hours_end),)
        days = {day: hours.spans(getattr(self, day)) if self.own_week else usual for day in hours.DAYS}
        return Week(days, {_key(given): hours.spans(given.partition(" ")[2]) for given in self.holidays})


def of(tenant: Tenant) -> Week:
    """The hours that hold for this business."""
    return tenant_settings.of(tenant, BusinessHours).week(tenant)


def is_open(tenant: Tenant) -> bool:
    """Now, on the wall clock of the business."""
    return of(tenant).is_open(clock.local(tenant.timezone))


def next_day(tenant: Tenant) -> tuple[str, str]:
    """From when until when people answer today, or on the next day on which they do; breaks are not told."""
    week = of(tenant)
    today = clock.local(tenant.timezone).date()
    spans = next(filter(None, (week.on(today + timedelta(days=number)) for number in range(_FAR))), None)
    return (tenant.working_hours_start, tenant.working_hours_end) if spans is None else (spans[0][0], spans[-1][1])


def days(tenant: Tenant, week: Week, count: int = 7) -> list[tuple[date, list[tuple[int, int]]]]:
    """From today: each day with its open minutes."""
    today = clock.local(tenant.timezone).date()
    return [(day, week.shown(day)) for day in (today + timedelta(days=number) for number in range(count))]


def words(tenant: Tenant) -> str:
    """The next week in a line, as a model reads it."""
    week = of(tenant)
    today = clock.local(tenant.timezone).date()
    said = [(day, hours.written(week.on(day))) for day in (today + timedelta(days=number) for number in range(7))]
    if len({spans for _, spans in said}) == 1:
        return f"{said[0][1] or 'closed'} ({tenant.timezone})"
    return "; ".join(f"{day:%a %d.%m} {spans or 'closed'}" for day, spans in said) + f" ({tenant.timezone})"
