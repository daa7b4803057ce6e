"""(b) Durable inbound lines, committed before they are answered, against a bare INSERT: how many, and one at a time."""

from collections.abc import Iterator
from dataclasses import replace

from hub.models.base import connection, db
from hub.settings import current_settings
from scripts.benchmarks import apart, business, posting, statements
from scripts.benchmarks.figure import Bar, Figure, Size, median, ms, percentile
from scripts.benchmarks.posting import Job, Posted
from scripts.benchmarks.world import World

KEY = "b"
_CONNECTIONS = 32


def measure(world: World, size: Size) -> Iterator[Figure]:
    with world.hub() as hub:
        result = business.make(hub.env)
        tokens = tuple(business.visitors(hub.env, result, size.visitors))
        _make_table()
        with world.bare(hub.env) as port:
            ours = Job(hub.port, "/widget/messages", tokens, _CONNECTIONS, size.round_s, "line")
            bare = replace(ours, port=port, path="/insert")
            _begin(ours)
            _posted(replace(bare, seconds=0.5, prefix="warm"))
            many = _rounds(ours, bare, size.rounds, "many")
            one = _rounds(replace(ours, connections=1), replace(bare, connections=1), size.rounds, "one")
    yield _many(world, many)
    yield from (_one(world, one, share) for share in (0.5, 0.99))


def _begin(job: Job) -> None:
    """Every visitor's conversation begins before anything is measured."""
    begun = 0
    while begun < len(job.tokens):
        begun += _posted(replace(job, tokens=job.tokens[begun:], seconds=max(1.0, job.seconds / 2),
                                 prefix=f"first{begun}")).done


def _rounds(ours: Job, bare: Job, count: int, prefix: str) -> list[tuple[Posted, Posted]]:
    """In turn, so that what else the machine does falls on both alike."""
    return [(_posted(replace(ours, prefix=f"{prefix}{number}")), _posted(replace(bare, prefix=f"{prefix}-b{number}")))
            for number in range(count)]


def _make_table() -> None:
    with connection():
        db.execute_sql(statements.table(current_settings().sqlite))


def _posted(job: Job) -> Posted:
    found = apart.run(posting.post, job)
    if found.refused:
        raise RuntimeError(f"not every line was taken: {found.refused[0]}")
    return found


def _many(world: World, rounds: list[tuple[Posted, Posted]]) -> Figure:
    ratios = sorted(ours.rate / bare.rate for ours, bare in rounds)
    busiest = max(one.cpu_s / one.seconds for pair in rounds for one in pair)
    return Figure(KEY, f"durable inbound lines, {_CONNECTIONS} connections", median([ours.rate for ours, _ in rounds]),
                  "/s", Bar(0.6, at_least=True, of_ratio=True), median([bare.rate for _, bare in rounds]),
                  "bare Flask route, one INSERT", world.database,
                  f"ratio by round {', '.join(f'{ratio:.2f}' for ratio in ratios)}; "
                  f"load client at most {busiest:.0%} of a core")


def _one(world: World, rounds: list[tuple[Posted, Posted]], share: float) -> Figure:
    """What somebody waits who is alone: nothing is shared with anybody, and nobody is in the way."""
    ours, bare = ([ms(percentile(one.waits, share)) for one in side] for side in zip(*rounds, strict=True))
    ratios = sorted(mine / theirs for mine, theirs in zip(ours, bare, strict=True))
    return Figure(KEY, f"one client's line, p{share * 100:.0f}", median(ours), "ms", Bar(3, of_ratio=True),
                  median(bare), "bare Flask route, one INSERT", world.database,
                  f"ratio by round {', '.join(f'{ratio:.2f}' for ratio in ratios)}")
