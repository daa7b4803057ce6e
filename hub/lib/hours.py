"""Working hours on a wall clock: whether a business is open at a moment."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from hub.lib.json_types import Values


def is_open(schedule: Iterable[Values], moment: datetime) -> bool:
    """`schedule`: [{"day": "monday", "start": "09:00", "end": "18:00"}], in the zone of `moment`; with
    "enabled": false a day does not count.

    An interval whose end is before its start goes on past midnight, into the day after the one it names; one whose
    ends are equal lasts the whole day.
    """
    time, today, yesterday = moment.strftime("%H:%M"), _day(moment), _day(moment - timedelta(days=1))
    return any(_covers(_text(entry, "start"), _text(entry, "end"), time, _text(entry, "day").lower(), today, yesterday)
               for entry in schedule if entry.get("enabled", True))


def every_day(start: str, end: str) -> list[dict[str, str]]:
    """The schedule of a business with the same hours on all days."""
    return [{"day": day, "start": start, "end": end} for day in _DAYS]


def _covers(start: str, end: str, time: str, day: str, today: str, yesterday: str) -> bool:
    if not start or not end:
        return False
    if start < end:
        return day == today and start <= time < end
    return (day == today and (time >= start or start == end)) or (day == yesterday and start != end and time < end)


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _day(moment: datetime) -> str:
    return _DAYS[moment.weekday()]


def _text(entry: Values, name: str) -> str:
    return str(entry.get(name) or "")
