"""The schedule: what is due once in a period runs once, whatever restarts, and is repeated when it failed."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from hub import queue
from hub.lib import clock
from hub.models.platform.scheduled_run import ScheduledRun
from hub.queue import Job
from hub.services import work
from hub.services.platform import scheduled, sweep
from jobs import clock as ticking
from jobs.schedule import Once, schedule
from tests.services import steps

pytestmark = pytest.mark.usefixtures("app")
_DAY, _SATURDAY = timedelta(days=1), datetime.fromisoformat("2026-11-28T10:30:00")


@pytest.mark.parametrize(("period", "slot"), [
    (timedelta(hours=1), "2026-11-28T10:00:00"), (timedelta(hours=6), "2026-11-28T06:00:00"),
    (_DAY, "2026-11-28T00:00:00"), (timedelta(days=7), "2026-11-22T00:00:00")])
def test_a_period_begins_at_the_hour_at_midnight_or_on_sunday(period: timedelta, slot: str) -> None:
    line = Once(Job.TIDY, period)
    assert line.slot(_SATURDAY) == datetime.fromisoformat(slot)
    assert line.slot(datetime.fromisoformat(slot)) == datetime.fromisoformat(slot)
    assert line.slot(datetime.fromisoformat(slot) - timedelta(seconds=1)) == datetime.fromisoformat(slot) - period


def start_clock(lines: list[Any]) -> None:
    """A clock process that starts, ticks twice and ends."""
    last = ticking._Last({}, {})
    for moment in (100.0, 100.25):
        ticking._tick(lines, last, moment)


def test_a_restart_does_not_run_it_again_and_the_next_day_does(settings: Any) -> None:
    lines = [Once(Job.TIDY, _DAY)]
    with time_machine.travel(_SATURDAY, tick=False):
        for _ in range(5):
            start_clock(lines)
    assert queue.waiting(Job.TIDY) == 1
    with time_machine.travel(_SATURDAY + timedelta(hours=14), tick=False):
        start_clock(lines)
    assert queue.waiting(Job.TIDY) == 2 and ScheduledRun.select().count() == 1


@pytest.mark.parametrize("first", ["2026-10-24", "2027-03-27", "2028-02-28", "2026-12-31"])
def test_each_day_has_one_run_when_clocks_change_in_leap_years_and_at_the_end_of_a_year(first: str) -> None:
    """On a machine that lies in Berlin, looked at every half hour of three days."""
    for half_hours in range(3 * 48):
        moment = datetime.fromisoformat(f"{first}T00:00Z") + half_hours * timedelta(minutes=30)
        with time_machine.travel(moment.astimezone(ZoneInfo("Europe/Berlin")), tick=False):
            start_clock([Once(Job.TIDY, _DAY)])
    assert queue.waiting(Job.TIDY) == 3


def test_two_clocks_at_once_ask_for_it_once() -> None:
    with time_machine.travel(_SATURDAY, tick=False):
        got = steps.good(steps.at_once(*[lambda: scheduled.begin(Job.TIDY, clock.now(), _DAY)] * 6))
    assert sum(got) == 1 and queue.waiting(Job.TIDY) == 1


def test_a_clock_set_back_does_not_repeat_it_and_one_set_far_ahead_does_not_end_it() -> None:
    slot = Once(Job.TIDY, _DAY).slot
    for moment, begins in ((_SATURDAY, True), (_SATURDAY - _DAY, False), (_SATURDAY + 400 * _DAY, True),
                           (_SATURDAY, True), (_SATURDAY, False)):
        with time_machine.travel(moment, tick=False):
            assert scheduled.begin(Job.TIDY, slot(moment), _DAY) is begins, moment


def test_a_run_whose_hint_was_lost_is_found_and_done_once() -> None:
    scheduled.begin(Job.TIDY, clock.now(), _DAY)
    queue.redis().flushall()
    with time_machine.travel(clock.ahead(6), tick=True):
        assert sweep.sweep() == 1 and queue.waiting(Job.TIDY) == 1
        run = ScheduledRun.get()
        with scheduled.taken(run.id) as mine, scheduled.taken(run.id) as other:
            assert (mine, other) == (True, False)
        with scheduled.taken(run.id) as again:
            assert again is False
    assert (steps.fresh(run).state, steps.fresh(run).attempts) == ("done", 1)


def test_a_run_that_failed_is_tried_again() -> None:
    scheduled.begin(Job.TIDY, clock.now(), _DAY)
    run = ScheduledRun.get()
    with pytest.raises(RuntimeError), scheduled.taken(run.id):
        raise RuntimeError("The disk is full.")
    assert (steps.fresh(run).state, steps.fresh(run).error) == ("queued", "The disk is full.")
    with time_machine.travel(clock.ahead(scheduled.RUNS.back_off_s[0] + 1), tick=True):
        sweep.tidy(run.id)
    assert steps.fresh(run).state == "done"


def test_a_killed_run_is_free_when_its_lease_ends() -> None:
    scheduled.begin(Job.TIDY, clock.now(), _DAY)
    assert work.claim(scheduled.RUNS, ScheduledRun.get().id) is not None
    with time_machine.travel(clock.ahead(work.LASTS_S + 6), tick=True):
        assert sweep.sweep() == 1


def test_the_schedule_has_every_job_once(settings: Any) -> None:
    jobs = [line.job for line in schedule(settings)]
    assert len(jobs) == len(set(jobs)) and {Job.SWEEP, Job.TIDY} <= set(jobs)
