"""Sites: where the widget may stand, and who its visitors are."""

from typing import Any

import pytest

from hub.access import tokens
from hub.errors import Forbidden, NotFound
from hub.lib import crypto
from hub.models.channels.channel import Channel
from hub.models.customers.customer import Customer
from hub.models.accounts.tenant import Tenant
from hub.services.channels import sites
from hub.services.conversations import visitors
from tests import factories
from tests.factories import People
from tests.there import there

_RULES = ["example.com", "*.shops.example", "localhost:3000"]


@pytest.mark.parametrize(("origin", "may"), [
    ("https://example.com", True), ("http://example.com", True), ("https://EXAMPLE.com", True),
    ("https://example.com:8443", True), ("https://a.shops.example", True), ("https://a.b.shops.example", True),
    ("http://localhost:3000", True),
    ("https://www.example.com", False), ("https://example.com.evil.net", False), ("https://evilexample.com", False),
    ("https://shops.example", False), ("https://.shops.example", False), ("https://evilshops.example", False),
    ("http://localhost:3001", False), ("http://localhost", False), ("null", False), ("", False), (None, False),
    ("https://example.com/path", False), ("https://me@example.com", False), ("https://evil.net\\@example.com", False),
    ("javascript:alert(1)", False), ("file://example.com", False), ("https://[::1", False),
    ("https://example.com:99999", False), ("chrome-extension://example.com", False),
])
def test_a_page_may_embed_the_widget_when_a_rule_names_its_host(tenant: Tenant, origin: str | None, may: bool) -> None:
    site = factories.make_site(tenant, *_RULES)
    if may:
        sites.check_origin(site, origin)
        return
    with pytest.raises(Forbidden, match="may not embed"):
        sites.check_origin(site, origin)


def test_without_rules_every_page_may(tenant: Tenant) -> None:
    for origin in ("https://anywhere.example", None, "null"):
        sites.check_origin(factories.make_site(tenant), origin)


@pytest.mark.parametrize("token", ["", "nothing", "\x00", "й" * 100])
def test_a_token_that_there_is_not_is_not_found(tenant: Tenant, token: str) -> None:
    with pytest.raises(NotFound):
        sites.by_token(token)


def test_a_custom_channels_token_is_no_sites(tenant: Tenant) -> None:
    with pytest.raises(NotFound):
        sites.by_token(str(factories.make_custom(tenant, "http://127.0.0.1:9/").token))


def test_a_site_that_was_switched_off_is_gone_within_seconds(tenant: Tenant) -> None:
    site = [factories.make_site(tenant) for _ in range(3)][1]
    visitor, _ = sites.enter(site, None, None)
    assert sites.by_token(str(site.token)).id == sites.of(visitor).id == site.id
    Channel.update(is_active=False).execute()
    factories.forget()              # what is remembered for five seconds
    for look in (lambda: sites.by_token(str(site.token)), lambda: sites.of(visitor)):
        with pytest.raises(NotFound):
            look()


def test_a_visitor_of_a_site_whose_number_another_business_has_now_is_nobody_there(people: People) -> None:
    visitor, _ = sites.enter(factories.make_site(people.tenant), None, None)
    Channel.update(tenant=people.other).where(Channel.id == visitor.channel).execute()
    with pytest.raises(NotFound):
        sites.of(visitor)


# Visitors

def test_a_visitor_stays_the_same_over_pages_and_nothing_is_stored(tenant: Tenant) -> None:
    site = factories.make_site(tenant)
    first, token = sites.enter(site, None, None)
    again, same = sites.enter(site, token, None)
    other, _ = sites.enter(site, None, None)
    assert (first, token) == (again, same) and other.key != first.key and Customer.select().count() == 0


def test_a_token_of_another_site_is_a_new_visitor(people: People) -> None:
    _, token = sites.enter(factories.make_site(people.tenant), None, None)
    theirs = factories.make_site(people.other)
    visitor, fresh = sites.enter(theirs, token, None)
    assert fresh != token and (visitor.channel, visitor.tenant) == (theirs.id, people.other.id)


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
def test_a_broken_token_is_a_new_visitor(tenant: Tenant, token: str) -> None:
    assert sites.enter(factories.make_site(tenant), token, None)[0].key.startswith("v-")


def test_a_person_whom_the_site_vouches_for_is_the_same_everywhere(tenant: Tenant) -> None:
    site = factories.make_site(tenant)
    good = crypto.sign(site.secret.reveal(), "user-7")
    (one, _), (other, _) = (sites.enter(site, None, ("user-7", good)) for _ in range(2))
    assert one == other and one.identity == ("site_user", f"{site.id}:user-7")
    for wrong in ("", "é", good[:-1], crypto.sign("another", "user-7"), crypto.sign(site.secret.reveal(), "user-8")):
        with pytest.raises(Forbidden, match="hash"):
            sites.enter(site, None, ("user-7", wrong))


def test_two_sites_of_one_business_vouch_for_different_people(tenant: Tenant) -> None:
    ours, other = factories.make_site(tenant), factories.make_site(tenant)
    people = [sites.enter(site, None, ("7", crypto.sign(site.secret.reveal(), "7")))[0] for site in (ours, other)]
    assert people[0].identity != people[1].identity


def test_the_longest_name_and_line_id_still_fit(tenant: Tenant, agent: Any) -> None:
    site, key = factories.make_site(tenant), "u" * 200
    visitor, _ = sites.enter(site, None, (key, crypto.sign(site.secret.reveal(), key)))
    for _ in range(2):
        got = visitors.say(visitor, "c" * 64, "Hello", None, {})
        assert len(there(got.message.external_id)) <= 255 and got.message.client_id == "c" * 64
    assert not got.is_new


def test_the_visitor_token_tells_nothing_but_who_it_is(tenant: Tenant, settings: Any) -> None:
    visitor, token = sites.enter(factories.make_site(tenant), None, None)
    assert tokens.read_visitor(settings.session_secret, token) == visitor
