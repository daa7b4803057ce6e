"""(a) Sockets held by two web processes, and a line's way from visitor to operator while they are held."""

from collections.abc import Iterator

from scripts.benchmarks import apart, business, holding
from scripts.benchmarks.figure import Bar, Figure, Size, ms, percentile
from scripts.benchmarks.holding import Held, Job
from scripts.benchmarks.world import Hub, World

KEY = "a"
_ECHO_BAR_AT, _PONGS_BAR_AT = 5_000, 10_000


def measure(world: World, size: Size) -> Iterator[Figure]:
    with world.hub() as hub:
        ours = apart.run(holding.hold, _ours(hub, size))
        with world.bare(hub.env) as port:
            bare = apart.run(holding.hold, Job(port, "/echo", size.sockets, size.echo_s))
    for one, other in zip(ours, bare, strict=True):
        yield from _figures(world, one, other)


def _ours(hub: Hub, size: Size) -> Job:
    result = business.make(hub.env)
    return Job(hub.port, f"/widget/live?site={result.site}", size.sockets, size.echo_s, cookie=result.cookie,
               tokens=tuple(business.visitors(hub.env, result, max(size.sockets))),
               speakers=tuple(business.visitors(hub.env, result, 50)), pids=tuple(hub.web()))


def _figures(world: World, ours: Held, bare: Held) -> Iterator[Figure]:
    held = f"{ours.sockets:,} sockets held"
    lost = f"{ours.lost} lines were not heard" if ours.lost else f"all {len(ours.echoes)} lines heard"
    against = "flask-sock echo"
    for share, bar in ((0.5, None), (0.99, Bar(100) if ours.sockets == _ECHO_BAR_AT else None)):
        yield Figure(KEY, f"{held}: visitor's line to operator, p{share * 100:.0f}", ms(percentile(ours.echoes, share)),
                     "ms", bar, ms(percentile(bare.echoes, share)), against, world.database, lost)
    yield Figure(KEY, f"{held}: answer a ping", ours.pongs, "", Bar(ours.sockets, at_least=True), bare.pongs, against,
                 world.database, f"the last after {ours.pongs_s:.1f} s ({bare.pongs_s:.1f} s bare)")
    yield Figure(KEY, f"{held}: memory of the web processes", ours.pss_mb, "MB", database=world.database,
                 note=f"opened at {ours.sockets / ours.opened_s:.0f}/s" if ours.opened_s else "")
