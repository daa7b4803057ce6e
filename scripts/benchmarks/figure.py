"""A measured figure: its value, the bar it should clear, and the raw baseline that was measured beside it."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Bar:
    """`limit` is the most (or, with `at_least`, the least) that is good; `of_ratio`: of the ratio, not the value."""

    limit: float
    at_least: bool = False
    of_ratio: bool = False

    def met(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value < self.limit


@dataclass(frozen=True)
class Figure:
    """One row of the table. `unit`: ms, s, /s, MB, KB, KB each, or x for a plain number."""

    key: str                        # the letter of its group
    what: str
    value: float
    unit: str
    bar: Bar | None = None
    baseline: float | None = None   # the same thing done by the least program that can do it, in the same unit
    against: str = ""               # what that program was
    database: str = ""              # empty where it does not matter
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline if self.baseline else None

    @property
    def good(self) -> bool | None:
        """Is the bar cleared? None without a bar."""
        if self.bar is None:
            return None
        judged = self.ratio if self.bar.of_ratio else self.value
        return judged is not None and self.bar.met(judged)


@dataclass(frozen=True)
class Size:
    """How much is measured: the real numbers, `quick` ones, or those of a test."""

    sockets: tuple[int, ...] = (5_000, 10_000)
    echo_s: float = 20.0
    visitors: int = 800             # who write the lines; at least as many as there are connections
    rounds: int = 3
    round_s: float = 6.0
    questions: int = 80
    chunks: tuple[int, ...] = (1_000, 10_000)
    searches: int = 150
    conversations: tuple[int, ...] = (1_000, 100_000)
    reads: int = 150
    settle_s: float = 5.0


LARGE = Size(chunks=(1_000, 10_000, 100_000))      # loading these takes minutes
QUICK = Size(sockets=(1_000,), echo_s=5, rounds=1, round_s=3, questions=20, chunks=(1_000, 10_000), searches=60,
             conversations=(1_000, 10_000), reads=60, settle_s=2)
TINY = Size(sockets=(20,), echo_s=1, visitors=32, rounds=1, round_s=0.5, questions=3, chunks=(50, 100), searches=5,
            conversations=(50, 100), reads=5, settle_s=0.5)


SIZES = {"full": Size(), "large": LARGE, "quick": QUICK, "tiny": TINY}


def from_json(item: dict[str, Any]) -> Figure:
    """The figure whose `asdict` went through JSON."""
    return Figure(**{**item, "bar": Bar(**item["bar"]) if item["bar"] else None})


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: the smallest value that `share` (0..1) of all values do not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def ms(seconds: float) -> float:
    return seconds * 1000
