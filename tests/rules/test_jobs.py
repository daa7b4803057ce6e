"""Work is queued by name: every name must lead somewhere, and every lane must be known."""

from inspect import signature

from hub.queue import LANES, Job
from hub.services.platform import sweep
from hub.settings import Settings
from jobs import run
from jobs.schedule import Often, schedule


def test_every_job_is_a_function_that_takes_one_id() -> None:
    for job in Job:
        assert len(signature(run.function(job)).parameters) == 1, job


def test_every_job_waits_in_a_lane_and_is_named_once() -> None:
    assert all(job.lane in LANES for job in Job)
    assert len({run.function(job) for job in Job}) == len(list(Job))


def test_the_schedule_names_jobs_and_sane_intervals() -> None:
    for line in schedule(Settings(session_secret="x" * 32)):
        assert line.job in Job
        assert line.seconds >= 1 if isinstance(line, Often) else line.period.total_seconds() >= 3600


def test_the_lanes_are_the_documented_ones_and_those_that_were_measured() -> None:
    assert {name: lane.greenlets for name, lane in LANES.items()} == {
        "message-processing": 10, "ai-generation": 10, "deliveries": 10, "chain-execution": 3,
        "knowledge-base-indexing": 2, "crm-sync": 2, "notifications": 5, "long-tasks": 2, "proxy-checks": 2,
        "maintenance": 2}


def test_every_kind_of_work_has_one_job_that_no_other_has() -> None:
    jobs = [kind.job for kind in sweep.kinds()]
    assert len(jobs) == len(set(jobs)) and {Job.PROCESS_INBOUND, Job.ANSWER, Job.DELIVER, Job.INDEX} <= set(jobs)
