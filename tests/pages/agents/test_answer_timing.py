"""The page of a group of settings: it shows what holds, keeps what is typed, and is there for whoever may change it."""

import html
from typing import Any

import pytest

from hub.services import tenant_settings
from hub.services.agents.answer_timing import AnswerTiming
from tests.api.callers import browser
from tests.client import Client
from tests.factories import People
from tests.pages.forms import submit

PATH = "/settings/answer-timing"


def test_what_is_saved_holds_and_is_shown(page: Client, people: People) -> None:
    assert 'value="1"' in page.call("GET", PATH, expect=200).text
    answer = submit(page, PATH, 303, pause_seconds="2.5", burst_seconds="30")
    shown = page.call("GET", answer.location, expect=200).text
    assert "Saved." in shown and 'value="2.5"' in shown and 'value="30"' in shown
    assert tenant_settings.of(people.tenant, AnswerTiming) == AnswerTiming(pause_seconds=2.5, burst_seconds=30)


@pytest.mark.parametrize("typed", ["11", "-1", "soon", "nan", ""])
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
        page: Client, people: People, typed: str) -> None:
    shown = html.unescape(submit(page, PATH, 422, pause_seconds=typed, burst_seconds="77").text)
    assert shown.count('aria-invalid="true"') == 1
    assert f'value="{typed}"' in shown and 'value="77"' in shown
    assert tenant_settings.of(people.tenant, AnswerTiming) == AnswerTiming(pause_seconds=1, burst_seconds=20)


def test_the_menu_leads_there_whoever_may_change_it(app: Any, people: People) -> None:
    assert [f'href="{PATH}"' in browser(app, person).call("GET", "/inbox", expect=200).text
            for person in (people.alice, people.bob)] == [True, False]
    browser(app, people.bob).call("GET", PATH, expect=403)


def test_it_speaks_russian(page: Client) -> None:
    page.http.set_cookie("locale", "ru")
    assert "Ждать продолжения, секунд" in page.call("GET", PATH, expect=200).text
