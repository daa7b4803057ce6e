"""Two tabs at the same moment: each is done or says why not, and what there may be once is there once."""

from collections.abc import Callable

import pytest

from hub.models.accounts.email_change import EmailChange
from hub.models.accounts.ownership_offer import OwnershipOffer
from hub.models.accounts.totp import Totp
from hub.models.accounts.user import User
from hub.models.base import Model
from hub.services.accounts import email_change, ownership, sign_up, totp
from hub.services.accounts.sign_up import AddressTaken, Person
from tests import factories
from tests.factories import PASSWORD, People
from tests.services import steps


@pytest.mark.parametrize(("model", "step"), [
    (Totp, lambda people: totp.begin(factories.caller(people.alice), PASSWORD)),
    (EmailChange, lambda people: email_change.ask(factories.caller(people.alice), "alice@mill.example", PASSWORD)),
    (OwnershipOffer, lambda people: ownership.offer(factories.caller(people.alice), people.bob.uuid, PASSWORD))])
def test_what_is_asked_for_twice_stands_once(people: People, model: type[Model],
                                               step: Callable[[People], object]) -> None:
    steps.good(steps.at_once(*[lambda: step(people)] * 4))
    assert model.select().count() == 1


def test_of_those_who_sign_up_with_one_address_one_is_made_and_the_others_are_told(people: People) -> None:
    made = steps.at_once(*[lambda: sign_up.sign_up(Person("mia@mill.example", PASSWORD))] * 4)
    assert [type(one) for one in made if not isinstance(one, User)] == [AddressTaken] * 3, made
    assert User.select().where(User.email == "mia@mill.example").count() == 1
