"""(b) Durable inbound lines per second, committed before they are answered, against a bare INSERT."""

from collections.abc import Iterator
from dataclasses import replace

from hub.models.base import connection, db
from hub.settings import current_settings
from scripts.benchmarks import apart, business, posting, statements
from scripts.benchmarks.figure import Bar, Figure, Size, median
from scripts.benchmarks.posting import Job, Posted
from scripts.benchmarks.world import World

KEY = "b"
_CONNECTIONS, _VISITORS = 32, 800


def measure(world: World, size: Size) -> Iterator[Figure]:
    with world.hub() as hub:
        result = business.make(hub.env)
        tokens = tuple(business.visitors(hub.env, result, _VISITORS))
        _make_table()
        with world.bare(hub.env) as port:
            ours = Job(hub.port, "/widget/messages", tokens, _CONNECTIONS, size.round_s, "line")
            bare = replace(ours, port=port, path="/insert")
            _posted(replace(ours, seconds=max(1.0, size.round_s / 2), prefix="warm"))   # conversations begin
            _posted(replace(bare, seconds=0.5, prefix="warm"))
            # In turn, so that what else the machine does falls on both alike.
            rounds = [(_posted(replace(ours, prefix=f"line{number}")), _posted(replace(bare, prefix=f"bare{number}")))
                      for number in range(size.rounds)]
    yield _figure(world, rounds)


def _make_table() -> None:
    with connection():
        db.execute_sql(statements.table(current_settings().sqlite))


def _posted(job: Job) -> Posted:
    found = apart.run(posting.post, job)
    if found.refused:
        raise RuntimeError(f"not every line was taken: {found.refused[0]}")
    return found


def _figure(world: World, rounds: list[tuple[Posted, Posted]]) -> Figure:
    ratios = sorted(ours.rate / bare.rate for ours, bare in rounds)
    busiest = max(one.cpu_s / one.seconds for pair in rounds for one in pair)
    return Figure(KEY, f"durable inbound lines, {_CONNECTIONS} connections", median([ours.rate for ours, _ in rounds]),
                  "/s", Bar(0.6, at_least=True, of_ratio=True), median([bare.rate for _, bare in rounds]),
                  "bare Flask route, one INSERT", world.database,
                  f"ratio by round {', '.join(f'{ratio:.2f}' for ratio in ratios)}; "
                  f"load client at most {busiest:.0%} of a core")
