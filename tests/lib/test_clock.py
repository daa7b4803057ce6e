"""Time: UTC inside, ISO 8601 at the edges."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from hub.errors import BadInput
from hub.lib import clock


def test_now_is_utc_without_a_zone() -> None:
    moment = clock.now()
    assert moment.tzinfo is None
    assert abs(moment - datetime.now(UTC).replace(tzinfo=None)) < timedelta(seconds=1)
    assert timedelta(seconds=59) < clock.ahead(60) - moment < timedelta(seconds=61)


def stored(hour: int, micro: int = 0) -> datetime:
    """A moment of 20 February 2026 as rows keep it: UTC, without saying so."""
    return datetime(2026, 2, 20, hour, microsecond=micro, tzinfo=UTC).replace(tzinfo=None)


def test_moments_are_written_with_milliseconds_and_a_zone() -> None:
    assert clock.iso(stored(12)) == "2026-02-20T12:00:00.000Z"
    assert clock.iso(stored(12, 123_999)) == "2026-02-20T12:00:00.123Z"
    assert clock.iso(None) is None


@pytest.mark.parametrize(("text", "hour"), [
    ("2026-02-20T12:00:00Z", 12), ("2026-02-20T12:00:00+03:00", 9), ("2026-02-20T12:00:00", 12), ("2026-02-20", 0)])
def test_moments_are_read_as_utc(text: str, hour: int) -> None:
    assert clock.parse(text) == stored(hour)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "0001-01-01T00:00:00+23:59",
                                  "9999-12-31T23:59:59-23:59", "\x00"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        clock.parse(text)
    assert caught.value.code == "moment_invalid"


def test_a_moment_elsewhere_is_the_same_moment_here() -> None:
    east = timezone(timedelta(hours=3))
    assert clock.naive(datetime(2026, 2, 20, 12, tzinfo=east)) == stored(9)
    assert clock.naive(stored(12)) == stored(12)


def test_a_wall_clock_follows_its_zone_and_an_unknown_zone_means_utc() -> None:
    assert clock.local("Asia/Vladivostok").utcoffset() == timedelta(hours=10)
    for unknown in ("Mars/Olympus", "", "../etc/passwd", "\x00"):
        assert clock.local(unknown).utcoffset() == timedelta(0)


@pytest.mark.parametrize(("written", "zone", "begins", "ends"), [
    ("2026-11-27", "Europe/Moscow", "2026-11-26T21:00", "2026-11-27T20:59:59.999999"),
    ("2026-11-27", "UTC", "2026-11-27T00:00", "2026-11-27T23:59:59.999999"),
    ("2026-11-27", "No/Such_Zone", "2026-11-27T00:00", "2026-11-27T23:59:59.999999"),
    ("2026-10-25", "Europe/Berlin", "2026-10-24T22:00", "2026-10-25T22:59:59.999999"),      # 25 hours long
    ("2026-11-27T10:00:00Z", "Europe/Moscow", "2026-11-27T10:00", "2026-11-27T10:00"),
    ("2026-11-27T10:00:00+03:00", "UTC", "2026-11-27T07:00", "2026-11-27T07:00"),
    ("2026-11-27T10:00:00 03:00", "UTC", "2026-11-27T07:00", "2026-11-27T07:00"),           # an unescaped + of a query
])
def test_a_bare_date_is_a_whole_day_of_the_zone(written: str, zone: str, begins: str, ends: str) -> None:
    day = clock.day_or_moment(written)
    assert (clock.first(day, zone), clock.last(day, zone)) == (
        datetime.fromisoformat(begins), datetime.fromisoformat(ends))


@pytest.mark.parametrize("written", ["", "yesterday", "2026-13-01", "27.11.2026", "1e400", "10000-01-01"])
def test_what_is_neither_a_date_nor_a_moment_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="date"):
        clock.day_or_moment(written)
