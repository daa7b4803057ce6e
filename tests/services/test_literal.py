"""What people type stays what they typed wherever the hub puts it into a text of its own: no template reads it."""

from collections.abc import Callable

import pytest

from hub.ai import offline, prompts
from hub.models.accounts.user import Role
from hub.services.accounts import invites
from hub.services.accounts.onboarding_drafts import drafts
from hub.services.conversations import texts
from tests import factories, letters
from tests.ai.test_prompts import VALUES
from tests.client import Client
from tests.factories import People
from tests.pages.conftest import page as page
from tests.there import there

TYPED = "{0.__class__} {name} {} %s %(x)s ${company} $x {{7*7}} {% raw %} {# a #} \\1 \\g<0>"


@pytest.mark.parametrize("put", [
    lambda: texts.say("handoff.taken", "en", name=TYPED),
    lambda: prompts.render("answer", **dict.fromkeys(VALUES, TYPED)),
    lambda: prompts.sources([(TYPED, TYPED)]),
    lambda: str(prompts.messages(TYPED, [("user", TYPED)], TYPED)).replace("\\\\", "\\"),
    lambda: "".join(draft.content for draft in drafts({"POLICIES": {"delivery": TYPED}}, "en", TYPED)),
    lambda: there(offline.answer("What does delivery cost?",
                                 [offline.Passage(TYPED, "Delivery costs 300.", 0.9, 1.5)], "en")).text,
])
def test_it_stays_as_it_was_typed(put: Callable[[], str]) -> None:
    assert TYPED in put()


def test_it_stays_so_in_letters_and_on_pages(people: People, page: Client) -> None:
    people.alice.first_name = TYPED
    people.alice.save()
    invites.create(factories.caller(people.alice), "mia@mill.example", Role.VIEWER)
    assert TYPED in letters.text(letters.written("mia@mill.example")[-1])
    conversation = factories.make_conversation(factories.make_site(people.tenant), TYPED)
    shown = page.call("GET", f"/inbox/{conversation.uuid}", expect=200).text
    assert TYPED.replace("<", "&lt;").replace(">", "&gt;") in shown
