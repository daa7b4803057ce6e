"""First steps of a business, by whoever answers them."""

from hub.models.accounts.onboarding import Onboarding
from hub.services.accounts import onboarding
from tests import factories
from tests.factories import People
from tests.services.steps import at_once, good


def test_two_people_who_answer_at_the_same_moment_lose_nothing(people: People) -> None:
    alice = factories.caller(people.alice)
    good(at_once(lambda: onboarding.complete(alice, "BUSINESS", {"about": "Bread"}),
                 lambda: onboarding.complete(alice, "POLICIES", {"delivery": "Free"})))
    row = Onboarding.get()
    assert row.answers == {"BUSINESS": {"about": "Bread"}, "POLICIES": {"delivery": "Free"}}
    assert row.completed_steps == ["BUSINESS", "POLICIES"]


def test_a_step_that_is_skipped_is_passed_over_but_not_completed(people: People) -> None:
    alice = factories.caller(people.alice)
    onboarding.complete(alice, "CHANNELS", {})
    row = onboarding.skip(alice, "BUSINESS")
    assert (row.current_step, row.completed_steps, row.status) == ("PRODUCTS", ["CHANNELS"], "IN_PROGRESS")
