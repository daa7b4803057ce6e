"""`python -m jobs.worker`: many RQ workers as greenlets of one process, each listening to one queue.

One queue per worker because only then RQ takes a job with BLMOVE; with several it uses BLPOP, and a kill between two
steps loses the job. A job's timeout is a gevent.Timeout: signals reach only the main greenlet.
"""

import jobs.gevent_patch  # isort: skip
import os
import signal
import sys
from collections.abc import Iterator
from importlib import import_module

import gevent
import structlog
from redis import Redis, RedisError
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from rq.timeouts import BaseDeathPenalty

from hub.models.base import Away, connection
from hub.queue import LANES, Job, OwnJob
from hub.services import work
from hub.services.platform import traffic
from hub.services.start import program
from jobs import clock, heartbeat, run
from jobs.schedule import schedule

log = structlog.get_logger(__name__)
_GRACE_S = 20
_REPEAT_S = 5


class GeventDeathPenalty(BaseDeathPenalty):
    """Ends a job that takes too long, wherever it waits; again and again, because a library may swallow it once."""

    def setup_death_penalty(self) -> None:
        self._timer = gevent.get_hub().loop.timer(self._timeout, repeat=_REPEAT_S)
        self._timer.start(gevent.getcurrent().throw, self._exception(f"The job took longer than {self._timeout} s."))

    def cancel_death_penalty(self) -> None:
        self._timer.stop()
        self._timer.close()


class GreenletWorker(SimpleWorker):
    """One RQ worker inside a greenlet: no signal handlers, no fork, no scheduler of its own."""

    death_penalty_class, job_class = GeventDeathPenalty, OwnJob
    max_connection_wait_time = 2.0      # RQ waits up to a minute for a Redis that has long been back

    def _install_signal_handlers(self) -> None:
        """Signals belong to the process; main() handles them."""


def _connection(url: str) -> Redis:
    # Blocking reads of RQ last minutes; redis-py 8 would end them after five seconds by default.
    return Redis.from_url(url, socket_timeout=None, socket_connect_timeout=5, health_check_interval=30)


def _work(name: str, url: str, workers: set[GreenletWorker]) -> None:
    """Work until told to stop. RQ's own loop also ends, without an error, when Redis goes away under a running job."""
    while True:
        try:
            worker = GreenletWorker([name], connection=_connection(url), serializer=JSONSerializer,
                                    exception_handlers=[], disable_default_exception_handler=False)
            workers.add(worker)
            try:
                worker.work(with_scheduler=False, logging_level="ERROR")
            finally:
                workers.discard(worker)
            if worker._stop_requested:
                return
        except (RedisError, OSError) as error:
            log.warning("worker.redis_away", queue=name, error=type(error).__name__)
        gevent.sleep(1)


def _stop(workers: set[GreenletWorker]) -> None:
    """Take no more jobs, let the running ones end."""
    for worker in workers:
        worker._stop_requested = True
    with gevent.Timeout(_GRACE_S, False):
        while _busy(workers):
            gevent.sleep(0.1)
    log.info("worker.stopped", unfinished=_busy(workers))
    os._exit(0)         # greenlets that wait for a job hold nothing worth closing


def _busy(workers: set[GreenletWorker]) -> int:
    return sum(worker.get_state() == "busy" for worker in workers)


def _keep_claims() -> None:
    """What this process works on stays its own for as long as it lives."""
    while True:
        try:
            with connection():
                work.renew()
        except Away as error:
            log.warning("worker.database_away", error=type(error).__name__)
        gevent.sleep(work.EVERY_S)


def lanes() -> Iterator[str]:
    """A queue's name once for each greenlet it gets; a lane without jobs gets none."""
    for name in {job.lane: None for job in Job}:
        yield from [name] * LANES[name].greenlets


def main() -> int:
    settings = program(os.environ)
    assert jobs.gevent_patch       # imported first, for what it does
    workers: set[GreenletWorker] = set()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, _stop, workers)
    gevent.spawn(heartbeat.forever, "worker")
    gevent.spawn(traffic.forever, "worker")
    gevent.spawn(_keep_claims)
    gevent.spawn(clock.run, schedule(settings))
    gevent.sleep(0)             # the first heartbeat need not wait for what follows
    for job in Job:
        run.function(job)       # imported before there is one: its time is limited
    if settings.openai_api_key:
        import_module("openai")     # 0.8 s that the first customer shall not wait for; 27 MB only where it is used
    gevent.joinall([gevent.spawn(_work, name, settings.redis_url, workers) for name in lanes()])
    return 0

if __name__ == "__main__":
    sys.exit(main())
