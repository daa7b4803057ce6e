"""Where somebody is signed in, and signing out of one browser or of everything."""

from typing import Any

from hub.models.accounts.session import UserSession
from hub.models.platform.event import Event
from hub.services.accounts import accounts
from tests.api.callers import bearer, browser
from tests.client import Client
from tests.factories import People

SESSIONS = "/api/account/sessions"


def test_the_own_browsers_are_listed_and_nobody_elses(app: Any, people: People) -> None:
    here, _, _ = browser(app, people.bob), browser(app, people.bob), browser(app, people.alice)
    found = here.get(SESSIONS)
    assert [row["isCurrent"] for row in found] == [False, True]
    assert set(found[0]) == {"id", "isCurrent", "ip", "userAgent", "createdAt", "lastSeenAt"}
    assert "digest" not in str(found)


def test_one_browser_is_signed_out(app: Any, people: People) -> None:
    here, other, stranger = browser(app, people.bob), browser(app, people.bob), browser(app, people.alice)
    theirs = UserSession.get(UserSession.user == people.alice).uuid
    here.delete(f"{SESSIONS}/{theirs}", expect=404)
    here.delete(f"{SESSIONS}/nonsense", expect=404)
    other_id = next(row["id"] for row in here.get(SESSIONS) if not row["isCurrent"])
    here.delete(f"{SESSIONS}/{other_id}")
    other.get("/api/users/me", expect=401)
    here.get("/api/users/me")
    stranger.get("/api/users/me")


def test_signing_out_everywhere_ends_every_browser_and_token(app: Any, people: People) -> None:
    here, other, token = browser(app, people.bob), browser(app, people.bob), accounts.issue_tokens(people.bob)
    here.post("/api/account/sign-out-everywhere")
    for client in (here, other, bearer(app, token.access)):
        client.get("/api/users/me", expect=401)
    Client(app).post("/api/auth/refresh", {"refresh_token": token.refresh}, expect=401)
    assert Event.select().where(Event.kind == "user.signed_out_everywhere").count() == 1
    people.bob.session_era = 1
    bearer(app, accounts.issue_tokens(people.bob).access).get("/api/users/me")


def test_who_acts_for_somebody_changes_nothing_about_how_they_get_in(app: Any, people: People) -> None:
    client = browser(app, people.bob)
    UserSession.update(impersonator=people.dave, opened_by=None).where(UserSession.user == people.bob).execute()
    people.dave.is_platform_owner = True
    people.dave.save()
    client.refused("POST", "/api/account/sign-out-everywhere", {}, status=403, code="impersonating")
    client.refused("POST", "/api/users/change-password", {"current_password": "x", "new_password": "y"}, status=403,
                   code="impersonating")
