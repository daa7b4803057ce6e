"""Two tabs at the same moment: each is done or says why not, and what there may be once is there once."""

from collections.abc import Callable

import pytest

from hub.models.accounts.email_change import EmailChange
from hub.models.accounts.invite import Invite
from hub.models.accounts.ownership_offer import OwnershipOffer
from hub.models.accounts.totp import Totp
from hub.models.accounts.user import Role, User
from hub.models.base import Model
from hub.services.accounts import email_change, invites, ownership, recovery, sign_up, totp
from hub.services.accounts.sign_up import AddressTaken, Person
from tests import factories, letters
from tests.factories import PASSWORD, People
from tests.services import steps


@pytest.mark.parametrize(("model", "step"), [
    (Totp, lambda people: totp.begin(factories.caller(people.alice), PASSWORD)),
    (EmailChange, lambda people: email_change.ask(factories.caller(people.alice), "alice@mill.example", PASSWORD)),
    (OwnershipOffer, lambda people: ownership.offer(factories.caller(people.alice), people.bob.uuid, PASSWORD)),
    (Invite, lambda people: invites.create(factories.caller(people.alice), "mia@mill.example", Role.VIEWER))])
def test_what_is_asked_for_twice_stands_once(people: People, model: type[Model],
                                               step: Callable[[People], object]) -> None:
    steps.good(steps.at_once(*[lambda: step(people)] * 4))
    assert model.select().count() == 1


def test_an_invitation_and_a_link_for_a_new_password_are_good_for_one_of_those_who_use_them_at_once(
        people: People) -> None:
    invite, _ = invites.create(factories.caller(people.alice), "mia@mill.example", Role.VIEWER)
    token = letters.token(letters.written(invite.email)[-1])
    joined = steps.at_once(*[lambda: sign_up.sign_up(Person("mia@mill.example", PASSWORD), token)] * 4)
    assert sum(isinstance(one, User) for one in joined) == 1, joined
    assert User.select().where(User.email == "mia@mill.example").count() == 1
    recovery.ask_reset(people.bob.email, "en")
    token = letters.token(letters.written(people.bob.email)[-1])
    changed = steps.at_once(*[lambda: recovery.reset(token, "Another-horse-9")] * 4)
    assert sum(isinstance(one, User) for one in changed) == 1, changed


def test_of_those_who_sign_up_with_one_address_one_is_made_and_the_others_are_told(people: People) -> None:
    made = steps.at_once(*[lambda: sign_up.sign_up(Person("mia@mill.example", PASSWORD))] * 4)
    assert [type(one) for one in made if not isinstance(one, User)] == [AddressTaken] * 3, made
    assert User.select().where(User.email == "mia@mill.example").count() == 1
