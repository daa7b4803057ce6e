"""/widget/config: how the widget looks, for pages that may embed it."""

from datetime import timedelta
from typing import Any

import pytest

from hub.lib import clock, hours
from hub.models.channels.channel import Channel
from hub.services.conversations import presence
from tests import factories
from tests.api import world as worlds
from tests.api.callers import code
from tests.client import Client
from tests.factories import People

PAGE = {"Origin": "https://shop.example"}


@pytest.fixture
def site(people: People) -> Channel:
    return factories.make_site(people.tenant, "shop.example", color="#112233", locale="en", position="left",
                               texts={"en": {"title": "Cakes"}}, pre_chat=[{"name": "email", "required": True}])


def ask(client: Client, site: Channel | str, headers: Any = None, expect: int = 200) -> Any:
    token = site if isinstance(site, str) else site.token
    return client.call("GET", "/widget/config", query_string={"site": token}, headers=headers or PAGE, expect=expect)


def test_it_shows_what_the_widget_needs_and_no_secret(client: Client, site: Channel, people: People) -> None:
    factories.make_agent(people.tenant)
    found = ask(client, site).get_json()
    assert set(found) == {"site", "name", "locale", "color", "position", "theme", "agent", "texts", "preChat", "online",
                          "hours", "maxTextLength"}
    assert (found["site"], found["name"], found["color"], found["position"]) == (
        site.token, "Bakery", "#112233", "left")
    assert (found["agent"], found["maxTextLength"]) == ({"name": "Aino", "isAi": True}, 10_000)
    assert found["texts"] == {"en": {"title": "Cakes"}}
    assert found["preChat"] == {"fields": [{"name": "email", "required": True}]}
    assert found["hours"] == {"start": "09:00", "end": "18:00", "timezone": "Europe/Moscow"}
    text = ask(client, site).text
    assert site.secret.reveal() not in text and "shop.example" not in text and "instructions" not in text


def test_without_an_agent_there_is_nobody_to_name(client: Client, site: Channel) -> None:
    assert ask(client, site).get_json()["agent"] is None


def test_it_is_kept_by_browsers_and_asked_for_again_by_its_mark(client: Client, site: Channel) -> None:
    first = ask(client, site)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert first.headers["Vary"] == "Origin"
    mark = first.headers["ETag"]
    again = ask(client, site, {**PAGE, "If-None-Match": mark}, expect=304)
    assert (again.data, again.headers["ETag"]) == (b"", mark)
    assert again.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    ask(client, site, {**PAGE, "If-None-Match": '"other"'})
    Channel.update(config={**site.config, "color": "#445566"}).where(Channel.id == site.id).execute()
    factories.forget()
    changed = ask(client, site, {**PAGE, "If-None-Match": mark})
    assert changed.get_json()["color"] == "#445566"


def open_only_later(people: People) -> None:
    now = clock.local(str(people.tenant.timezone))
    people.tenant.working_hours_start, people.tenant.working_hours_end = (
        f"{now + timedelta(hours=hours):%H:%M}" for hours in (1, 2))
    people.tenant.save()


@pytest.mark.parametrize(("start", "end", "online"), [(-1, -2, True), (-1, 1, True), (1, -1, False), (0, 0, True)])
def test_hours_that_end_after_midnight_are_understood(client: Client, site: Channel, alice: Client, people: People,
                                                      start: int, end: int, online: bool) -> None:
    now = clock.local(str(people.tenant.timezone))
    alice.patch("/api/tenant", {"workingHoursStart": f"{now + timedelta(hours=start):%H:%M}",
                                "workingHoursEnd": f"{now + timedelta(hours=end):%H:%M}"})
    factories.forget()
    assert ask(client, site).get_json()["online"] is online


def test_a_week_of_its_own_and_holidays_say_who_is_there(client: Client, site: Channel, alice: Client,
                                                        people: People) -> None:
    today = clock.local(str(people.tenant.timezone)).date()
    days = dict.fromkeys(hours.DAYS, "closed")
    later = today + timedelta(days=2)
    alice.patch("/api/settings/business-hours", {"ownWeek": True, **days, hours.DAYS[later.weekday()]: "10-13, 14-19"})
    factories.forget()
    shown = ask(client, site).get_json()
    assert shown["online"] is False and (shown["hours"]["start"], shown["hours"]["end"]) == ("10:00", "19:00")
    alice.patch("/api/settings/business-hours", {"holidays": [
        f"{today + timedelta(days=number):%d.%m} round the clock" for number in range(2)]})
    factories.forget()
    assert ask(client, site).get_json()["online"] is True


def test_somebody_is_online_while_an_operator_looks(client: Client, site: Channel, people: People) -> None:
    open_only_later(people)
    assert ask(client, site).get_json()["online"] is False
    presence.here(people.tenant.id, people.bob.id)
    assert ask(client, site).get_json()["online"] is True


@pytest.mark.parametrize("token", ["nonsense", "\x00", "' OR 1=1 --", "x" * 64, "\U0001f382"])
def test_an_unknown_site_is_not_found(client: Client, people: People, token: str) -> None:
    assert code(ask(client, token, expect=404 if token != "\x00" else 400)) in ("site_not_found", "VALIDATION_ERROR")


def test_what_is_no_site_is_not_found(client: Client, people: People, site: Channel) -> None:
    hook = factories.make_custom(people.tenant, "http://127.0.0.1:9/")
    ask(client, hook, expect=404)
    Channel.update(is_active=False).where(Channel.id == site.id).execute()
    factories.forget()
    ask(client, site, expect=404)


@pytest.mark.parametrize("query", ["", "?site=", "?site=" + "x" * 65])
def test_a_site_must_be_named(client: Client, query: str) -> None:
    assert code(client.call("GET", f"/widget/config{query}", expect=400)) == "VALIDATION_ERROR"


def test_a_foreign_page_gets_nothing_and_nothing_is_stored(client: Client, site: Channel) -> None:
    before = worlds.picture()
    answer = ask(client, site, {"Origin": "https://evil.example"}, expect=403)
    assert code(answer) == "origin_not_allowed"
    assert "Bakery" not in answer.text
    assert worlds.picture() == before


def test_no_cookie_is_set(client: Client, site: Channel) -> None:
    assert "Set-Cookie" not in ask(client, site).headers
