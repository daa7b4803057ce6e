"""The second step on pages: a QR code, recovery codes that are shown once, and a sign-in that asks."""

import re
from typing import Any

import pyotp
import pytest

from hub.access import tokens
from hub.access.identity import COOKIE, password_mark
from hub.models.accounts.session import UserSession
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.base import Model
from hub.pages.accounts import second_step
from hub.settings import current_settings
from tests import factories, second_factors
from tests.api.callers import Acting, browser
from tests.client import Client
from tests.factories import PASSWORD, People
from tests.pages.forms import submit
from tests.second_factors import NO_CODE

STEP = "/auth/second-step/check"
OWN, OLD_ONES = "/account/second-factor", "those of before are not"


@pytest.fixture
def page(app: Any, people: People) -> Client:
    """Bob's browser."""
    return browser(app, people.bob)


def first_step(client: Client, user: User, target: str = "") -> Any:
    return submit(client, "/auth/sign-in", 302, email=user.email, password=PASSWORD, next=target)


def test_a_person_scans_confirms_and_keeps_the_codes(page: Client) -> None:
    assert "The password is wrong" in submit(page, f"{OWN}/begin", 422, password="Wrong-horse-7").text
    assert submit(page, f"{OWN}/begin", 303, password=PASSWORD).location == OWN
    shown = page.call("GET", OWN, expect=200).text
    picture = re.search("<svg.*?</svg>", shown, re.DOTALL)
    assert picture and "style=" not in picture[0] and "http" not in picture[0].replace("http://www.w3.org/2000/svg", "")
    key = re.search(r"<code class=\"code\">([A-Z2-7 ]+)</code>", shown)
    assert key is not None
    assert "The code is wrong" in submit(page, f"{OWN}/confirm", 422, code="000 00").text
    codes = submit(page, f"{OWN}/confirm", 200, code=pyotp.TOTP(key[1].replace(" ", "")).now()).text
    assert "Every other browser is signed out." in codes
    assert len(re.findall(r"<code>[a-z2-9]{4}(?:-[a-z2-9]{4}){3}</code>", codes)) == 10 and OLD_ONES not in codes
    again = page.call("GET", OWN, expect=200).text
    assert "10 recovery codes are left" in again and key[1] not in again and "<svg class=\"qr" not in again
    assert "Manage" in page.call("GET", "/account", expect=200).text


def test_the_sign_in_page_asks_for_the_second_step_and_goes_where_one_wanted(client: Client, people: People) -> None:
    app = second_factors.turned_on(people.bob)
    answer = first_step(client, people.bob, "/inbox?filter=mine")
    assert answer.location == "/auth/second-step?next=/inbox?filter%3Dmine"
    line = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith(second_step.COOKIE))
    assert "HttpOnly" in line and "Max-Age=300" in line
    assert client.http.get_cookie(COOKIE) is None and not UserSession.select().exists()
    client.call("GET", "/inbox", expect=302)
    assert 'value="/inbox?filter=mine"' in client.call("GET", answer.location, expect=200).text
    wrong = submit(client, STEP, 401, code=app.wrong(), next="/inbox?filter=mine").text
    assert "The code is wrong" in wrong and 'value="/inbox?filter=mine"' in wrong
    assert submit(client, STEP, 302, code=app.fresh(), next="/inbox?filter=mine").location == "/inbox?filter=mine"
    client.call("GET", "/inbox", expect=200)
    assert client.http.get_cookie(second_step.COOKIE) is None


@pytest.mark.parametrize(("model", "values", "says"), [
    (User, {"is_active": False}, "Your access was taken away"), (User, {}, "Confirm your e-mail address first"),
    (Tenant, {"status": "restricted"}, "This business is suspended")])
def test_whoever_may_not_come_in_after_all_is_told_why(client: Client, people: People, use: Any, model: type[Model],
                                                       values: dict[str, Any], says: str) -> None:
    codes = second_factors.turned_on(people.bob).recovery_codes
    first_step(client, people.bob)
    if values:
        model.update(values).execute()
    else:
        use(email_confirmation=True)
    assert submit(client, STEP, 303, code=codes[0]).location == "/auth/login"
    page = client.call("GET", "/auth/login", expect=200).text
    assert says in page and "took too long" not in page and not UserSession.select().exists()


def test_the_first_step_is_good_for_one_sign_in(client: Client, people: People) -> None:
    codes = second_factors.turned_on(people.bob).recovery_codes
    first_step(client, people.bob)
    ticket = client.http.get_cookie(second_step.COOKIE).value
    submit(client, STEP, 302, code=codes[0])
    client.http.delete_cookie(COOKIE)
    client.http.set_cookie(second_step.COOKIE, ticket)
    assert submit(client, STEP, 303, code=codes[1]).location == "/auth/login"
    assert UserSession.select().count() == 1


@pytest.mark.parametrize("ticket", ["nonsense", "expired", "of another password", "access", ""])
def test_nothing_else_is_a_first_step(client: Client, people: People, ticket: str) -> None:
    codes = second_factors.turned_on(people.bob).recovery_codes
    secret, bob = current_settings().session_secret, people.bob
    made = {"expired": tokens.issue(secret, "second-step", -1, user_id=str(bob.uuid), pw=password_mark(bob)),
            "of another password": tokens.issue(secret, "second-step", 300, user_id=str(bob.uuid), pw="0" * 16),
            "access": tokens.issue(secret, "access", 300, user_id=str(bob.uuid), pw=password_mark(bob))}
    client.http.set_cookie(second_step.COOKIE, made.get(ticket, ticket))
    assert submit(client, STEP, 303, code=codes[0], next="/inbox").location == "/auth/login?next=/inbox"
    assert not UserSession.select().exists()


def test_wrong_codes_lock_and_the_page_says_how_long(client: Client, people: People) -> None:
    app = second_factors.turned_on(people.bob)
    first_step(client, people.bob)
    for _ in range(5):
        submit(client, STEP, 401, code=NO_CODE)
    locked = submit(client, STEP, 423, code=app.fresh())
    assert "Wait a quarter of an hour" in locked.text and int(locked.headers["Retry-After"]) > 14 * 60


def test_it_is_turned_off_and_codes_made_anew_with_the_password(page: Client, client: Client, people: People) -> None:
    second_factors.turned_on(people.bob)
    assert "neither your password" in submit(page, f"{OWN}/off", 422, proof="Wrong-horse-7").text
    anew = submit(page, f"{OWN}/codes", 200, proof=PASSWORD).text
    assert anew.count("<code>") == 10 and OLD_ONES in anew
    assert submit(page, f"{OWN}/off", 303, proof=PASSWORD).location == "/account"
    assert first_step(client, people.bob).location == "/inbox"


def test_no_form_of_the_second_step_leads_to_another_site(client: Client, people: People) -> None:
    codes = second_factors.turned_on(people.bob).recovery_codes
    first_step(client, people.bob)
    assert submit(client, STEP, 302, code=codes[0], next="//evil.example").location == "/inbox"


def test_who_acts_in_somebodys_place_never_sees_the_secret_that_is_being_set_up(
        app: Any, page: Client, people: People) -> None:
    submit(page, f"{OWN}/begin", 303, password=PASSWORD)
    key = re.findall("<code class=\"code\">(.+?)</code>", page.call("GET", OWN, expect=200).text)[0]
    root = factories.make_user(factories.make_tenant(), "owner", is_platform_owner=True)
    acting = Acting(app, people.bob, root)
    assert key not in acting.call("GET", OWN, expect=403).text
    assert key not in submit(acting, f"{OWN}/confirm", 403, code="").text
