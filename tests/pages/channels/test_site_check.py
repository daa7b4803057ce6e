"""The check of a site on its page: asked for, watched, and said in words."""

from hub.models.channels.channel import Channel
from hub.models.platform.task import Task
from hub.services.channels import site_check
from tests import factories
from tests.client import Client
from tests.fakes import site as sites
from tests.factories import People
from tests.pages.forms import submit


def test_a_check_is_asked_for_watched_and_says_what_is_wrong_and_what_to_do(page: Client, people: People) -> None:
    channel = factories.make_site(people.tenant)
    path = f"/settings/sites/{channel.uuid}"
    with sites.running() as site:
        url = site.shows(f'<noscript><script src="http://localhost/widget.js" data-site="{channel.token}"></noscript>')
        submit(page, f"{path}/check", 303, address=url)
        task = Task.get()
        shown = page.call("GET", path, expect=200).text
        assert f"/api/tasks/{task.uuid}/events" in shown and "Waits for its turn" in shown
        site_check.run(task.id)
    part = page.call("GET", f"{path}/check", expect=200).text
    for text in (part, page.call("GET", path, expect=200).text):
        assert "The chat does not show on this page" in text and "stands inside &lt;noscript&gt;" in text
        assert "sse-connect" not in text and f'value="{url}"' in text


def test_what_is_no_address_is_said(page: Client, people: People) -> None:
    channel: Channel = factories.make_site(people.tenant)
    text = submit(page, f"/settings/sites/{channel.uuid}/check", 422, address="ftp://bakery.example").text
    assert "Write the address of a page" in text and "ftp://bakery.example" in text
    assert not Task.select().exists()
