"""The team page: who works here, changed by those who may, with a way back and always an owner."""

import csv
import io
import re
from typing import Any

import pytest

from hub.access.callers import UserCaller
from hub.errors import Conflict
from hub.models.accounts.invite import Invite
from hub.models.accounts.session import UserSession
from hub.models.accounts.user import Role, User
from hub.services.accounts import team
from hub.services.accounts.team import MemberIn
from tests import factories
from tests.api import world as worlds
from tests.api.callers import browser
from tests.client import Client
from tests.factories import People
from tests.pages.forms import secret, submit

PART = {"HX-Request": "true"}


def shown(text: str) -> list[str]:
    """The names in the list, in its order."""
    return re.findall(r'class="person-name cut">([^<]+?)(?: <|</span>)', text)


def test_an_owner_sees_the_people_of_the_own_business_only(page: Client) -> None:
    assert shown(page.call("GET", "/settings/team", expect=200).text) == ["Alice", "Bob", "Carol"]


def test_whoever_may_not_manage_people_neither_sees_nor_is_shown_the_way(app: Any, people: People) -> None:
    for user in (people.bob, people.carol, factories.make_user(people.tenant, "admin")):
        client = browser(app, user)
        client.call("GET", "/settings/team", expect=403)
        client.call("GET", "/settings/team.csv", expect=403)
        assert "/settings/team" not in client.call("GET", "/inbox", expect=200).text
    assert "/settings/team" in browser(app, people.alice).call("GET", "/inbox", expect=200).text


@pytest.mark.parametrize(("query", "names"), [
    ("q=bob", ["Bob"]), ("q=BAKERY.example", ["Alice", "Bob", "Carol"]), ("q=nobody", []), ("role=viewer", ["Carol"]),
    ("state=disabled", []), ("role=owner&q=bob", []), ("sort=-name", ["Carol", "Bob", "Alice"]),
    ("sort=nonsense&role=x", ["Alice", "Bob", "Carol"]), ("sort=role", ["Bob", "Alice", "Carol"])])
def test_the_list_is_searched_filtered_and_sorted(page: Client, query: str, names: list[str]) -> None:
    text = page.call("GET", f"/settings/team?{query}", expect=200).text
    assert shown(text) == names
    assert ("Nothing found" in text) == (not names)


@pytest.mark.parametrize("typed", ["екатерина", "ЁЛКИНА", "Ёлкина", "екатерина ёлкина"])
def test_a_name_is_found_in_whatever_case_it_is_typed(page: Client, people: People, typed: str) -> None:
    factories.make_user(people.tenant, first_name="Екатерина", last_name="Ёлкина")
    assert shown(page.call("GET", "/settings/team", query_string={"q": typed}, expect=200).text) == ["Екатерина Ёлкина"]


@pytest.mark.parametrize("sort", ["name", "-name", "role", "seen", "-seen", "-state"])
def test_a_long_team_comes_in_parts_without_gaps(page: Client, people: People, sort: str) -> None:
    for number in range(95):
        factories.make_user(people.tenant, first_name=f"Person {number % 7}", is_active=number % 3 > 0)
    seen: list[str] = []
    path = f"/settings/team?sort={sort}"
    for _ in range(3):
        text = page.call("GET", path, expect=200).text
        seen += re.findall(r'id="member-([0-9a-f-]+)"', text)
        following = re.search(r'hx-get="([^"]*after=[^"]*)"', text)
        path = following[1].replace("&amp;", "&") if following else ""
    assert path == "" and len(seen) == len(set(seen)) == 98


@pytest.mark.parametrize("key", ["x", "W10", "WzEsMl0", "WyJ4IiwieCJd", "WyIyMDI2IiwxXQ"])
def test_an_invented_key_breaks_nothing(page: Client, key: str) -> None:
    for sort in ("name", "seen", "state"):
        assert page.call("GET", f"/settings/team?sort={sort}&after={key}").status_code in (200, 400)


def test_the_list_can_be_kept_as_csv_that_no_spreadsheet_works_out(page: Client, people: People) -> None:
    odd = ["=1+1", "+7 900", "-2", "@SUM(A1)", "\tx", "=cmd|' /C calc'!A0"]
    for name in odd:
        factories.make_user(people.tenant, first_name=name)
    answer = page.call("GET", "/settings/team.csv", expect=200)
    assert answer.mimetype == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    text = answer.data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["Name", "Email", "Role", "State", "Last seen"]
    made = {f"'{name}" for name in odd if name[0] != "\t"}     # spaces at the ends are no part of a name
    assert {row[0] for row in rows[1:]} == {"Alice", "Bob", "Carol", "x", *made}
    assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for row in rows for cell in row)
    narrowed = page.call("GET", "/settings/team.csv?role=viewer", expect=200).data.decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(narrowed))] == ["Name", "Carol"]


def test_a_role_is_changed_and_changed_back(page: Client, people: People) -> None:
    answer = submit(page, f"/settings/team/{people.bob.uuid}", 303, role="admin")
    assert User.get_by_id(people.bob.id).role == "admin"
    text = page.call("GET", answer.location, expect=200).text
    assert "Bob: the role is now “Administrator”." in text
    undo = re.search(r'action="([^"]+)"[^>]*>\s*<input type="hidden" name="csrf_token"[^>]*>\s*'
                     r'<input type="hidden" name="role" value="operator">', text)
    assert undo is not None
    submit(page, undo[1], 303, role="operator")
    assert User.get_by_id(people.bob.id).role == "operator"


def test_a_part_of_the_page_answers_htmx(page: Client, people: People) -> None:
    token = secret(page, "/settings/team")
    answer = page.call("POST", f"/settings/team/{people.bob.uuid}", data={"role": "viewer", "csrf_token": token},
                       headers=PART, expect=200).text
    assert "<html" not in answer and f'id="member-{people.bob.uuid}"' in answer and "Undo" in answer


@pytest.mark.parametrize(("role", "said"), [
    ("", "Fill this in."), *((role, "Choose one of what is offered.") for role in ("emperor", "OWNER", "owner\x00 "))])
def test_an_invented_role_is_refused_in_words(page: Client, people: People, role: str, said: str) -> None:
    token = secret(page, "/settings/team")
    answer = page.call("POST", f"/settings/team/{people.bob.uuid}", data={"role": role, "csrf_token": token},
                       headers=PART, expect=422).text
    assert said in answer
    assert User.get_by_id(people.bob.id).role == "operator"


def test_a_disabled_person_is_out_at_once_and_can_be_let_in_again(app: Any, page: Client, people: People) -> None:
    bob, token = browser(app, people.bob), Client(app, people.bob)
    bob.call("GET", "/inbox", expect=200)
    token.get("/api/tenant")
    submit(page, f"/settings/team/{people.bob.uuid}/disable", 303)
    bob.call("GET", "/inbox", expect=302)
    token.get("/api/tenant", expect=401)
    assert UserSession.select().where(UserSession.user == people.bob).count() == 0
    submit(page, f"/settings/team/{people.bob.uuid}/enable", 303)
    bob.call("GET", "/inbox", expect=302)       # old sessions stay ended
    browser(app, people.bob).call("GET", "/inbox", expect=200)


def test_the_last_owner_stays_one(page: Client, people: People) -> None:
    before = worlds.picture(people.tenant)
    for path in (f"/settings/team/{people.alice.uuid}", f"/settings/team/{people.alice.uuid}/disable"):
        token = secret(page, "/settings/team")
        text = page.call("POST", path, data={"role": "viewer", "csrf_token": token}, headers=PART, expect=422).text
        assert "This is the only owner. Make somebody else an owner first." in text
    assert worlds.picture(people.tenant) == before


def test_a_disabled_owner_is_no_owner_that_counts(people: People) -> None:
    second = UserCaller(factories.make_user(people.tenant, "owner", is_active=False), people.tenant, "session")
    for attempt in (lambda: team.disable(second, people.alice),
                    lambda: team.change(second, people.alice, MemberIn(role=Role.VIEWER))):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert refused.value.code == "last_owner"


def test_nobody_changes_the_own_access_by_mistake(page: Client, people: People) -> None:
    factories.make_user(people.tenant, "owner")
    token = secret(page, "/settings/team")
    for path in (f"/settings/team/{people.alice.uuid}", f"/settings/team/{people.alice.uuid}/disable"):
        text = page.call("POST", path, data={"role": "viewer", "csrf_token": token}, headers=PART, expect=422).text
        assert "You cannot change your own role or access." in text
    assert User.get_by_id(people.alice.id).role == "owner"


def test_one_owner_may_change_another(page: Client, people: People) -> None:
    second = factories.make_user(people.tenant, "owner")
    submit(page, f"/settings/team/{second.uuid}", 303, role="admin")
    assert User.get_by_id(second.id).role == "admin"


def test_a_stranger_is_no_member(page: Client, people: People) -> None:
    his = f"/settings/team/{people.dave.uuid}"
    for path in (his, f"{his}/disable", "/settings/team/x"):
        submit(page, path, 404, role="viewer")
    assert User.get_by_id(people.dave.id).role == "owner"


def test_a_colleague_is_invited_again_and_the_invitation_taken_back(page: Client, client: Client,
                                                                     people: People) -> None:
    wanted = {"email": "erin@bakery.example", "role": "viewer"}
    links = [re.findall(r"/auth/signup\?invite=[\w-]+", submit(page, "/settings/team", 201, **wanted).text)
             for _ in range(2)]
    assert len(links[0]) == len(links[1]) == 1 and links[0] != links[1]
    assert "erin@bakery.example" not in client.call("GET", links[0][0]).text        # good no more
    assert "erin@bakery.example" in client.call("GET", links[1][0]).text
    made = Invite.get()
    assert (made.email, made.role, made.tenant) == ("erin@bakery.example", "viewer", people.tenant)
    shown = page.call("GET", "/settings/team", expect=200).text
    assert "erin@bakery.example" in shown and "invite=" not in shown       # nobody reads it later
    submit(page, f"/settings/team/invites/{made.uuid}/remove", 303)
    assert not Invite.select().exists()
    assert "erin@bakery.example" not in page.call("GET", "/settings/team", expect=200).text.partition("toasts")[0]


def test_a_wrong_invitation_is_said_at_its_field(page: Client, people: People) -> None:
    assert "in the team already" in submit(page, "/settings/team", 422, email=people.bob.email,
                                           role="viewer").text
    assert "no e-mail address" in submit(page, "/settings/team", 422, email="erin", role="viewer").text
    submit(page, "/settings/team", 422, email="erin@bakery.example", role="owner")
