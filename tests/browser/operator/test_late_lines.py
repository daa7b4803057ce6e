"""A line that came late appears in the open conversation where it was said, not at the end."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.chat import Visitor
from tests.browser.inbox import Operator
from tests.browser.operator.test_operator import meet

pytestmark = pytest.mark.browser


def test_a_late_line_stands_between_the_lines_among_which_it_was_said(visitor: Visitor, operator: Operator) -> None:
    chat, inbox = meet(visitor, operator)
    before, after = (float(inbox.lines.nth(number).get_attribute("data-position") or 0) for number in (0, 1))
    late = (f'<li class="message message-customer" id="message-late" data-into="messages" data-author="customer "'
            f' data-position="{(before + after) / 2}" data-at="2026-01-01T10:00:00Z"><p>Late</p></li>')

    def with_it(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text() + late)

    inbox.page.route("**/messages?*since=*", with_it)
    chat.say("And then?")
    expect(inbox.line("And then?")).to_be_visible()
    expect(inbox.lines.nth(1)).to_have_text("Late")
    expect(inbox.lines.last).not_to_have_text("Late")
    inbox.page.unroute_all(behavior="wait")
