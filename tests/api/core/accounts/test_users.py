"""The signed-in person's own account."""

from typing import Any

from hub.access.callers import UserCaller
from hub.models.accounts.session import UserSession
from hub.models.accounts.user import User
from hub.services.accounts import accounts
from tests.api.callers import bearer, browser, code
from tests.api.noun import One, Wrong
from tests.api.one import walks_of
from tests.client import Client
from tests.factories import PASSWORD, People
from tests.pages.forms import submit

NEW = "Better-horse-8"


ME = One("/api/users/me", method="PUT", reads="guest", updates="guest", follows=["full_name"],
         change={"first_name": "Роберт", "last_name": "Иванов"},
         wrong={"first_name": ["x" * 121, None], "last_name": ["x" * 121, 5]})
globals().update(walks_of(ME))
PASSWORDS = Wrong("POST /api/users/change-password", {"current_password": [None, "x" * 1025], "new_password": [
    None, "x" * 1025]})


def change(client: Client, new: str = NEW, current: str = PASSWORD, **more: Any) -> Any:
    return client.call("POST", "/api/users/change-password", json={"current_password": current, "new_password": new},
                       **more)


def test_it_shows_the_person(bob: Client, people: People) -> None:
    found = bob.get("/api/users/me")
    assert found.pop("created_at")
    assert found == {"id": people.bob.id, "email": "bob@bakery.example", "first_name": "Bob", "last_name": "",
                     "full_name": "Bob", "is_admin": False, "role": "operator", "locale": "en", "theme": "system",
                     "plan": "trial", "onboarding_completed": False}


def test_a_name_is_one_line_and_whoever_has_none_is_called_by_email(bob: Client, people: People) -> None:
    assert bob.put("/api/users/me", {"first_name": "Роберт", "lastName": "Иванов"})["full_name"] == "Роберт Иванов"
    assert bob.put("/api/users/me", {"first_name": " a\n\x07b\u202e "})["full_name"] == "a b Иванов"
    assert bob.put("/api/users/me", {"first_name": "", "last_name": ""})["full_name"] == people.bob.email


def test_nobody_makes_himself_somebody_else(bob: Client, people: People) -> None:
    before = User.get_by_id(people.bob.id).__data__
    bob.put("/api/users/me", {"first_name": "Bob", "role": "owner", "email": "alice@bakery.example", "is_admin": True,
                              "is_platform_admin": True, "isPlatformOwner": True, "tenant": people.other.id,
                              "tenantId": str(people.other.uuid), "id": people.alice.id, "password_hash": "x",
                              "is_active": False, "created_at": "2020-01-01T00:00:00Z"})
    assert User.get_by_id(people.bob.id).__data__ == before


def test_a_name_changed_while_the_password_changes_keeps_both(people: People) -> None:
    stale = User.get_by_id(people.bob.id)
    User.update(password_hash="new").where(User.id == people.bob.id).execute()
    accounts.change_profile(UserCaller(stale, stale.tenant, "session"), first_name="Robert")
    assert User.get_by_id(people.bob.id).password_hash == "new"


def test_a_new_password_signs_everybody_else_out(app: Any, people: People) -> None:
    page, other, token = browser(app, people.bob), browser(app, people.bob), accounts.issue_tokens(people.bob)
    stranger = browser(app, people.alice)
    assert change(page, expect=200).get_json() == {"success": True}
    page.get("/api/users/me")
    stranger.get("/api/users/me")
    other.get("/api/users/me", expect=401)
    bearer(app, token.access).get("/api/users/me", expect=401)
    other.post("/api/auth/refresh", {"refresh_token": token.refresh}, expect=401)
    assert UserSession.select().where(UserSession.user == people.bob).count() == 1
    other.post("/auth/login", {"email": people.bob.email, "password": PASSWORD}, expect=401)
    other.post("/auth/login", {"email": people.bob.email, "password": NEW})


def test_the_current_password_is_needed(bob: Client, people: People) -> None:
    answer = change(bob, current="Wrong-horse-7", expect=422)
    assert (code(answer), answer.get_json()["error"]["details"]) == ("INVALID_CREDENTIALS",
                                                                     {"field": "current_password"})
    assert User.get_by_id(people.bob.id).password_hash == people.bob.password_hash


def test_guessing_the_password_at_an_open_browser_ends(app: Any, bob: Client, people: People) -> None:
    for _ in range(5):
        change(bob, current="Wrong-horse-7", expect=422)
    assert code(change(bob, expect=423)) == "ACCOUNT_LOCKED"
    bob.post("/api/account/email", {"email": "bob@mill.example", "current_password": PASSWORD}, expect=423)
    page = submit(browser(app, people.bob), "/account/password", 422, current_password=PASSWORD, new_password=NEW)
    assert "Wait a quarter of an hour" in page.text
    assert User.get_by_id(people.bob.id).password_hash == people.bob.password_hash


def test_a_weak_password_is_refused(bob: Client, people: People) -> None:
    assert code(change(bob, new="correct-horse", expect=422)) == "weak_password"
    assert User.get_by_id(people.bob.id).password_hash == people.bob.password_hash
