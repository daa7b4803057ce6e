"""Work is queued by name: every name must lead somewhere, and every lane must know its jobs."""

from importlib import import_module

from hub.queue import LANES, Job
from hub.settings import Settings
from jobs.schedule import schedule


def test_every_job_name_leads_to_a_function() -> None:
    for job in Job:
        module, name = str(job).rsplit(".", 1)
        assert callable(getattr(import_module(module), name)), job


def test_every_job_waits_in_exactly_one_lane() -> None:
    assert sorted(job for lane in LANES.values() for job in lane.jobs) == sorted(Job)


def test_the_schedule_names_jobs_and_sane_intervals() -> None:
    for item in schedule(Settings(session_secret="x" * 32)):
        assert item.job in Job and item.seconds >= 1


def test_the_lanes_are_those_that_were_measured() -> None:
    assert {name: lane.greenlets for name, lane in LANES.items()} == {
        "messages": 10, "answers": 10, "deliveries": 10, "knowledge": 2, "notices": 5}
