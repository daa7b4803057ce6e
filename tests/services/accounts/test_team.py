"""A business keeps an owner, whoever takes the role from whom at the same moment."""

from threading import Barrier, Thread

from hub.access.callers import UserCaller
from hub.errors import Conflict
from hub.models.accounts.user import Role, User
from hub.models.base import connection
from hub.services.accounts import team
from hub.services.accounts.team import MemberIn
from tests import factories
from tests.factories import People


def test_two_owners_who_take_the_role_from_each_other_leave_one(people: People) -> None:
    for _ in range(3):
        pair = [people.alice, factories.make_user(people.tenant, "owner")]
        start = Barrier(2)
        refused: list[str] = []

        def take(actor: User, member: User, start: Barrier = start, refused: list[str] = refused) -> None:
            with connection():
                actor, member = User.get_by_id(actor.id), User.get_by_id(member.id)     # as each request reads them
                start.wait()
                try:
                    team.change(UserCaller(actor, people.tenant, "session"), member, MemberIn(role=Role.VIEWER))
                except Conflict as error:
                    refused.append(error.code)

        threads = [Thread(target=take, args=order) for order in (pair, pair[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        owners = User.select().where(User.tenant == people.tenant, User.role == Role.OWNER).count()
        assert (owners, refused) == (1, ["last_owner"])
        User.update(role=Role.VIEWER).where(User.tenant == people.tenant).execute()
        User.update(role=Role.OWNER).where(User.id == people.alice.id).execute()
