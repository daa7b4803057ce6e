"""Work for later: which jobs there are, on which queue each waits, and how to ask for one by name."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

import structlog
from redis import ConnectionError, ConnectionPool, Redis, RedisError, TimeoutError
from redis.client import Pipeline
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.job import Job as RqJob
from rq.serializers import JSONSerializer

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Lane:
    """A queue with greenlets of its own, so that no lane waits for another: how many of its jobs one worker process
    runs at a time, and how many seconds one may take."""

    greenlets: int
    timeout_s: int


LANES: dict[str, Lane] = {
    "message-processing": Lane(10, 30),         # what providers posted
    "ai-generation": Lane(10, 40),
    "deliveries": Lane(10, 60),                 # lines on their way to messengers
    "chain-execution": Lane(3, 60),
    "knowledge-base-indexing": Lane(2, 300),
    "crm-sync": Lane(2, 120),
    "notifications": Lane(5, 60),
    "long-tasks": Lane(2, 3600),                # work with progress that people watch
    "proxy-checks": Lane(2, 30),                # a check that fails takes ten seconds: nobody waits behind it
    "maintenance": Lane(2, 60),                 # what the schedule asks for
}


class Job(StrEnum):
    """Every job, once: its function below `hub.services`, which takes the id of one row, and the lane it waits in."""

    lane: str

    def __new__(cls, function: str, lane: str) -> "Job":
        job = str.__new__(cls, function)
        job._value_, job.lane = function, lane
        return job

    PROCESS_INBOUND = "channels.webhooks.process", "message-processing"     # inbound event -> message
    ANSWER = "agents.answer.answer", "ai-generation"                        # customer's line -> the AI's turn
    DELIVER = "conversations.deliver.deliver", "deliveries"                 # delivery -> the channel
    INDEX = "knowledge.knowledge.index", "knowledge-base-indexing"          # knowledge doc -> chunks and vectors
    RESTORE = "knowledge.reindex.restore", "long-tasks"                     # task -> the vectors that an index lost
    SMOKE_TEST = "accounts.onboarding_smoke.run", "long-tasks"              # task -> questions put to the AI
    CHECK_SITE = "channels.site_check.run", "long-tasks"                    # task -> is the chat on a page?
    CHECK_INDEXES = "knowledge.reindex.check_all", "knowledge-base-indexing"        # of every business
    SEND_MAIL = "platform.mail.deliver", "notifications"                    # letter -> the mail server
    RESUME = "conversations.human_replies.resume", "maintenance"            # pauses of the AI that are over
    CHECK_PROXY = "platform.proxy_checks.check", "proxy-checks"             # does a proxy bring something through?
    ERASE_PERSON = "customers.erasing.run", "long-tasks"                    # task -> nothing tells of a customer
    ERASE_TENANT = "accounts.closing.erase", "long-tasks"                   # business -> nothing
    EXPORT = "platform.exports.run", "long-tasks"                           # task -> a ZIP of all that is stored
    SWEEP = "platform.sweep.sweep", "maintenance"                           # everything that is due and was forgotten
    TIDY = "platform.sweep.tidy", "maintenance"                             # expired sessions, tokens and keys
    CLEAN = "platform.retention.clean", "long-tasks"                        # what was kept long enough
    UPDATE = "platform.updating.run", "long-tasks"                          # update -> another release that runs
    MEASURE = "platform.history.measure", "maintenance"                     # what the hub holds, for the pictures


JOBS: dict[str, Job] = {str(job): job for job in Job}
# What RQ calls for every job (a function of jobs/run.py), with the job's name and the row's id.
RUN = "jobs.run.run"
# Long enough to look at, short enough that Redis stays small: rows are the record, not jobs.
_KEEP_RESULT_S, _KEEP_FAILURE_S = 0, 24 * 3600
# Hints for later, by the moment they are due. RQ's own schedule rounds down to whole seconds: they would come too soon.
LATER, _AT_ONCE = "parley:later", 500

# How long a Redis that did not answer in time is left alone: the next ones need not wait for it as long again.
_SILENT_S = 2.0


class OwnJob(RqJob):
    """Runs what the hub asks for and nothing else, whatever somebody who reached Redis wrote into a queue."""

    success_callback = failure_callback = stopped_callback = None     # they too would be functions of any name

    def send_webhooks(self, *_: object, **__: object) -> None:
        """Nor does it call addresses."""

    @property
    def func(self) -> Any:
        if self.func_name != RUN or self.instance:
            raise ValueError("This job is not the hub's.")
        return super().func


class _FailFast(Retry):
    """Tries once more over a connection that broke; asks nothing of a Redis that was silent a moment ago."""

    def __init__(self) -> None:
        super().__init__(NoBackoff(), 1, (ConnectionError,))
        self._until = 0.0

    def call_with_retry(self, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < self._until:
            raise ConnectionError("Redis did not answer a moment ago.")
        try:
            return super().call_with_retry(*args, **kwargs)
        except TimeoutError:
            self._until = time.monotonic() + _SILENT_S
            raise

    def __deepcopy__(self, memo: object) -> "_FailFast":
        return self         # redis-py copies it for every connection; what one learns is for all


_redis: Redis | None = None
_queues: dict[str, Queue] = {}


def connect(url: str) -> Redis:
    """Use the Redis at `url` from now on. Nothing is opened yet."""
    global _redis
    # Short timeouts: a request must not wait for a Redis that is away, the sweeper makes up for it.
    _redis = Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, health_check_interval=30,
                            retry=_FailFast())
    _queues.clear()
    _queues.update({name: Queue(name, connection=_redis, serializer=JSONSerializer, default_timeout=lane.timeout_s,
                                job_class=OwnJob)
                    for name, lane in LANES.items()})
    return _redis


def redis() -> Redis:
    if _redis is None:
        raise RuntimeError("queue.connect() has not been called")
    return _redis


def subscriber() -> Redis:
    """A Redis connection of its own for listening: no read timeout, or silence would look like an outage.

    And retries of its own: that a command was slow says nothing about a connection that still works.
    """
    kwargs = {**redis().connection_pool.connection_kwargs, "socket_timeout": None,
              "retry": Retry(NoBackoff(), 1, (ConnectionError,))}
    return Redis(connection_pool=ConnectionPool(connection_class=redis().connection_pool.connection_class, **kwargs))


def fields(key: str) -> dict[bytes, bytes]:
    """A hash of Redis, whole. Raises RedisError."""
    return cast(dict[bytes, bytes], redis().hgetall(key))


def queues() -> dict[str, Queue]:
    return _queues


def later(job: Job, row_id: int, after: float = 0) -> bool:
    """Hint that `job` should run for a row, `after` seconds from now at the earliest.

    A hint may be lost: the row says what is due and the sweeper looks there. False when Redis is away.
    """
    return later_all([(job, row_id, after)])


def later_all(hints: Iterable[tuple[Job, int, float]]) -> bool:
    """Several hints in one round trip."""
    try:
        with redis().pipeline() as pipe:
            put(pipe, hints)
            pipe.execute()
        return True
    except RedisError as error:
        log.warning("queue.away", error=type(error).__name__)
        return False


def put(pipe: Pipeline, hints: Iterable[tuple[Job, int, float]]) -> None:
    """Hints among the first commands of somebody's round trip."""
    pipe.multi()        # RQ says it before its first job, and redis-py refuses it after any other command
    for job, row_id, after in hints:
        _put(job, row_id, after, pipe)


def _put(job: Job, row_id: int, after: float, pipe: Pipeline) -> None:
    if after > 0:
        pipe.zadd(LATER, {f"{job} {row_id}": time.time() + after})
        return
    result = OwnJob.create(RUN, args=(str(job), row_id), connection=redis(), origin=job.lane,
                           timeout=LANES[job.lane].timeout_s, result_ttl=_KEEP_RESULT_S,
                           failure_ttl=_KEEP_FAILURE_S, serializer=JSONSerializer, description=f"{job} {row_id}")
    _queues[job.lane].enqueue_job(result, pipeline=pipe)


def release_due() -> None:
    """Queue the hints whose moment has come; the clock does this. Raises RedisError."""
    due: Any = redis().zrangebyscore(LATER, 0, time.time(), start=0, num=_AT_ONCE)
    if not due:
        return
    with redis().pipeline() as pipe:
        pipe.multi()
        pipe.zrem(LATER, *due)
        for hint in due:
            job, row_id = hint.decode().split(" ")
            if job in JOBS:         # else it is of another release: the row still says what is due
                _put(JOBS[job], int(row_id), 0, pipe)
        pipe.execute()


def waiting(job: Job) -> int:
    """How many hints wait in the lane of `job`; 0 when Redis is away."""
    try:
        return int(redis().llen(_queues[job.lane].key))
    except RedisError:
        return 0
