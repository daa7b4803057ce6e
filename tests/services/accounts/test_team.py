"""A business keeps an owner, whoever takes the role from whom at the same moment."""

from functools import partial

from hub.errors import Conflict
from hub.models.accounts.user import Role, User
from hub.services.accounts import team
from hub.services.accounts.team import MemberIn
from tests import factories
from tests.factories import People
from tests.services import steps


def test_two_owners_who_take_the_role_from_each_other_leave_one(people: People) -> None:
    for _ in range(3):
        pair = [people.alice.id, factories.make_user(people.tenant, "owner").id]
        read = [[User.get_by_id(number) for number in order] for order in (pair, pair[::-1])]   # as each request does
        said = steps.at_once(*[partial(team.change, factories.caller(actor), member, MemberIn(role=Role.VIEWER))
                               for actor, member in read])
        refused = [one.code for one in steps.good(said, Conflict) if isinstance(one, Conflict)]
        owners = User.select().where(User.tenant == people.tenant, User.role == Role.OWNER).count()
        assert (owners, refused) == (1, ["last_owner"])
        User.update(role=Role.VIEWER).where(User.tenant == people.tenant).execute()
        User.update(role=Role.OWNER).where(User.id == people.alice.id).execute()
