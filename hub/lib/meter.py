"""What this process did, counted in its memory: a step in a dictionary each time, and nobody waits for it."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

# Upper ends of the classes of time, in seconds; what takes longer than the last one is in a class of its own.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SUM = -1


class Done(NamedTuple):
    """What is counted: `what` was done, with which `outcome`, in the class of time of that `bucket`; at _SUM are the
    microseconds of all together."""

    what: str
    outcome: str
    bucket: int


Counts = Mapping[Done, int]
_counts: defaultdict[Done, int] = defaultdict(int)


def took(what: str, outcome: str, seconds: float) -> None:
    """Count one thing that was done, and how long it took."""
    _counts[Done(what, outcome, bisect_left(BOUNDS, seconds))] += 1
    _counts[Done(what, outcome, _SUM)] += round(seconds * 1_000_000)


def taken() -> Counts:
    """What was counted since the last time."""
    global _counts
    found, _counts = _counts, defaultdict(int)
    return found


def put_back(counts: Counts) -> None:
    """What was taken could not be told to anybody: it is counted with the rest."""
    for key, count in counts.items():
        _counts[key] += count


class Histogram(NamedTuple):
    """How many things took how long: `classes` as BOUNDS has them and one more, and the seconds of all together."""

    classes: tuple[int, ...]
    seconds: float

    @property
    def times(self) -> int:
        return sum(self.classes)

    def within(self, share: float) -> float | None:
        """The seconds within which that share of them was done, to the class's upper end; None of nothing."""
        wanted, seen = share * self.times, 0
        for bound, count in zip((*BOUNDS, BOUNDS[-1]), self.classes, strict=True):
            seen += count
            if count and seen >= wanted:
                return bound
        return None


def histogram(counts: Counts, what: str = "", outcome: str = "") -> Histogram:
    """Of what begins with these words; all of it where they are empty."""
    chosen = [(key.bucket, count) for key, count in counts.items()
              if key.what.startswith(what) and key.outcome.startswith(outcome)]
    classes = [0] * (len(BOUNDS) + 1)
    for bucket, count in chosen:
        if bucket != _SUM:
            classes[bucket] += count
    return Histogram(tuple(classes), sum(count for bucket, count in chosen if bucket == _SUM) / 1_000_000)
