"""Features as a page: switched for the own business by who may, for all by the platform."""

import re
from typing import Any

from hub.access import flags
from hub.access.flags import Flag
from tests import factories
from tests.api.callers import browser
from tests.factories import People
from tests.pages.forms import submit

PAGE = "/settings/features"
RAG = f"{PAGE}/RAG_ENABLED"


def test_an_owner_switches_a_feature_off_and_on_again(app: Any, people: People) -> None:
    page = browser(app, people.alice)
    text = page.call("GET", PAGE, expect=200).text
    assert "as usual" in text and "for every business" not in text
    for state in ("off", "on"):
        submit(page, RAG, 303, state=state)
        assert flags.on(Flag.RAG, people.tenant) is (state == "on") and flags.on(Flag.RAG, people.other)
    assert "set for your business" in page.call("GET", PAGE, expect=200).text


def test_an_owner_does_not_switch_for_all_and_the_platform_does(app: Any, people: People) -> None:
    submit(browser(app, people.alice), RAG, 403, state="off", everybody="true")
    assert flags.on(Flag.RAG, people.other)
    root = browser(app, factories.make_user(factories.make_tenant(), "owner", is_platform_admin=True))
    assert re.search("for every business", root.call("GET", PAGE, expect=200).text)
    submit(root, RAG, 303, state="off", everybody="true")
    assert not flags.on(Flag.RAG, people.other)


def test_what_the_environment_says_has_no_switch(app: Any, people: People, use: Any) -> None:
    use(feature_rag="false", feature_ai_suggestions="true")
    text = browser(app, people.alice).call("GET", PAGE, expect=200).text
    assert "decided by whoever runs this installation" in text and "Switch o" not in text


def test_whoever_may_not_change_settings_is_not_shown_the_way(app: Any, people: People) -> None:
    page = browser(app, people.bob)
    page.call("GET", PAGE, expect=403)
    assert PAGE not in page.call("GET", "/inbox", expect=200).text
    assert PAGE in browser(app, people.alice).call("GET", "/inbox", expect=200).text
