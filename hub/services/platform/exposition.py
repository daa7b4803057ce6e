"""The hub's numbers for machines that watch it: one list, as JSON and in Prometheus' text format."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from redis import RedisError

from hub.lib import machine, meter
from hub.lib.cache import Cache
from hub.lib.meter import BOUNDS, Counts
from hub.models.base import Away, discard
from hub.models.customers.customer import Customer
from hub.models.customers.customer_note import CustomerNote
from hub.queue import LANES
from hub.services.platform import backlog, health, traffic
from hub.settings import current_settings

# Counting reads whole tables: once a minute is enough.
_people: Cache[str, tuple[int, int]] = Cache(60)
Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Family:
    """One metric, as https://prometheus.io/docs/instrumenting/exposition_formats has it: samples are (ending, labels,
    value)."""

    name: str
    kind: str
    says: str
    samples: list[tuple[str, Labels, float]] = field(default_factory=list)


def families(began: float, process_id: int) -> list[Family]:
    """All of them; what does not answer is left out, and its `parley_up` is 0."""
    whole = health.whole()
    return [_gauge("parley_uptime_seconds", "Since this process began", round(time.monotonic() - began, 1)),
            _gauge("parley_rss_megabytes", "Memory of this process", machine.rss_bytes() // 1024 // 1024),
            _gauge("parley_process_id", "The process that was asked", process_id),
            *_parts(whole), *_processes(whole), *_disk(), *_queues(whole), *_work(whole), *_done(whole)]


def _gauge(name: str, says: str, value: float) -> Family:
    return Family(name, "gauge", says, [("", (), value)])


def _by(name: str, says: str, label: str, values: Iterable[tuple[str, float]], kind: str = "gauge") -> Family:
    return Family(name, kind, says, [("", ((label, key),), value) for key, value in values])


def _parts(whole: health.Whole) -> list[Family]:
    parts = {"database": whole.database, "redis": whole.redis, "chroma": whole.chroma}
    return [_by("parley_up", "Does this part answer?", "part", [(name, int(one.ok)) for name, one in parts.items()]),
            _by("parley_round_trip_seconds", "How long this part took to answer just now", "part",
                [(name, one.ms / 1000) for name, one in parts.items() if one.ok]),
            *([_gauge("parley_database_bytes", "Size of the database", whole.database.facts["bytes"])]
              if whole.database.ok else []),
            *([_gauge("parley_redis_memory_bytes", "Memory that Redis uses", whole.redis.facts["used_memory"])]
              if whole.redis.ok else [])]


def _processes(whole: health.Whole) -> list[Family]:
    kinds = sorted({one.kind for one in whole.processes})
    per = {kind: [one for one in whole.processes if one.kind == kind] for kind in kinds}
    return [_by("parley_processes", "Processes that are alive", "kind", [(kind, len(per[kind])) for kind in kinds]),
            _by("parley_memory_bytes", "Resident memory of all processes", "kind",
                [(kind, sum(one.rss for one in per[kind])) for kind in kinds]),
            _by("parley_cpu_seconds", "Processor time of the living processes", "kind",
                [(kind, round(sum(one.cpu for one in per[kind]), 2)) for kind in kinds]),
            _gauge("parley_open_streams", "Open pages: sockets and event streams", whole.streams),
            _gauge("parley_database_connections", "Connections to the database", whole.database_busy),
            _gauge("parley_database_connections_limit", "How many the processes may open", whole.database_most)]


def _disk() -> list[Family]:
    size, free = machine.disk_bytes(current_settings().data_dir)
    return [_gauge("parley_disk_bytes", "Disk that the data folder is on", size),
            _gauge("parley_disk_free_bytes", "What is free of it", free)]


def _queues(whole: health.Whole) -> list[Family]:
    try:
        lengths = backlog.queues() if whole.redis.ok else {}
    except RedisError:
        lengths = {}
    if not lengths:
        return []
    return [_by("parley_queue_length", "Hints that wait in a lane", "queue",
                [(name, lengths[name]) for name in (*LANES, "later")])]


def _work(whole: health.Whole) -> list[Family]:
    if not whole.database.ok:
        return []
    try:
        found, people = backlog.of_all(), _people.of("", _count_people)
    except Away:
        discard()
        return []
    return [_by("parley_work_due", "Rows whose moment has come", "kind", [(one.name, one.due) for one in found]),
            _by("parley_work_oldest_due_seconds", "For how long the oldest of them has waited", "kind",
                [(one.name, one.oldest_s) for one in found]),
            _by("parley_work_failed", "Rows that failed for good", "kind", [(one.name, one.failed) for one in found]),
            _gauge("parley_customers", "Customers that are remembered", people[0]),
            _gauge("parley_customer_notes", "What is noted of them", people[1])]


def _count_people() -> tuple[int, int]:
    return Customer.select().count(), CustomerNote.select().count()


def _done(whole: health.Whole) -> list[Family]:
    try:
        counts = traffic.total() if whole.redis.ok else {}
    except RedisError:
        counts = {}
    return [_durations("parley_http_request_duration_seconds", "Requests of all processes", "http ",
                       ("part", "status"), counts),
            _durations("parley_job_duration_seconds", "Jobs of all workers", "job ", ("queue", "outcome"), counts)]


def _durations(name: str, says: str, prefix: str, labels: tuple[str, str], counts: Counts) -> Family:
    pairs = sorted({(key.what, key.outcome) for key in counts if key.what.startswith(prefix)})
    return Family(name, "histogram", says, [
        sample for what, outcome in pairs
        for sample in _classes(((labels[0], what.removeprefix(prefix)), (labels[1], outcome)),
                              meter.histogram(_only(counts, what, outcome)))])


def _only(counts: Counts, what: str, outcome: str) -> Counts:
    return {key: count for key, count in counts.items() if (key.what, key.outcome) == (what, outcome)}


def _classes(labels: Labels, found: meter.Histogram) -> Iterator[tuple[str, Labels, float]]:
    for index, bound in enumerate((*map(str, BOUNDS), "+Inf"), 1):
        yield "_bucket", (*labels, ("le", bound)), sum(found.classes[:index])
    yield "_sum", labels, round(found.seconds, 6)
    yield "_count", labels, found.times


def as_text(found: Iterable[Family]) -> str:
    """In Prometheus' text format."""
    return "".join(text_line for family in found if family.samples for text_line in (
        f"# HELP {family.name} {family.says}\n# TYPE {family.name} {family.kind}\n",
        *(f"{name} {value}\n" for name, value in _named(family))))


def as_values(found: Iterable[Family]) -> dict[str, float]:
    """The same by name, for JSON."""
    return {name: value for family in found for name, value in _named(family)}


def _named(family: Family) -> Iterator[tuple[str, float]]:
    for ending, labels, value in family.samples:
        told = ",".join(f'{key}="{text}"' for key, text in labels)
        yield f"{family.name}{ending}{{{told}}}" if told else f"{family.name}{ending}", value
