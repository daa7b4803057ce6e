"""Hours as people type them, and whether somebody is there at a moment."""

from datetime import date, datetime, timedelta

import pytest

from hub.lib import hours
from hub.lib.hours import Week

MONDAY = date(2026, 11, 30)


@pytest.mark.parametrize(("typed", "meant"), [
    ("9-18", "09:00-18:00"), (" 9:30 – 13 , 14.00—18:05 ", "09:30-13:00, 14:00-18:05"), ("18-2", "18:00-02:00"),
    ("9-24", "09:00-00:00"), ("24/7", "00:00-00:00"), ("Круглосуточно", "00:00-00:00"), ("0-24", "00:00-00:00"),
    ("", ""), ("closed", ""), ("Выходной", ""), ("-", "")])
def test_hours_are_read_as_people_write_them(typed: str, meant: str) -> None:
    assert hours.written(hours.spans(typed)) == meant
    assert hours.spans(meant) == hours.spans(typed)


@pytest.mark.parametrize("typed", ["9", "nine to five", "9-13, 12-14", "18-2, 20-22", "14-18, 9-13", "9:75-10", "25-26",
                                   "24-3", "9-18,", "9-9, 20-22", ", ".join(["1-2"] * 9)])
def test_what_is_no_hours_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=""):
        hours.spans(typed)


def week(**days: str) -> Week:
    return Week({day: hours.spans(typed) for day, typed in days.items()})


def at(day: date, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day} {clock}")


@pytest.mark.parametrize(("clock", "is_open"), [
    ("08:59", False), ("09:00", True), ("12:59", True), ("13:00", False), ("13:59", False), ("14:00", True),
    ("18:00", False)])
def test_a_break_is_a_gap(clock: str, is_open: bool) -> None:
    assert week(monday="9-13, 14-18").is_open(at(MONDAY, clock)) is is_open


@pytest.mark.parametrize(("days", "clock", "is_open"), [
    (0, "17:59", False), (0, "23:59", True), (1, "01:59", True), (1, "02:00", False), (1, "18:30", False)])
def test_hours_go_on_past_midnight_into_a_day_that_is_closed(days: int, clock: str, is_open: bool) -> None:
    assert week(monday="18-2").is_open(at(MONDAY + timedelta(days=days), clock)) is is_open


def test_round_the_clock_leaves_no_minute_out() -> None:
    always = week(**dict.fromkeys(hours.DAYS, "24/7"))
    assert all(always.is_open(at(MONDAY, clock)) for clock in ("00:00", "12:00", "23:59"))
    assert always.shown(MONDAY) == [(0, 1440)]


def test_equal_ends_are_the_whole_day_and_not_the_next_morning() -> None:
    assert week(monday="9-9").shown(MONDAY) == [(0, 1440)] and week(monday="9-9").shown(MONDAY + timedelta(1)) == []


def test_a_holiday_has_its_own_hours_in_one_year_or_in_all() -> None:
    days = {day: hours.spans("9-18") for day in hours.DAYS}
    found = Week(days, {"12-31": hours.spans("10-15"), "2027-12-31": (), "01-01": ()})
    assert found.on(date(2026, 12, 31)) == (("10:00", "15:00"),)
    assert found.on(date(2027, 12, 31)) == found.on(date(2030, 1, 1)) == ()
    assert found.is_special(date(2030, 1, 1)) and not found.is_special(MONDAY)


def test_a_holiday_of_the_leap_day_is_there_in_leap_years_and_the_days_beside_it_in_all() -> None:
    found = Week({day: hours.spans("18-2") for day in hours.DAYS}, {"02-29": hours.spans("10-12")})
    assert found.shown(date(2028, 2, 29)) == [(0, 120), (600, 720)] and found.shown(date(2028, 3, 1)) == [(1080, 1440)]
    assert found.shown(date(2027, 3, 1)) == [(0, 120), (1080, 1440)]


def test_whoever_is_open_past_midnight_is_so_into_a_holiday() -> None:
    late = Week({day: hours.spans("18-2") for day in hours.DAYS}, {"2026-12-01": ()})
    assert late.is_open(at(date(2026, 12, 1), "01:00")) and not late.is_open(at(date(2026, 12, 1), "19:00"))
    assert late.shown(date(2026, 12, 1)) == [(0, 120)]
