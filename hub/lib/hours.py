"""Working hours on a wall clock: as people type them, and whether a business is open at a moment."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from hub.lib.json_types import Values

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# (start, end) as HH:MM: an end before the start is on the next day, equal ends mean the whole day.
Spans = tuple[tuple[str, str], ...]
ALL_DAY: Spans = (("00:00", "00:00"),)
_DAY_MIN, _MOST = 24 * 60, 8
_CLOSED = ("", "-", "–", "—", "closed", "выходной", "закрыто", "нет")
_ROUND = ("round the clock", "круглосуточно", "24/7", "24")
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?")


def spans(typed: str) -> Spans:
    """Hours of one day as people write them: "9-13, 14:00–18:00", "closed", "round the clock".

    ValueError for what is none, for spans that overlap, and for one that goes on past midnight before another.
    """
    words = typed.strip().lower()
    if words in _CLOSED or words in _ROUND:
        return ALL_DAY if words in _ROUND else ()
    found = tuple(_span(part) for part in re.split(r"[,;]", words))
    limits = [_limits(start, end) for start, end in found]
    if len(found) > _MOST or any(until > start for (_, until), (start, _) in pairwise(limits)):
        raise ValueError(typed)
    return found


def written(day: Spans) -> str:
    """The same as text; nothing where it is closed."""
    return ", ".join(f"{start}-{end}" for start, end in day)


def minutes(clock: str) -> int:
    """Of HH:MM, since midnight."""
    return int(clock[:2]) * 60 + int(clock[3:])


def _span(part: str) -> tuple[str, str]:
    found = _SPAN.fullmatch(part.strip())
    if found is None:
        raise ValueError(part)
    start, end = (int(found[hour]) * 60 + int(found[hour + 1] or 0) for hour in (1, 3))
    if start >= _DAY_MIN or end > _DAY_MIN or int(found[2] or 0) > 59 or int(found[4] or 0) > 59:
        raise ValueError(part)
    return _clock(start), _clock(end % _DAY_MIN)


def _clock(number: int) -> str:
    return f"{number // 60:02}:{number % 60:02}"


def _limits(start: str, end: str) -> tuple[int, int]:
    """In minutes since the midnight before the start."""
    if start == end:
        return 0, _DAY_MIN
    return minutes(start), minutes(end) + (0 if end > start else _DAY_MIN)


@dataclass(frozen=True)
class Week:
    """A business's hours: by weekday, and by date ("2026-12-31", or "12-31" in every year) where that differs.

    A span belongs to the day on which it begins: whoever is open past midnight is, also into a holiday.
    """

    days: Mapping[str, Spans]
    dates: Mapping[str, Spans] = field(default_factory=dict)

    def on(self, day: date) -> Spans:
        """What begins on this day."""
        for key in (day.isoformat(), day.isoformat()[5:]):
            if key in self.dates:
                return self.dates[key]
        return self.days.get(DAYS[day.weekday()], ())

    def is_special(self, day: date) -> bool:
        """Is this date one with hours of its own?"""
        return day.isoformat() in self.dates or day.isoformat()[5:] in self.dates

    def is_open(self, moment: datetime) -> bool:
        """At this moment of the business's own wall clock."""
        now = moment.hour * 60 + moment.minute
        return any(start <= now < end for start, end in self.shown(moment.date()))

    def shown(self, day: date) -> list[tuple[int, int]]:
        """(from, until) in minutes of this day, what began the day before included."""
        before = [(0, end - _DAY_MIN) for _, end in self._limits(day - timedelta(days=1)) if end > _DAY_MIN]
        return [*before, *((start, min(end, _DAY_MIN)) for start, end in self._limits(day))]

    def _limits(self, day: date) -> list[tuple[int, int]]:
        return [_limits(start, end) for start, end in self.on(day)]


def week(schedule: Iterable[Values]) -> Week:
    """Of an agent's hours: [{"day": "monday", "start": "09:00", "end": "18:00"}]; with "enabled": false a day does not
    count."""
    days: dict[str, Spans] = {}
    for entry in schedule:
        if entry.get("enabled", True) and entry.get("start") and entry.get("end"):
            day = str(entry.get("day")).lower()
            days[day] = (*days.get(day, ()), (str(entry["start"]), str(entry["end"])))
    return Week(days)
