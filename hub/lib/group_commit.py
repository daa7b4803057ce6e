"""Calls that come at the same moment are done as one: one transaction, one round trip, however many callers."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Given = TypeVar("Given")


class Interrupted(Exception):
    """Another caller did the work and was stopped in the middle of it; nothing is known of the result."""


class _Call(Generic[Asked, Given]):
    """One caller's thing. `turn` is locked until there is an answer, or until it is the caller's turn to lead."""

    __slots__ = ("asked", "done", "error", "given", "leads", "turn")

    def __init__(self, asked: Asked) -> None:
        self.asked, self.done, self.leads = asked, False, False
        self.given: Given
        self.error: Exception | None = None
        self.turn = threading.Lock()
        self.turn.acquire()


class GroupCommit(Generic[Asked, Given]):
    """`do(things)` answers a list of things with a list as long; callers each bring one thing and wait for its answer.

    Group commit: who comes while `do` runs waits, and all who wait go in one round, at most `most` of them, in the
    order they came; the first of them leads it. Nobody waits for company. When a round fails, each of its things is
    done alone, so that a bad one fails alone; only an error of the kinds in `common` is everybody's at once. A caller
    that is interrupted while it waits or leads leaves the others to go on.

    `then(things, answers)` is what is still done for all that have an answer: beside the next round, for one round
    after another, or for several at once. `aside(step)` runs `step` beside its caller, who then need not wait for it
    either; else whoever leads does it.
    """

    def __init__(self, do: Callable[[list[Asked]], list[Given]], *, most: int = 64,
                 common: tuple[type[Exception], ...] = (),
                 then: Callable[[list[Asked], list[Given]], None] | None = None,
                 aside: Callable[[Callable[[], None]], object] = lambda step: step()) -> None:
        self._do, self._most, self._common, self._then, self._aside = do, most, common, then, aside
        self._waiting: list[_Call[Asked, Given]] = []
        self._led = False
        self._guard = threading.Lock()      # held for a few instructions only
        self._after: list[_Call[Asked, Given]] = []         # for these `then` is still due
        self._follows = False               # somebody does it

    def __call__(self, asked: Asked) -> Given:
        mine: _Call[Asked, Given] = _Call(asked)
        self._join(mine)
        try:
            if not mine.leads:
                mine.turn.acquire()
            if mine.leads:
                time.sleep(0)       # whoever is ready to ask at this moment may
                self._lead(mine)
        finally:
            self._leave(mine)
        if mine.error is not None:
            raise mine.error
        return mine.given

    def _lead(self, mine: _Call[Asked, Given]) -> None:
        done = self._round()
        if done and self._then:
            with self._guard:
                self._after += done
                begins, self._follows = not self._follows, True
            self._leave(mine)           # the next round begins
            if begins:
                self._aside(self._follow)

    def _follow(self) -> None:
        """What comes after rounds, in their order."""
        assert self._then is not None
        try:
            while calls := self._due():
                self._then([call.asked for call in calls], [call.given for call in calls])
        except BaseException:
            self._follows = False       # the next round goes on with it
            raise

    def _due(self) -> list[_Call[Asked, Given]]:
        with self._guard:
            calls, self._after = self._after, []
            self._follows = bool(calls)
            return calls

    def _join(self, mine: _Call[Asked, Given]) -> None:
        with self._guard:
            self._waiting.append(mine)
            mine.leads = not self._led
            self._led = True

    def _round(self) -> list[_Call[Asked, Given]]:
        """Serve those who wait, each of whom has an answer or an error then; gives those with an answer."""
        with self._guard:
            calls = self._waiting[:self._most]
            del self._waiting[:len(calls)]
        try:
            self._serve(calls)
        finally:
            for call in calls:
                if not call.done:
                    call.error, call.done = Interrupted("The caller that worked for this one was stopped."), True
                call.turn.release()
        return [call for call in calls if call.error is None]

    def _serve(self, calls: list[_Call[Asked, Given]]) -> None:
        try:
            for call, given in zip(calls, self._do([call.asked for call in calls]), strict=True):
                call.given, call.done = given, True
        except Exception as error:
            if len(calls) > 1 and not isinstance(error, self._common):
                for call in calls:
                    self._serve([call])
                return
            for call in calls:
                call.error, call.done = error, True

    def _leave(self, mine: _Call[Asked, Given]) -> None:
        """Whoever led lets the next one lead."""
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
            if mine.leads:
                mine.leads, self._led = False, bool(self._waiting)
                if self._led:
                    self._waiting[0].leads = True
                    self._waiting[0].turn.release()
