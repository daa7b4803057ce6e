"""Looks for work that is due and was forgotten: after FLUSHALL, a killed worker, a Redis that was away."""

from functools import cache

from hub import queue, services
from hub.lib import clock, discover
from hub.models.conversations.message import Message
from hub.models.conversations.turn import Turn
from hub.queue import Job
from hub.services import files, work
from hub.services.agents import statistics
from hub.services.platform import catch_up, retention, scheduled

_AT_ONCE = 500
# No turn takes so long: its worker is gone, and a newer line took over what it owed.
_TURN_ENDS_S = 600
# Work this fresh has a hint on its way; asking again would only run it twice for nothing.
_GRACE_S = 5.0


def sweep(_: int = 0) -> int:
    """Queue what is due; how much there was. A lane with much to do already is not given the same again."""
    moment = clock.ahead(-_GRACE_S)
    catch_up.catch_up()
    statistics.count()
    catch_up.index_lines()
    found = [(job, row_id, 0.0) for kind in kinds() if _has_room(kind)
             for job, row_id in work.forgotten(kind, moment, _AT_ONCE)]
    if found:
        queue.later_all(found)
    return len(found)


@cache
def kinds() -> tuple[work.Kind, ...]:
    """Every kind of work that is a row, found in the services."""
    found = {kind for module in discover.modules(services) for kind in discover.instances(module, work.Kind)}
    return tuple(sorted(found, key=lambda kind: kind.model.__name__))


def _has_room(kind: work.Kind) -> bool:
    return not isinstance(kind.job, Job) or queue.waiting(kind.job) < _AT_ONCE


def tidy(run_id: int) -> None:
    """Delete what has expired, end what nobody ended."""
    with scheduled.taken(run_id) as mine:
        if mine:
            _tidy()


def _tidy() -> None:
    retention.expire()
    covered = Message.select(Message.id).where(Message.answer_at.is_null())
    (Turn.update(state="overtaken", reason="newer_line")
     .where(Turn.state == "running", Turn.created_at < clock.ahead(-_TURN_ENDS_S), Turn.question.in_(covered))
     .execute())
    files.tidy()
