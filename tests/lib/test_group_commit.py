"""Calls that come at the same moment share a round, each gets its own answer, and nobody is left waiting."""

import threading
from collections.abc import Callable

import pytest

from hub.lib.group_commit import GroupCommit, Interrupted
from tests.waits import STUCK_S, until


def in_threads(count: int, step: Callable[[int], object]) -> list[object]:
    """What `step(number)` gave or raised, for as many threads at once."""
    results: list[object] = [None] * count

    def run(number: int) -> None:
        try:
            results[number] = step(number)
        except ValueError as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(STUCK_S)
        assert not thread.is_alive(), "a caller was left waiting"
    return results


class Rounds:
    """Doubles numbers; the first round waits until `company` callers have come, so that the second has them all."""

    def __init__(self, company: int = 0, most: int = 64, common: tuple[type[Exception], ...] = ()) -> None:
        self.sizes: list[int] = []
        self._company = company
        self.group_commit: GroupCommit[int, int] = GroupCommit(self._do, most=most, common=common)

    def ask(self, number: int) -> int:
        return self.group_commit(number)

    def _do(self, numbers: list[int]) -> list[int]:
        if not self.sizes:
            until(lambda: len(numbers) + len(self.group_commit._waiting) >= self._company, pause_s=0)
        self.sizes.append(len(numbers))
        if -1 in numbers:
            raise ValueError(f"-1 of {len(numbers)}")
        return [2 * number for number in numbers]


def test_a_caller_alone_is_served_at_once() -> None:
    rounds = Rounds()
    assert [rounds.ask(number) for number in range(3)] == [0, 2, 4] and rounds.sizes == [1, 1, 1]


def test_who_comes_during_a_round_shares_the_next() -> None:
    rounds = Rounds(company=12)
    assert in_threads(12, rounds.ask) == [2 * number for number in range(12)]
    assert sum(rounds.sizes) == 12 and len(rounds.sizes) <= 2, rounds.sizes


def test_a_round_is_never_larger_than_allowed() -> None:
    rounds = Rounds(company=30, most=4)
    assert in_threads(30, rounds.ask) == [2 * number for number in range(30)]
    assert max(rounds.sizes) <= 4 and sum(rounds.sizes) == 30


def test_a_bad_thing_fails_alone() -> None:
    rounds = Rounds(company=20)
    results = in_threads(20, lambda number: rounds.ask(number or -1))
    assert isinstance(results[0], ValueError) and str(results[0]) == "-1 of 1"
    assert results[1:] == [2 * number for number in range(1, 20)]
    assert rounds.ask(1) == 2


def test_an_error_of_a_common_kind_is_everybodys_at_once() -> None:
    """As when the database is away: nobody asks it again for each of them."""
    rounds = Rounds(company=20, common=(ValueError,))
    results = in_threads(20, lambda number: rounds.ask(number or -1))
    failed = [result for result in results if isinstance(result, ValueError)]
    assert failed and sum(rounds.sizes) == 20, rounds.sizes


def test_who_is_stopped_in_the_middle_leaves_nobody_waiting() -> None:
    class Stopped(BaseException):
        """As a greenlet's timeout."""

    begun = threading.Event()

    def do(things: list[int]) -> list[int]:
        if 0 in things:
            begun.set()
            raise Stopped
        return things

    group_commit: GroupCommit[int, int] = GroupCommit(do)

    def ask(number: int) -> object:
        try:
            return group_commit(number)
        except (Stopped, Interrupted) as error:
            return type(error).__name__

    results = in_threads(12, ask)
    assert results[0] == "Stopped"
    assert all(result in (number, "Interrupted") for number, result in enumerate(results) if number)
    assert group_commit(5) == 5


def test_a_thousand_calls_each_get_their_own_answer() -> None:
    rounds = Rounds()
    lanes = [range(lane * 100 + 20, lane * 100 + 40) for lane in range(50)]
    assert in_threads(50, lambda lane: [rounds.ask(number) for number in lanes[lane]]) == \
        [[2 * number for number in lane] for lane in lanes]


def test_what_is_done_after_a_round_runs_beside_the_next_and_in_order() -> None:
    served, told, second = threading.Event(), [], threading.Event()

    def do(numbers: list[int]) -> list[int]:
        if 1 in numbers:
            second.set()
        return [2 * number for number in numbers]

    def then(numbers: list[int], doubled: list[int]) -> None:
        if 0 in numbers:
            served.set()
            assert second.wait(STUCK_S), "the next round waited"
        told.append((numbers, doubled))

    group_commit = GroupCommit(do, then=then)

    def ask(number: int) -> int:
        if number:
            assert served.wait(STUCK_S)
        return group_commit(number)

    assert in_threads(2, ask) == [0, 2] and told == [([0], [0]), ([1], [2])]


def test_what_failed_is_not_told() -> None:
    told: list[int] = []

    def do(numbers: list[int]) -> list[int]:
        if -1 in numbers:
            raise ValueError("no")
        return numbers

    group_commit: GroupCommit[int, int] = GroupCommit(do, then=lambda asked, given: told.extend(asked))
    results = in_threads(9, lambda number: group_commit(number or -1))
    assert isinstance(results[0], ValueError) and sorted(told) == list(range(1, 9))
    assert group_commit(7) == 7


def test_what_comes_after_may_go_on_beside_who_asked() -> None:
    told: list[int] = []
    steps: list[Callable[[], None]] = []
    group_commit: GroupCommit[int, int] = GroupCommit(
        lambda numbers: numbers, then=lambda asked, given: told.extend(asked), aside=steps.append)
    assert [group_commit(number) for number in (1, 2, 3)] == [1, 2, 3]
    assert told == [] and len(steps) == 1
    steps.pop()()
    assert told == [1, 2, 3]
    group_commit(4)
    steps.pop()()
    assert told == [1, 2, 3, 4]


def test_an_error_afterwards_does_not_end_what_comes_after() -> None:
    told: list[int] = []

    def then(asked: list[int], given: list[int]) -> None:
        if 0 in asked:
            raise ValueError("nobody listens")
        told.extend(asked)

    group_commit: GroupCommit[int, int] = GroupCommit(lambda numbers: numbers, then=then)
    with pytest.raises(ValueError, match="nobody listens"):
        group_commit(0)
    assert group_commit(1) == 1 and told == [1]
