"""/api/user: the profile, the picture beside a name, and what a person's reply does to the AI."""

import io
from typing import Any

import pytest

from hub.lib import clock
from hub.models.accounts.tenant import Plan, Tenant
from hub.models.accounts.user import User
from hub.models.platform.file import File
from hub.models.platform.grant import Grant
from tests.api.bodies import PNG
from tests.api.callers import code
from tests.api.noun import One, Wrong
from tests.api.one import walks_of
from tests.client import Client
from tests.factories import People

PROFILE, AVATAR, SETTINGS = "/api/user/profile", "/api/user/avatar", "/api/user/settings"
ME = One(PROFILE, reads="guest", updates="guest", change={"full_name": "Роберт Де Ниро", "theme": "dark"},
         wrong={"full_name": ["x" * 256, 5], "theme": ["pink", None], "company_name": ["", "x" * 256, None]})
globals().update(walks_of(ME))
REPLIES = Wrong(f"PATCH {SETTINGS}", {"stop_on_human_reply": ["perhaps", None], "auto_resume_after": [0, 10_001, "x"],
                                      "auto_resume_unit": ["weeks", "", None, 5]})


def send(client: Client, content: bytes = PNG, name: str = "me.png", field: str = "avatar", **more: Any) -> Any:
    return client.call("POST", AVATAR, data={field: (io.BytesIO(content), name)}, **more)


def test_it_shows_the_person_the_business_and_its_plan(bob: Client, people: People) -> None:
    found = bob.get(PROFILE)["user"]
    assert found.pop("created_at") and found.pop("updated_at") and found.pop("trial_ends_at")
    assert found == {
        "id": str(people.bob.uuid), "email": people.bob.email, "full_name": "Bob", "avatar_url": None,
        "company_name": "Bakery", "company_logo_url": None, "subscription_plan": "trial",
        "subscription_status": "active", "subscription_expires_at": None, "theme": "system", "locale": "en",
        "stop_on_human_reply": False,
        "auto_resume_after": 30, "auto_resume_unit": "дней"}


def test_a_subscription_is_active_by_its_plan_its_trial_or_a_grant(bob: Client, people: People) -> None:
    Tenant.update(trial_ends_at=clock.ahead(-1)).execute()
    assert bob.get(PROFILE)["user"]["subscription_status"] == "expired"
    Grant.create(tenant=people.tenant, starts_at=clock.ahead(-60), ends_at=clock.ahead(60), reason="x", granted_by="x")
    found = bob.get(PROFILE)["user"]
    assert found["subscription_status"] == "active" and found["subscription_expires_at"]
    Grant.delete().execute()
    Tenant.update(plan=Plan.LAUNCH).execute()
    assert bob.get(PROFILE)["user"]["subscription_status"] == "active"


def test_a_full_name_is_the_names_of_the_other_contract_and_may_be_taken_away(bob: Client) -> None:
    bob.patch(PROFILE, {"full_name": " Anna\nMaria  Petrova "})
    assert bob.get("/api/users/me")["first_name"] == "Anna" and bob.get(PROFILE)["user"]["full_name"] == (
        "Anna Maria Petrova")
    assert bob.patch(PROFILE, {"full_name": None})["user"]["full_name"] is None


def test_the_company_is_everybodys_and_changed_by_whom_its_settings_are_open_to(
        alice: Client, bob: Client, people: People) -> None:
    assert code(bob.call("PATCH", PROFILE, json={"company_name": "Mine", "theme": "dark"}, expect=403)) == (
        "INSUFFICIENT_PERMISSIONS")
    assert User.get_by_id(people.bob.id).theme == "system", "what is refused is refused as a whole"
    assert alice.patch(PROFILE, {"company_name": "Mill"})["user"]["company_name"] == "Mill"
    assert bob.get("/api/tenant")["name"] == "Mill"


def test_a_picture_is_shown_by_its_address_and_replaces_the_one_of_before(
        client: Client, bob: Client, people: People, still: float) -> None:
    first = send(bob, expect=200).get_json()["avatar_url"]
    assert first.startswith("http://") and bob.get(PROFILE)["user"]["avatar_url"] == first
    shown = client.call("GET", first, expect=200)
    assert (shown.data, shown.mimetype) == (PNG, "image/png")
    second = send(bob, PNG + b"4", field="file", expect=200).get_json()["avatar_url"]
    client.call("GET", first, expect=404)
    assert client.call("GET", second, expect=200).data == PNG + b"4"
    (row,) = File.select()
    assert (row.uuid, row.owner) == (User.get_by_id(people.bob.id).picture, f"user:{people.bob.id}")


@pytest.mark.parametrize(("content", "name"), [(b"GIF89a123", "me.png"), (b"<svg/>", "me.png"), (PNG, "me.gif")])
def test_what_is_no_still_picture_is_refused_and_the_one_of_before_stays(
        bob: Client, content: bytes, name: str, still: float) -> None:
    before = send(bob, expect=200).get_json()
    assert code(send(bob, content, name, expect=422)) == "UNSUPPORTED_FORMAT"
    assert bob.get(PROFILE)["user"]["avatar_url"] == before["avatar_url"] and File.select().count() == 1


def test_a_picture_has_five_megabytes_at_the_most(bob: Client) -> None:
    assert code(send(bob, PNG.ljust((5 << 20) + 1, b"x"), expect=413)) == "FILE_TOO_LARGE"


@pytest.mark.parametrize(("given", "kept"), [("дней", "дней"), ("hours", "часов"), ("Минуты", "минут")])
def test_a_unit_may_be_english_and_is_kept_as_documented(alice: Client, given: str, kept: str) -> None:
    sent = {"stop_on_human_reply": True, "auto_resume_after": 7, "auto_resume_unit": given}
    assert alice.patch(SETTINGS, sent) == {**sent, "auto_resume_unit": kept}
    assert {**sent, "auto_resume_unit": kept}.items() <= alice.get(PROFILE)["user"].items()


def test_only_what_is_given_changes(alice: Client, bob: Client) -> None:
    alice.patch(SETTINGS, {"auto_resume_after": 7})
    assert alice.patch(SETTINGS, {"stop_on_human_reply": True}) == {
        "stop_on_human_reply": True, "auto_resume_after": 7, "auto_resume_unit": "дней"}
    bob.patch(SETTINGS, {"auto_resume_after": 8}, expect=403)
