"""When people of a business answer: who sees it, who changes it, and what is refused."""

from tests.api.noun import One
from tests.api.one import walks_of
from tests.client import Client

HOURS = One("/api/settings/business-hours", change={
    "own_week": True, "monday": "10:00-13:00, 14:00-19:00", "sunday": "00:00-00:00", "holidays": ["01-01"]},
    wrong={"monday": ["nine", "9-13, 12-14", None, 5], "holidays": [["tomorrow"], ["30.02"], ["01.01 nine"], None],
           "own_week": ["perhaps"]})
globals().update(walks_of(HOURS))


def test_holidays_are_kept_in_order_and_once_each(alice: Client) -> None:
    sent = ["31.12.2026 10-15", "1.1", "01.01 closed", "29.02", "2026-03-08", " "]
    assert alice.patch(HOURS.path, {"holidays": sent})["holidays"] == [
        "01-01", "02-29", "2026-03-08", "2026-12-31 10:00-15:00"]
