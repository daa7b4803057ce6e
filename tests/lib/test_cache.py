"""A cache: values for a time, bounded, and never older than the last removal."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from hub.lib import cache
from hub.lib.cache import Cache


def looks(*values: object) -> tuple[list[object], object]:
    """(what was looked up so far, a look that finds these values one after the other)."""
    left, found = list(values), []

    def look() -> object:
        found.append(left.pop(0))
        return found[-1]
    return found, look


@pytest.mark.parametrize("value", [1, None, "", []])
def test_it_looks_once_and_keeps_what_it_found_whatever_that_is(value: object) -> None:
    kept: Cache[str, object] = Cache(60)
    found, look = looks(value, "another")
    assert kept.of("a", look) is value and kept.of("a", look) is value  # type: ignore[arg-type]
    assert len(found) == 1


def test_a_value_ends_with_its_time() -> None:
    kept: Cache[str, int] = Cache(0.0)
    kept.put("a", 1)
    kept.put("b", 2, seconds=60)
    assert (kept.get("a"), kept.get("b")) == (None, 2)


def test_what_look_raises_is_raised_and_not_kept() -> None:
    kept: Cache[str, int] = Cache(60)
    with pytest.raises(KeyError):
        kept.of("a", lambda: dict[str, int]()["nothing"])
    assert kept.of("a", lambda: 1) == 1


def test_it_holds_no_more_than_it_may_and_the_oldest_goes_first() -> None:
    kept: Cache[int, int] = Cache(60, most=3)
    for number in (1, 2, 3, 1, 4):
        kept.put(number, number)
    assert [kept.get(number) for number in (1, 2, 3, 4)] == [1, None, 3, 4] and len(kept) == 3


def test_what_was_read_before_a_removal_is_not_kept_after_it() -> None:
    kept: Cache[str, str] = Cache(60)

    def read_while_another_changes() -> str:
        kept.remove("a")
        return "old"
    assert kept.of("a", read_while_another_changes) == "old"
    assert kept.of("a", lambda: "new") == "new"


def test_all_caches_are_cleared_together() -> None:
    first: Cache[str, int] = Cache(60)
    second: Cache[str, int] = Cache(60)
    first.put("a", 1)
    second.put("a", 1)
    cache.clear_all()
    assert first.get("a") is None and second.get("a") is None


def test_threads_that_write_at_once_leave_it_whole() -> None:
    kept: Cache[int, int] = Cache(60, most=50)

    def write(start: int) -> None:
        for number in range(start, start + 3_000):
            kept.put(number, number)
            kept.get(number - 1)
            kept.remove(number - 25)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(0, 6_000, 1_000)))
    assert 0 < len(kept) <= 50

