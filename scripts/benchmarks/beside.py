"""Two checkouts on one machine: the same figures in turn, and how far the one is from the other."""

from collections.abc import Sequence
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


def middle(rounds: Sequence[Sequence[Figure]]) -> list[Figure]:
    """One figure for each row of several rounds: the median of its values and of its baselines."""
    rows: dict[tuple[str, str, str], list[Figure]] = {}
    for figure in (figure for found in rounds for figure in found):
        rows.setdefault(_row(figure), []).append(figure)
    return [replace(same[-1], value=median([one.value for one in same]), baseline=_baseline(same))
            for same in rows.values()]


def pairs(ours: Sequence[Figure], theirs: Sequence[Figure]) -> list[Pair]:
    """The rows that both have; a row that only one of them measures has nothing to be compared with."""
    known = {_row(figure): figure for figure in theirs}
    return [Pair(figure, known[_row(figure)]) for figure in ours if known.get(_row(figure))]


def markdown(found: Sequence[Pair]) -> str:
    rows = [["", "what", "database", "here", "beside", "here : beside", "by baselines"], ["---"] * 7]
    rows += [[pair.ours.key, pair.ours.what, pair.ours.database, shown(pair.ours.value, pair.ours.unit),
              shown(pair.theirs.value, pair.theirs.unit), f"{pair.times:.2f}",
              "" if pair.times_by_baseline is None else f"{pair.times_by_baseline:.2f}"] for pair in found]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _row(figure: Figure) -> tuple[str, str, str]:
    return figure.key, figure.what, figure.database


def _baseline(same: Sequence[Figure]) -> float | None:
    known = [figure.baseline for figure in same if figure.baseline is not None]
    return median(known) if known else None
