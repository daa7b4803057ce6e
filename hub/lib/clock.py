"""Time: always UTC, always aware at the edges, stored naive in UTC so that both databases agree."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hub.errors import BadInput

# Two machines' clocks may differ by this much: what is due here is not yet due there.
SKEW_S = 0.5
_DAY = len("2026-02-20")


def now() -> datetime:
    """The present moment in UTC, without a zone (as rows store it)."""
    return datetime.now(UTC).replace(tzinfo=None)


def aware() -> datetime:
    """The present moment in UTC with its zone."""
    return datetime.now(UTC)


def ahead(seconds: float) -> datetime:
    return now() + timedelta(seconds=seconds)


def iso(moment: datetime | None, *, whole_seconds: bool = False) -> str | None:
    """`2026-02-20T12:00:00.000Z` or `2026-02-20T12:00:00Z`, as the documented APIs write times."""
    return None if moment is None else moment.isoformat(timespec="seconds" if whole_seconds else "milliseconds") + "Z"


def local(name: str) -> datetime:
    """The present moment on the wall clock of the zone (IANA name; an unknown one means UTC)."""
    return datetime.now(zone(name))


def zone(name: str) -> tzinfo:
    """The zone with that IANA name; an unknown one means UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def first(day: date, name: str) -> datetime:
    """When that day, or that moment, begins in the zone; as rows store it. BadInput outside the calendar."""
    return naive(day if isinstance(day, datetime) else datetime.combine(day, time(), zone(name)))


def last(day: date, name: str) -> datetime:
    """The last instant of that day in the zone, or the moment itself; as rows store it. BadInput as in first()."""
    return naive(day if isinstance(day, datetime) else datetime.combine(day, time.max, zone(name)))


def naive(moment: datetime) -> datetime:
    """As rows store it: UTC without a zone. A moment without a zone is taken as UTC."""
    try:
        return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:       # the first and last hours of the calendar, elsewhere
        raise BadInput("moment_invalid", "This moment is outside the calendar.") from None


def parse(text: str) -> datetime:
    """An ISO moment; BadInput when it is none."""
    try:
        return naive(datetime.fromisoformat(text))
    except ValueError:
        raise BadInput("moment_invalid", "This is not an ISO 8601 moment.") from None


def day_or_moment(value: object) -> date:
    """`2026-02-20` as a date, an ISO moment as a datetime; ValueError when it is neither."""
    text = str(value).strip()
    try:
        return date.fromisoformat(text) if len(text) == _DAY else datetime.fromisoformat(
            text.replace(" ", "+") if "T" in text else text)     # an unescaped + of a query is a space
    except ValueError:
        raise ValueError("should be a date or an ISO 8601 moment") from None
