"""Two checkouts on one machine: the same figures in turn, and how far the one is from the other."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scripts.benchmarks.figure import Figure, median
from scripts.benchmarks.table import shown


@dataclass(frozen=True)
class Pair:
    """One row of both: `theirs` is the other checkout's."""

    ours: Figure
    theirs: Figure

    @property
    def times(self) -> float:
        """Ours as a multiple of theirs."""
        return self.ours.value / self.theirs.value

    @property
    def times_by_baseline(self) -> float | None:
        """The same, each measured by its own baseline: what the machine did meanwhile falls out."""
        if self.ours.ratio is None or self.theirs.ratio is None:
            return None
        return self.ours.ratio / self.theirs.ratio


# What a row measures, and which of several such rows it is: there are several web processes.
Row = tuple[str, str, str, int]


def middle(rounds: Sequence[Sequence[Figure]]) -> list[Figure]:
    """One figure for each row of several rounds: the median of its values and of its baselines."""
    rows: dict[Row, list[Figure]] = {}
    for row, figure in (named for found in rounds for named in _named(found)):
        rows.setdefault(row, []).append(figure)
    return [replace(same[-1], value=median([one.value for one in same]), baseline=_baseline(same))
            for same in rows.values()]


def pairs(ours: Sequence[Figure], theirs: Sequence[Figure]) -> list[Pair]:
    """The rows that both have; a row that only one of them measures has nothing to be compared with."""
    known = dict(_named(theirs))
    return [Pair(figure, known[row]) for row, figure in _named(ours) if row in known]


def markdown(found: Sequence[Pair]) -> str:
    rows = [["", "what", "database", "here", "beside", "here : beside", "by baselines"], ["---"] * 7]
    rows += [[pair.ours.key, pair.ours.what, pair.ours.database, shown(pair.ours.value, pair.ours.unit),
              shown(pair.theirs.value, pair.theirs.unit), f"{pair.times:.2f}",
              "" if pair.times_by_baseline is None else f"{pair.times_by_baseline:.2f}"] for pair in found]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _named(figures: Sequence[Figure]) -> Iterator[tuple[Row, Figure]]:
    seen: Counter[tuple[str, str, str]] = Counter()
    for figure in figures:
        what = re.sub(r"\d+ processes", "processes", figure.what)       # as many as either has
        kind = (figure.key, what, figure.database)
        yield (*kind, seen[kind]), figure
        seen[kind] += 1


def _baseline(same: Sequence[Figure]) -> float | None:
    known = [figure.baseline for figure in same if figure.baseline is not None]
    return median(known) if known else None
