"""(c) What the hub adds to the model's own time, and how fast it answers without a model."""

import json
from collections.abc import Iterator
from itertools import cycle, islice

from scripts.benchmarks import apart, asking, business
from scripts.benchmarks.asking import Answered, Job
from scripts.benchmarks.figure import Bar, Figure, Size, ms, percentile
from scripts.benchmarks.world import Hub, World
from scripts.options import ROOT
from tests.fakes import Call, FakeClient, FakeProcess

KEY = "c"
_WARM = 4           # the first questions load the clients of the model and of Chroma


def measure(world: World, size: Size) -> Iterator[Figure]:
    with FakeProcess() as model:
        yield from _with_model(world, size, model)
    yield from _offline(world, size)


def _with_model(world: World, size: Size, model: FakeClient) -> Iterator[Figure]:
    env = {"OPENAI_API_KEY": "sk-bench-0000", "OPENAI_BASE_URL": model.openai_url}
    with world.hub(demo=True, **env) as hub:
        first, ours = _asked(hub, size)
        calls = model.calls("openai", "chat")
        model.reset()
        with world.bare(hub.env) as port:
            bare = apart.run(asking.echo, port, "/ask", _questions(size.questions + _WARM))
        bare_calls = model.calls("openai", "chat")
    added = [took for took in (_added(answer, calls) for answer in ours) if took is not None]
    alone = [took - (call.took_s or 0) for took, call in zip(bare, bare_calls, strict=True)][_WARM:]
    note = f"{len(added)} of {len(ours)} questions reached the model; {_by_ai(ours)}"
    for share, bar in ((0.5, None), (0.95, Bar(100))):
        yield Figure(KEY, f"AI answer without the model's own time, p{share * 100:.0f}", ms(percentile(added, share)),
                     "ms", bar, ms(percentile(alone, share)), "WebSocket that asks the model", world.database, note)
    yield Figure(KEY, "the very first answer after the start", ms(first.took_s), "ms", database=world.database)


def _added(answer: Answered, calls: list[Call]) -> float | None:
    """Seconds of this answer that were not the model's; None when the model was not asked."""
    mine = [call.took_s or 0.0 for call in calls if answer.at <= call.at <= answer.at + answer.took_s]
    return answer.took_s - sum(mine) if mine else None


def _offline(world: World, size: Size) -> Iterator[Figure]:
    with world.hub(demo=True) as hub:
        _, ours = _asked(hub, size)
        with world.bare(hub.env) as port:
            bare = apart.run(asking.echo, port, "/echo", _questions(size.questions + _WARM))[_WARM:]
    took = [answer.took_s for answer in ours]
    for share, bar in ((0.5, None), (0.95, Bar(300))):
        yield Figure(KEY, f"offline answer (no key), p{share * 100:.0f}", ms(percentile(took, share)), "ms", bar,
                     ms(percentile(bare, share)), "flask-sock echo", world.database, _by_ai(ours))


def _by_ai(answers: list[Answered]) -> str:
    quoted = sum(answer.by_ai for answer in answers)
    return f"{quoted} answered, {len(answers) - quoted} handed over"


def _asked(hub: Hub, size: Size) -> tuple[Answered, list[Answered]]:
    """(the very first answer, those of the warm hub) to the demo's own questions."""
    result = business.of_site(hub.env, hub.ready["site"])
    questions = _questions(size.questions + _WARM)
    tokens = tuple(business.visitors(hub.env, result, len(questions)))
    found = apart.run(asking.ask, Job(hub.port, result.site, hub.ready["shop"], tokens, questions))
    return found[0], found[_WARM:]


def _questions(count: int) -> tuple[str, ...]:
    """What customers of the demo ask, Russian and English in turn."""
    asked = json.loads((ROOT / "scripts/demo/content/questions.json").read_text("utf-8"))
    return tuple(islice(cycle(item["question"] for item in asked), count))
