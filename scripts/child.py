"""What the supervisor has to know of a program that it runs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Child:
    """What to run and how to tell that it is up.

    `ready` is asked with the process id, ten times a second, and must answer quickly. A child that runs `once` is
    ready when it has ended with 0; when it ends with 2 it has printed a sentence for the user, which is all we show.
    `repair` gets the last output of one that ended before it was ready and says what it moved aside, if anything:
    then it starts again at once.
    """

    name: str
    argv: Sequence[str] | Callable[[], Sequence[str]]       # a function: what is only known when its turn comes
    after: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)    # on top of our own environment
    ready: Callable[[int], bool] | None = None              # None: as soon as it runs
    once: bool = False
    quiet: bool = False         # what it prints on its way up or down is shown only when it fails to get up
    consume: Callable[[str], bool] = lambda line: False        # True: this line was for us, do not show it
    repair: Callable[[Sequence[str]], str] = lambda lines: ""
    deadline_s: float = 120.0     # a small machine that compiles everything for the first time is slow
    grace_s: float = 10.0
