"""Confirming an address, and a new password without the old one."""

from datetime import timedelta
from typing import Any

import pytest

from hub.lib import clock
from hub.models.accounts.account_token import AccountToken
from hub.models.accounts.session import UserSession
from hub.models.accounts.user import User
from hub.models.platform.mail import Mail
from hub.services.accounts import accounts
from tests import letters
from tests.api import plans
from tests.api.callers import bearer, browser
from tests.api.noun import Wrong
from tests.client import Client
from tests.factories import PASSWORD, People

NEW = "Better-horse-8"
FORGOT, RESET = "/auth/forgot-password", "/auth/reset-password"
CONFIRM, RESEND = "/api/email/confirm_email", "/api/email/resend_confirmation"
ASKING = Wrong(f"POST {FORGOT}", {"email": ["x"]})
RESETTING = Wrong(f"POST {RESET}", {"token": [""]})
RESENDING = Wrong(f"POST {RESEND}", {"email": [5]})
CONFIRMING = Wrong(f"POST {CONFIRM}", {"code": ["12345", None]})


def forgotten(client: Client, email: str) -> str:
    """The token of a new reset letter."""
    client.post(FORGOT, {"email": email})
    return letters.token(letters.written(email)[-1])


def asked(client: Client, email: str) -> Mail:
    client.post(RESEND, {"email": email})
    return letters.written(email)[-1]


def test_a_new_password_by_letter_ends_every_browser_and_token(app: Any, client: Client, people: People) -> None:
    page, old = browser(app, people.bob), accounts.issue_tokens(people.bob)
    token = forgotten(client, people.bob.email)
    answer = client.post(RESET, {"token": token, "password": NEW})
    assert answer["success"] is True and answer["message"]
    page.get("/api/users/me", expect=401)
    bearer(app, old.access).get("/api/users/me", expect=401)
    client.post("/auth/login", {"email": people.bob.email, "password": PASSWORD}, expect=401)
    client.post("/auth/login", {"email": people.bob.email, "password": NEW})
    assert User.get_by_id(people.bob.id).email_verified_at is not None


@pytest.mark.parametrize("path", [FORGOT, "/api/auth/forgot-password"])
def test_who_has_no_account_is_answered_alike_and_gets_no_letter(client: Client, people: People, path: str) -> None:
    client.post(path, {"email": "somebody@bakery.example"})         # what is looked up once for all is known
    answers, work = [], []
    for email in (people.bob.email, "nobody@bakery.example"):
        with plans.statements(("",)) as seen:
            answers.append(client.call("POST", path, json={"email": email}, expect=200).get_json())
        work.append([sql for sql, _ in seen])
    assert answers[0] == answers[1] and answers[0]["success"] is True
    assert work[0] == work[1], "the same work takes the same time"
    assert [row.state for row in letters.written()] == ["dropped", "kept", "dropped"]


def test_a_reset_link_is_good_once_and_for_an_hour(client: Client, people: People) -> None:
    token = forgotten(client, people.bob.email)
    second = forgotten(client, people.bob.email)
    client.post(RESET, {"token": token, "password": NEW})
    for spent in (token, second):
        client.refused("POST", RESET, {"token": spent, "password": PASSWORD}, status=400, code="token_invalid")
    late = forgotten(client, people.bob.email)
    AccountToken.update(expires_at=clock.now() - timedelta(seconds=1)).execute()
    client.refused("POST", RESET, {"token": late, "password": PASSWORD}, status=400, code="token_invalid")


def test_a_weak_password_leaves_the_link_as_it_was(client: Client, people: People) -> None:
    token = forgotten(client, people.bob.email)
    client.refused("POST", RESET, {"token": token, "password": "correct-horse"}, status=400, code="weak_password",
                   field="password")
    client.post(RESET, {"token": token, "password": NEW})


@pytest.mark.parametrize("change", [{"password_hash": "x"}, {"email": "robert@bakery.example"}, {"is_active": False}])
def test_a_link_of_before_another_password_or_address_opens_nothing(client: Client, people: People,
                                                                    change: dict[str, Any]) -> None:
    token = forgotten(client, people.bob.email)
    User.update(**change).where(User.id == people.bob.id).execute()
    client.refused("POST", RESET, {"token": token, "password": NEW}, status=400, code="token_invalid")


def test_a_link_is_kept_as_a_digest_and_leads_where_the_settings_say(client: Client, people: People, use: Any) -> None:
    use(base_url="https://chat.example/")
    client.post(FORGOT, {"email": people.bob.email}, headers={"Host": "evil.example"})
    letter = letters.written(people.bob.email)[-1]
    assert letters.link(letter).startswith("https://chat.example/auth/reset-password?token=")
    rows = str(list(AccountToken.select().dicts())) + str(list(Mail.select().dicts()))
    assert letters.token(letter) not in rows


def test_a_token_of_one_purpose_does_not_serve_another(bob: Client, client: Client, people: People) -> None:
    bob.post("/auth/send-verification")
    token = letters.token(letters.written(people.bob.email)[-1])
    client.refused("POST", RESET, {"token": token, "password": NEW}, status=400)
    reset = forgotten(client, people.bob.email)
    client.refused("POST", "/auth/verify-email", {"token": reset}, status=400)


def test_an_address_is_confirmed_by_its_link_once(bob: Client, client: Client, people: People) -> None:
    assert bob.post("/auth/send-verification")["success"] is True
    token = letters.token(letters.written(people.bob.email)[-1])
    assert client.post("/auth/verify-email", {"token": token})["success"] is True
    assert User.get_by_id(people.bob.id).email_verified_at is not None
    client.refused("POST", "/auth/verify-email", {"token": token}, status=400, code="token_invalid")
    bob.post("/auth/send-verification")
    assert letters.written(people.bob.email)[-1].state == "dropped"


def test_an_address_is_confirmed_by_six_digits_and_signs_in(app: Any, client: Client, people: People) -> None:
    letter = asked(client, people.bob.email)
    found = client.post(CONFIRM, {"email": people.bob.email.upper(), "code": letters.code(letter)})
    assert found["user"] == {"id": people.bob.id, "email": people.bob.email, "is_email_confirmed": True}
    assert bearer(app, found["access_token"]).get("/api/users/me")["email"] == people.bob.email
    client.refused("POST", CONFIRM, {"email": people.bob.email, "code": letters.code(letter)}, status=422)


def test_a_wrong_code_is_answered_as_an_unknown_address_is_and_five_end_it(client: Client, people: People) -> None:
    right = letters.code(asked(client, people.bob.email))
    wrong = "000000" if right != "000000" else "000001"
    unknown = client.refused("POST", CONFIRM, {"email": "nobody@bakery.example", "code": wrong}, status=422)
    for _ in range(5):
        assert client.refused("POST", CONFIRM, {"email": people.bob.email, "code": wrong}, status=422,
                              code="VALIDATION_ERROR", field="code") == unknown
    client.refused("POST", CONFIRM, {"email": people.bob.email, "code": right}, status=422)
    assert User.get_by_id(people.bob.id).email_verified_at is None


def test_a_code_is_good_for_a_quarter_of_an_hour(client: Client, people: People) -> None:
    digits = letters.code(asked(client, people.bob.email))
    AccountToken.update(code_until=clock.now() - timedelta(seconds=1)).execute()
    client.refused("POST", CONFIRM, {"email": people.bob.email, "code": digits}, status=400,
                   code="CONFIRMATION_CODE_EXPIRED")


def test_a_code_is_of_one_person(client: Client, people: People) -> None:
    digits = letters.code(asked(client, people.bob.email))
    asked(client, people.carol.email)
    if digits != letters.code(letters.written(people.carol.email)[-1]):
        client.refused("POST", CONFIRM, {"email": people.carol.email, "code": digits}, status=422)


def test_who_must_confirm_first_is_told_so_and_nobody_else(client: Client, people: People, use: Any) -> None:
    use(email_confirmation=True)
    for path in ("/auth/login", "/api/auth/login"):
        client.refused("POST", path, {"email": people.bob.email, "password": PASSWORD}, status=403,
                       code="EMAIL_NOT_CONFIRMED")
        client.refused("POST", path, {"email": people.bob.email, "password": "Wrong-horse-7"}, status=401)
    assert not UserSession.select().exists()
    client.post(CONFIRM, {"email": people.bob.email, "code": letters.code(asked(client, people.bob.email))})
    client.post("/auth/login", {"email": people.bob.email, "password": PASSWORD})


@pytest.mark.parametrize(("path", "status"), [("/auth/signup", 201), ("/api/auth/register", 403)])
def test_who_signs_up_must_confirm_first_as_well(client: Client, people: People, use: Any, path: str,
                                                 status: int) -> None:
    use(email_confirmation=True)
    sent = {"email": "vera@shop.example", "password": PASSWORD}
    answer = client.call("POST", path, json=sent, expect=status)
    assert "access_token" not in answer.text and client.get("/auth/me")["authenticated"] is False
    client.refused("POST", "/auth/login", sent, status=403, code="EMAIL_NOT_CONFIRMED")
    client.post("/auth/verify-email", {"token": letters.token(letters.written("vera@shop.example")[0])})
    client.post("/auth/login", sent)


def test_a_code_lets_nobody_in_who_was_shut_out(client: Client, people: People) -> None:
    digits = letters.code(asked(client, people.bob.email))
    User.update(is_active=False).where(User.id == people.bob.id).execute()
    client.refused("POST", CONFIRM, {"email": people.bob.email, "code": digits}, status=422, code="VALIDATION_ERROR")
