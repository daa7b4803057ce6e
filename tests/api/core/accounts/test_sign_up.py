"""Signing up: a business of one's own, or joining one by invitation."""

from datetime import timedelta
from typing import Any


from hub.access.identity import COOKIE
from hub.lib import clock
from hub.models.accounts.invite import Invite
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.agents.agent import Agent
from hub.models.platform.event import Event
from hub.models.platform.idempotency import IdempotencyKey
from tests import letters
from tests.api.callers import bearer
from tests.api.noun import Wrong
from tests.client import Client
from tests.factories import PASSWORD, People

SIGN_UP, REGISTER, INVITE = "/auth/signup", "/api/auth/register", "/auth/invite"
NEW = {"email": " Vera@Shop.Example ", "password": PASSWORD}
SIGNED = Wrong(f"POST {SIGN_UP}", {"password": ["correct-horse"], "email": ["nobody", "a@b@c", "a b@c.example"],
                                   "username": ["x" * 121], "inviteToken": ["x"]}, code="")
INVITED = Wrong(f"POST {INVITE}", {"role": ["owner", "guest", "king"], "email": ["x"]}, code="")
REGISTERED = Wrong(f"POST {REGISTER}", {"password": ["short"], "email": ["nobody"]}, code="")


def invited(owner: Client, email: str = "erin@bakery.example", role: str = "operator") -> str:
    """The token of a new invitation."""
    return str(owner.post(INVITE, {"email": email, "role": role}, expect=201)["inviteLink"]).partition("=")[2]


def test_a_new_person_owns_a_new_business_and_is_signed_in(client: Client, people: People) -> None:
    made = client.post(SIGN_UP, {**NEW, "username": "vera", "companyName": "Цветы"}, expect=201,
                       headers={"Accept-Language": "ru"})
    user = User.by_email("vera@shop.example")
    assert user is not None and user.tenant.name == "Цветы" and user.tenant.language == "ru"
    assert made == {"success": True, "user": {"id": str(user.uuid), "email": "vera@shop.example", "username": "vera",
                                              "role": "owner", "tenantId": str(user.tenant.uuid)}}
    assert client.get("/auth/me")["authenticated"] is True and client.get("/api/tenant")["name"] == "Цветы"
    assert Agent.serving(user.tenant_id) is not None
    assert {"tenant.created", "user.created"} <= {event.kind for event in Event.of(user.tenant_id)}


def test_a_business_without_a_name_gets_one_in_the_persons_language(client: Client, people: People) -> None:
    client.post(SIGN_UP, NEW, expect=201, headers={"Accept-Language": "en"})
    assert Tenant.select().order_by(Tenant.id.desc()).get().name == "My business"


def test_an_address_that_has_an_account_gets_a_hint_and_a_letter(client: Client, people: People) -> None:
    before = User.select().count(), Tenant.select().count()
    answer = client.call("POST", SIGN_UP, json={"email": people.alice.email.upper(), "password": PASSWORD}, expect=200)
    assert set(answer.get_json()) == {"success", "message", "hint"}
    assert (answer.get_json()["success"], answer.get_json()["hint"]) == (False, "login_or_reset")
    assert COOKIE not in answer.headers.get("Set-Cookie", "")
    assert (User.select().count(), Tenant.select().count()) == before
    assert letters.link(letters.written(people.alice.email)[0]).endswith("/auth/login")


def test_a_user_name_is_one_persons(client: Client, people: People) -> None:
    client.post(SIGN_UP, {**NEW, "username": "vera"}, expect=201)
    before = Tenant.select().count()
    client.refused("POST", SIGN_UP, {**NEW, "email": "other@shop.example", "username": "vera"}, status=409,
                   code="username_taken", field="username")
    assert Tenant.select().count() == before


def test_where_sign_up_is_closed_only_the_invited_come_in(client: Client, alice: Client, use: Any) -> None:
    token = invited(alice)
    use(sign_up="closed")
    client.refused("POST", SIGN_UP, NEW, status=403, code="sign_up_closed")
    client.post(SIGN_UP, {"email": "erin@bakery.example", "password": PASSWORD, "inviteToken": token}, expect=201)


def test_registering_signs_in_with_tokens(app: Any, client: Client, people: People) -> None:
    made = client.post(REGISTER, {**NEW, "full_name": "Вера Павловна Розальская"}, expect=201)
    user = User.by_email("vera@shop.example")
    assert user is not None and (user.first_name, user.last_name) == ("Вера", "Павловна Розальская")
    assert made["user"]["full_name"] == "Вера Павловна Розальская" and made["token_type"] == "bearer"
    assert bearer(app, made["access_token"]).get("/api/users/me")["email"] == "vera@shop.example"
    client.refused("POST", REGISTER, NEW, status=409, code="email_taken", field="email")


def test_an_invitation_gives_its_role_in_its_business(client: Client, alice: Client, people: People) -> None:
    link = alice.post(INVITE, {"email": "Erin@Bakery.example", "role": "operator"}, expect=201,
                      headers={"Idempotency-Key": "once"})["inviteLink"]
    assert not IdempotencyKey.select().exists(), "the link opens the business: it is kept nowhere"
    letter = letters.written("erin@bakery.example")[0]
    assert letters.link(letter) != link and "Bakery" in letter.subject and letter.tenant == people.tenant
    sent = {"email": "erin@bakery.example", "password": PASSWORD, "inviteToken": letters.token(letter)}
    made = client.post(SIGN_UP, sent, expect=201)
    assert (made["user"]["role"], made["user"]["tenantId"]) == ("operator", str(people.tenant.uuid))
    erin = User.by_email("erin@bakery.example")
    assert erin is not None and erin.email_verified_at is not None
    client.refused("POST", SIGN_UP, {**sent, "email": "else@bakery.example"}, status=400, code="invite_invalid")


def test_an_invitation_is_for_its_own_address_and_seven_days(client: Client, alice: Client) -> None:
    token = invited(alice)
    sent = {"email": "mallory@bakery.example", "password": PASSWORD, "inviteToken": token}
    client.refused("POST", SIGN_UP, sent, status=400, code="invite_invalid")
    Invite.update(expires_at=clock.now() - timedelta(seconds=1)).execute()
    client.refused("POST", SIGN_UP, {**sent, "email": "erin@bakery.example"}, status=400, code="invite_invalid")


def test_only_the_latest_invitation_of_an_address_counts(client: Client, alice: Client) -> None:
    first, second = invited(alice), invited(alice, role="viewer")
    sent = {"email": "erin@bakery.example", "password": PASSWORD}
    client.refused("POST", SIGN_UP, {**sent, "inviteToken": first}, status=400)
    assert client.post(SIGN_UP, {**sent, "inviteToken": second}, expect=201)["user"]["role"] == "viewer"


def test_an_invitation_does_not_tell_who_has_an_account_elsewhere(alice: Client, people: People) -> None:
    new, known = (alice.call("POST", INVITE, json={"email": email, "role": "viewer"}, expect=201).get_json()
                  for email in ("erin@bakery.example", people.dave.email))
    assert set(new) == set(known) == {"success", "inviteLink", "expiresAt"}


def test_a_colleague_is_not_invited_again(alice: Client, people: People) -> None:
    alice.refused("POST", INVITE, {"email": people.bob.email, "role": "viewer"}, status=409, code="already_here")


def test_who_joins_a_suspended_business_is_told_so(client: Client, alice: Client, people: People) -> None:
    token = invited(alice)
    Tenant.update(status="restricted").where(Tenant.id == people.tenant.id).execute()
    sent = {"email": "erin@bakery.example", "password": PASSWORD, "inviteToken": token}
    client.refused("POST", SIGN_UP, sent, status=403, code="TENANT_RESTRICTED")
