"""The page of the business's hours: what is typed is drawn, what is wrong is said at its field."""

import re
from datetime import timedelta

from hub.lib import clock, hours
from tests.client import Client
from tests.factories import People
from tests.pages.forms import secret, submit

PATH = "/settings/business-hours"
WEEK = dict.fromkeys(hours.DAYS, "9-13, 14-18")


def drawn(text: str) -> list[tuple[str, str]]:
    """(x, width) of the bars."""
    return re.findall(r'class="week-open" x="([\d.]+)" y="\d+" width="([\d.]+)"', text)


def test_the_next_seven_days_are_drawn_as_they_are_typed_and_kept_when_saved(page: Client, people: People) -> None:
    assert len(drawn(page.call("GET", PATH, expect=200).text)) == 7
    token = secret(page, "/api-docs")
    preview = page.call("POST", f"{PATH}/preview", data={**WEEK, "own_week": "1", "csrf_token": token}, expect=200).text
    assert drawn(preview) == [("120.0", "53.3"), ("186.7", "53.3")] * 7
    assert len(drawn(page.call("GET", PATH, expect=200).text)) == 7, "nothing is stored by looking"
    today = clock.local(str(people.tenant.timezone)).date()
    closed = "\n".join(f"{today + timedelta(days=number):%d.%m.%Y}" for number in range(9))
    submit(page, PATH, 303, **WEEK, own_week="1", holidays=closed)
    shown = page.call("GET", PATH, expect=200).text
    assert not drawn(shown) and shown.count("is-special") == 7 and "closed" in shown


def test_what_is_no_hours_is_said_at_its_field_and_the_drawing_stays(page: Client) -> None:
    text = submit(page, PATH, 422, **{**WEEK, "tuesday": "nine to five"}, holidays="tomorrow").text
    assert "Write hours like 9-13, 14-18" in text and "“tomorrow” is no holiday." in text and "nine to five" in text
    assert len(drawn(text)) == 7
