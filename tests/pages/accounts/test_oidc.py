"""Signing in with an OpenID provider, spoken to over HTTP: who is let in, and everything that proves nothing."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from hub.access.identity import COOKIE
from hub.models.accounts.oidc_identity import OidcIdentity
from hub.models.accounts.passkey import Passkey
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.totp import Totp
from hub.models.accounts.user import Role, User
from hub.models.base import Model
from hub.models.platform.event import Event
from hub.models.platform.mail import Mail
from hub.services.accounts import accounts, invites
from hub.settings import Settings
from tests import factories, second_factors
from tests.api.callers import bearer, browser
from tests.client import Client
from tests.factories import PASSWORD, People
from tests.fakes import FakeServer, oidc
from tests.fakes.oidc import CLIENT, PERSON, SECRET
from tests.pages.accounts.oidc_door import BACK, Door
from tests.services import steps
from tests.waits import STUCK_S


@pytest.fixture
def configure(
        use: Callable[..., Settings], fake: FakeServer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """However long it takes, the provider is waited for; what takes long is there before anybody asks."""
    monkeypatch.setattr("hub.partners.oidc._TIMEOUT_S", STUCK_S)
    for kid in ("first", "second"):
        oidc.signing_key(kid)

    def configured(**changes: Any) -> Settings:
        return use(**{"oidc_issuer": f"{fake.url}/oidc", "oidc_client_id": CLIENT, "oidc_client_secret": SECRET,
                      "base_url": "http://hub.example", **changes})
    return configured


@pytest.fixture
def door(client: Client, people: People, fake: FakeServer, configure: Callable[..., Settings]) -> Door:
    configure()
    return Door(client, fake)


@pytest.fixture
def vera(people: People) -> User:
    """Whom the provider knows works in alice's business already, and has shown that the mailbox is theirs."""
    return factories.make_user(people.tenant, email=PERSON["email"], email_verified_at=people.tenant.created_at)


def test_the_button_stands_there_only_where_there_is_a_provider(
        client: Client, configure: Callable[..., Settings]) -> None:
    assert not [path for path in ("/auth/login", "/auth/signup")
                if "/auth/oidc" in client.call("GET", path, expect=200).text]
    configure(oidc_name="Mill <ID>")
    for path in ("/auth/login?next=/settings/team", "/auth/signup"):
        page = client.call("GET", path, expect=200).text
        assert "Sign in with Mill &lt;ID&gt;" in page and 'href="/auth/oidc' in page
    page = client.call("GET", "/auth/login?next=/settings/team", expect=200).text
    assert 'href="/auth/oidc?next=/settings/team"' in page


def test_the_provider_is_asked_with_state_nonce_and_a_challenge_and_never_the_same_twice(door: Door) -> None:
    asked = [parse_qs(urlsplit(door.client.call("GET", "/auth/oidc", expect=302).location).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[0][name][0]) > 30 and asked[0][name] != asked[1][name]
    usual = {"response_type": ["code"], "client_id": [CLIENT], "code_challenge_method": ["S256"],
             "redirect_uri": [f"http://hub.example{BACK}"], "scope": ["openid email profile"]}
    assert usual.items() <= asked[0].items()


def test_a_colleague_comes_in_by_the_address_and_from_then_on_by_the_subject(door: Door, vera: User) -> None:
    assert door.enter("?next=/settings/team") == "/settings/team"
    door.client.call("GET", "/inbox", expect=200)
    assert User.get_by_id(vera.id).auth_provider == "mixed"
    door.claim(email="other@mill.example", email_verified=False)
    assert door.enter("?next=//evil.example") == "/inbox"
    assert OidcIdentity.select().count() == 1 and User.select().where(User.email == "other@mill.example").count() == 0
    kinds = [event.kind for event in Event.select().where(Event.actor == f"user:{vera.uuid}").order_by(Event.id)]
    assert kinds == ["oidc_identity.created", "user.changed", "user.signed_in", "user.signed_in"]


def test_somebody_new_owns_a_new_business_without_a_password_or_a_letter(door: Door) -> None:
    assert door.enter() == "/inbox"
    made = User.get(User.email == PERSON["email"])
    assert (made.role, made.name, made.password_hash, made.auth_provider) == ("owner", "Vera Miller", None, "oidc")
    assert made.email_verified_at and Mail.select().count() == 0


@pytest.mark.parametrize("known", [False, True])
def test_who_comes_in_by_two_tabs_at_once_is_one_person(door: Door, app: Any, people: People, known: bool) -> None:
    if known:
        factories.make_user(people.tenant, email=PERSON["email"], email_verified_at=people.tenant.created_at)
    doors = [Door(Client(app), door.fake) for _ in range(3)]
    backs = [one.go() for one in doors]
    said = steps.good(steps.at_once(*[partial(one.client.call, "GET", back, expect=302)
                                      for one, back in zip(doors, backs, strict=True)]))
    assert [answer.location for answer in said] == ["/inbox"] * 3 and OidcIdentity.select().count() == 1


def test_who_has_no_password_is_shown_how_to_set_one(door: Door) -> None:
    door.enter()
    for path in ("/account", "/account/second-factor", "/settings/closing"):
        text = door.client.call("GET", path, expect=200).text
        assert "You have no password yet" in text and 'href="/auth/forgot-password"' in text and "Present" not in text


def test_no_database_chokes_on_what_a_provider_calls_somebody(door: Door) -> None:
    door.claim(given_name="Ve\0ra", family_name="  Mil\nler  ")
    assert door.enter() == "/inbox"
    assert User.get(User.email == PERSON["email"]).name == "Vera Mil ler"


def test_where_sign_up_is_closed_only_the_invited_come_in(
        door: Door, people: People, configure: Callable[..., Settings]) -> None:
    configure(sign_up="closed")
    assert "by invitation" in door.refused()
    _, link = invites.create(factories.caller(people.alice), PERSON["email"], Role.VIEWER)
    token = link.partition("invite=")[2]
    assert f"/auth/oidc?invite={token}" in door.client.call("GET", f"/auth/signup?invite={token}", expect=200).text
    door.enter(f"?invite={token}")
    made = User.get(User.email == PERSON["email"])
    assert (made.tenant, made.role) == (people.tenant, "viewer")


def test_an_invitation_for_somebody_else_opens_nothing(door: Door, people: People) -> None:
    _, link = invites.create(factories.caller(people.alice), "erin@bakery.example", Role.VIEWER)
    assert "not valid any more" in door.refused(door.go(f"?invite={link.partition('invite=')[2]}"))


@pytest.mark.parametrize("claims", [
    {"email_verified": False}, {"email_verified": None}, {"email_verified": "yes"}, {"email": ""}, {"email": "vera"}])
def test_an_address_that_was_not_verified_there_joins_and_makes_nothing(
        door: Door, vera: User, claims: dict[str, Any]) -> None:
    door.claim(**claims)
    assert "is not confirmed" in door.refused()


def test_whose_address_somebody_else_signed_up_with_takes_the_account_and_nothing_of_before_opens_it(
        door: Door, app: Any, people: People) -> None:
    made = factories.make_user(people.tenant, email=PERSON["email"])
    page, token = browser(app, made), accounts.issue_tokens(made)
    second_factors.turned_on(made)
    Passkey.create(user=made, name="Phone", credential="c", public_part="p")
    assert door.enter() == "/inbox"
    assert "Their password, passkeys and app are gone" in door.client.call("GET", "/inbox", expect=200).text
    vera = User.get_by_id(made.id)
    assert (vera.password_hash, vera.auth_provider) == (None, "oidc") and vera.email_verified_at
    assert not Totp.select().exists() and not Passkey.select().exists()
    page.get("/api/users/me", expect=401)
    bearer(app, token.access).get("/api/users/me", expect=401)
    Client(app).post("/auth/login", {"email": vera.email, "password": PASSWORD}, expect=401)


@pytest.mark.parametrize("claims", [
    {"nonce": "another"}, {"nonce": None}, {"aud": "somebody"}, {"aud": ["somebody", "parley"]}, {"aud": None},
    {"azp": "somebody"}, {"exp": 1_700_000_000}, {"exp": None}, {"iat": None}, {"iss": "https://evil.example"},
    {"iss": None}, {"sub": None}, {"sub": ""}, {"sub": "x" * 256}, {"sub": 7}, {"sub": "a\0b"},
    {"nbf": 4_000_000_000}, {"at_hash": "wrong"}])
def test_claims_that_do_not_fit_prove_nothing(door: Door, vera: User, claims: dict[str, Any]) -> None:
    door.claim(**claims)
    assert "proved nothing" in door.refused()


@pytest.mark.parametrize("alg", ["none", "HS256"])
def test_a_token_that_anybody_could_have_signed_proves_nothing(door: Door, vera: User, alg: str) -> None:
    door.spoil(alg=alg)
    assert "proved nothing" in door.refused()


def test_a_key_that_is_new_is_asked_for_and_one_that_is_gone_counts_no_more(door: Door, vera: User) -> None:
    door.enter()
    asked = len(door.fake.calls("oidc", "jwks"))
    door.enter()
    assert len(door.fake.calls("oidc", "jwks")) == asked, "a known key is not asked for again"
    door.spoil(kid="second")
    assert door.enter() == "/inbox" and len(door.fake.calls("oidc", "jwks")) == asked + 1


def test_a_state_of_another_browser_or_of_an_earlier_time_opens_nothing(door: Door, vera: User, app: Any) -> None:
    back = door.go()
    assert "took too long" in Door(Client(app), door.fake).refused(back)
    assert "took too long" in door.refused(re.sub("state=[^&]+", "state=guessed", back))
    note = door.client.http.get_cookie("parley_oidc")
    assert note is None, "a try that failed is over"
    back = door.go()
    kept = door.client.http.get_cookie("parley_oidc").value
    door.client.call("GET", back, expect=302)
    door.client.http.delete_cookie(COOKIE)
    door.client.http.set_cookie("parley_oidc", kept)
    assert "took too long" in door.refused(back)


def test_who_says_no_there_is_told_so_here(door: Door) -> None:
    assert "proved nothing" in door.refused(re.sub("code=[^&]+", "error=access_denied", door.go()))


def test_a_wrong_secret_or_a_code_that_was_used_proves_nothing(
        door: Door, vera: User, configure: Callable[..., Settings]) -> None:
    configure(oidc_client_secret="wrong")
    assert "proved nothing" in door.refused()
    configure()
    first, second = door.go(), door.go()
    used = re.search("code=([^&]+)", first)
    assert used is not None
    assert "proved nothing" in door.refused(re.sub("code=[^&]+", f"code={used[1]}", second)), "of another challenge"


@pytest.mark.parametrize(("path", "mode"), [
    (path, mode) for path in ("openid-configuration", "token", "jwks") for mode in ("500", "drop", "malformed", "404")])
def test_a_provider_that_fails_lets_nobody_in_and_breaks_nothing(
        door: Door, vera: User, path: str, mode: str) -> None:
    back = "/auth/oidc" if path == "openid-configuration" else door.go()
    door.fake.mode("oidc", mode, path=path)
    said = door.refused(back)
    assert ("does not work at the moment" if mode in ("500", "drop") else "proved nothing") in said
    door.fake.mode("oidc", "ok", path=path)
    assert door.enter() == "/inbox", "what it said wrongly is not remembered"


def test_a_provider_that_hangs_or_never_ends_is_given_up(
        door: Door, vera: User, monkeypatch: pytest.MonkeyPatch) -> None:
    door.spoil(pad=300_000)
    assert "does not work at the moment" in door.refused()
    door.spoil(pad=0)
    back = door.go()
    monkeypatch.setattr("hub.partners.oidc._TIMEOUT_S", 0.2)
    door.fake.mode("oidc", "hang", path="token")
    assert "does not work at the moment" in door.refused(back)


def test_a_provider_that_is_down_lets_people_sign_in_by_password(
        door: Door, configure: Callable[..., Settings]) -> None:
    configure(oidc_issuer="http://127.0.0.1:9/oidc")
    assert "does not work at the moment" in door.refused("/auth/oidc")


@pytest.mark.parametrize("document", [
    {"issuer": "https://evil.example"}, {"authorization_endpoint": "javascript:alert(1)"},
    {"authorization_endpoint": None}])
def test_a_provider_that_describes_another_one_is_not_followed(door: Door, document: dict[str, Any]) -> None:
    door.spoil(document=document)
    assert "proved nothing" in door.refused("/auth/oidc")


@pytest.mark.parametrize(("subject", "lets_in"), [("vera-1", True), ("somebody", False)])
def test_an_address_may_come_from_the_userinfo_of_the_same_person(
        door: Door, vera: User, subject: str, lets_in: bool) -> None:
    door.claim(email=None, email_verified=None)
    door.spoil(userinfo={**PERSON, "sub": subject})
    if lets_in:
        assert door.enter() == "/inbox"
    else:
        assert "proved nothing" in door.refused()


def test_who_has_a_second_factor_is_asked_for_it(door: Door, vera: User) -> None:
    Totp.create(user=vera, secret="A" * 32, confirmed_at=vera.created_at)
    assert door.enter("?next=/settings/team") == "/auth/second-step?next=/settings/team"
    door.client.call("GET", "/inbox", expect=302)


@pytest.mark.parametrize(("model", "values", "said"), [
    (User, {"is_active": False}, "Your access was taken away"),
    (Tenant, {"status": "restricted"}, "This business is suspended")])
def test_who_was_shut_out_or_whose_business_is_suspended_stays_outside(
        door: Door, vera: User, model: type[Model], values: dict[str, Any], said: str) -> None:
    door.enter()
    door.client.http.delete_cookie(COOKIE)
    model.update(values).where(model.id == (vera.id if model is User else vera.tenant_id)).execute()
    assert said in door.refused()
