"""The search boxes of listings find a name in any case and form, as those of the API do."""

import pytest

from hub.models.channels.channel import Channel
from tests import factories
from tests.client import Client
from tests.factories import People


@pytest.mark.parametrize(("typed", "is_found"), [
    ("ёлкина", True), ("ЕЛКИНА", True), ("елк мага", True), ("е\u0308лк", True), ("%", False), ("петрова", False)])
@pytest.mark.parametrize("path", ["/settings/sites", "/settings/team"])
def test_a_name_is_found_however_it_is_typed(alice: Client, people: People, path: str, typed: str,
                                             is_found: bool) -> None:
    Channel.create(tenant=people.tenant, kind="website", name="Магазин Ёлкина", config={})
    factories.make_user(people.tenant, first_name="Магазин", last_name="Ёлкина")
    page = alice.call("GET", path, query_string={"q": typed}, expect=200).text
    rows = page.partition("<tbody")[2].partition("</tbody>")[0]     # the page names people elsewhere, too
    assert ("Магазин Ёлкина" in rows) is is_found
