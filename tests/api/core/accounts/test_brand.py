"""The colour of a business: set once, seen in its letters, on its page and in the chat of a new site."""

import re

from hub.lib import colors
from hub.models.accounts.user import Role
from hub.models.platform.mail import Mail
from hub.services.accounts import invites
from hub.services.platform import mail
from tests.api.callers import browser
from tests.api.noun import One
from tests.api.one import walks_of
from tests.client import Client
from tests.factories import People, caller, make_site

BRAND = One("/api/settings/brand", updates="admin", change={"color": "#ffd400"},
            wrong={"color": ["yellow", "#12", None, 5]})
globals().update(walks_of(BRAND))


def letter(people: People) -> str:
    """The HTML of an invitation of the business."""
    invites.create(caller(people.alice), "erin@bakery.example", Role.OPERATOR)
    sent = Mail.select().order_by(Mail.id.desc()).get()
    mail.deliver(sent.id)
    return str(Mail.get_by_id(sent.id).html.reveal())


def test_it_is_on_the_letters_buttons_and_can_be_read_there(alice: Client, people: People) -> None:
    for color in ("#ffd400", "#101010", "#ffffff"):
        alice.patch(BRAND.path, {"color": color})
        button = re.search("background:(#[0-9a-f]{6});color:(#[0-9a-f]{6})", letter(people))
        assert button is not None and colors.contrast(*button.groups()) >= 4.5, color


def test_a_new_site_begins_with_it_and_the_own_page_shows_it(alice: Client, people: People) -> None:
    alice.patch(BRAND.path, {"color": "#8a1538"})
    page = browser(alice.http.application, people.alice)
    assert 'value="#8a1538"' in page.call("GET", "/settings/sites/new?step=look").text
    assert 'value="#8a1538"' in page.call("GET", "/onboarding?step=CHANNELS").text
    make_site(people.tenant)
    assert 'fill="#8a1538"' in page.call("GET", "/onboarding/try").text
