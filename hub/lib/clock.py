"""Time: always UTC, always aware at the edges, stored naive in UTC so that both databases agree."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hub.errors import BadInput

# Two machines' clocks may differ by this much: what is due here is not yet due there.
SKEW_S = 0.5


def now() -> datetime:
    """The present moment in UTC, without a zone (as rows store it)."""
    return datetime.now(UTC).replace(tzinfo=None)


def ahead(seconds: float) -> datetime:
    return now() + timedelta(seconds=seconds)


def iso(moment: datetime | None) -> str | None:
    """`2026-02-20T12:00:00.000Z`, as the documented APIs write times."""
    return None if moment is None else moment.isoformat(timespec="milliseconds") + "Z"


def local(zone: str) -> datetime:
    """The present moment on the wall clock of `zone` (IANA name; an unknown one means UTC)."""
    try:
        return datetime.now(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return datetime.now(UTC)


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
