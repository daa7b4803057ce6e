"""Passkeys at the door: once per question, at one address, and refused when anything does not fit."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from hub.access.identity import COOKIE
from hub.models.accounts.passkey import Passkey
from hub.models.accounts.session import UserSession
from hub.models.accounts.user import User
from hub.services.accounts import passkeys, tickets
from tests import second_factors
from tests.access.signing_in import cookies
from tests.client import Client
from tests.factories import People
from tests.passkeys import ENTER, ORIGIN, OWN, Device, asked, made, sign_in


@pytest.fixture(autouse=True)
def home(app: Any, use: Any) -> None:
    """Where the hub says that it is."""
    use(base_url=ORIGIN)


def test_it_counts_as_both_factors(bob: Client, client: Client, people: People) -> None:
    device = Device()
    made(bob, device)
    second_factors.turned_on(people.bob)
    assert sign_in(client, device).status_code == 200


def test_it_lets_nobody_in_who_is_shut_out(bob: Client, client: Client, people: People) -> None:
    device = Device()
    made(bob, device)
    User.update(is_active=False).where(User.id == people.bob.id).execute()
    assert sign_in(client, device).get_json()["error"]["code"] == "ACCOUNT_DISABLED"
    User.update(is_active=True).where(User.id == people.bob.id).execute()
    people.tenant.status = "restricted"
    people.tenant.save()
    assert sign_in(client, device).get_json()["error"]["code"] == "TENANT_RESTRICTED"
    assert not UserSession.select().exists()


def test_a_question_is_good_for_one_answer(bob: Client, client: Client) -> None:
    device = Device()
    made(bob, device)
    question = client.post(f"{ENTER}/options")
    sent = {"ticket": question["ticket"], "credential": device.signs(question)}
    assert client.call("POST", ENTER, json=sent).status_code == 200
    client.refused("POST", ENTER, sent, status=401, code="token_invalid")
    wrong = client.post(f"{ENTER}/options")
    client.refused("POST", ENTER, {"ticket": wrong["ticket"], "credential": "{}"}, status=401, code="PASSKEY_WRONG")
    for sign in ("\\u0000", "\\ud800"):
        odd = {"ticket": client.post(f"{ENTER}/options")["ticket"],
               "credential": f'{{"id": "{sign}", "response": {{}}}}'}
        client.refused("POST", ENTER, odd, status=401, code="PASSKEY_WRONG")
    assert sign_in(client, device, wrong).status_code == 401, "a question that was answered wrongly"


def _other_origin(device: Device) -> None:
    device.origin = "https://evil.example"


def _other_host(device: Device) -> None:
    device.host = "evil.example"


def _without_lock(device: Device) -> None:
    device.verified = False


def _other_key(device: Device) -> None:
    device.key = Device().key


def _other_owner(device: Device) -> None:
    device.owner = b"somebody else"


def _copied(device: Device) -> None:
    device.count = -1           # signs with a number that was there already


@pytest.mark.parametrize("change", [_other_origin, _other_host, _without_lock, _other_key, _other_owner, _copied])
def test_what_does_not_fit_signs_nobody_in(bob: Client, client: Client, change: Callable[[Device], None]) -> None:
    device = Device()
    made(bob, device)
    for expect in (200, 200):
        assert sign_in(client, device).status_code == expect
    change(device)
    client.http.delete_cookie(COOKIE)
    answer = sign_in(client, device)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (401, "PASSKEY_WRONG")
    assert COOKIE not in cookies(answer)


@pytest.mark.parametrize("change", [_other_origin, _other_host, _without_lock])
def test_what_does_not_fit_is_not_kept(bob: Client, change: Callable[[Device], None]) -> None:
    device = Device()
    change(device)
    answer = made(bob, device)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "passkey_wrong")
    assert not Passkey.select().exists()


@pytest.mark.parametrize("credential", ["{}", "[]", "null", "x" * 50, "[" * 16_000, '{"id": 1, "response": []}',
                                        '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA"}}'])
def test_nonsense_is_refused(bob: Client, client: Client, credential: str) -> None:
    made(bob, Device())
    doors = (OWN, bob, asked(bob), 400), (ENTER, client, client.post(f"{ENTER}/options"), 401)
    for path, who, question, status in doors:
        who.refused("POST", path, {"ticket": question["ticket"], "credential": credential, "name": "Phone"},
                    status=status)


def test_a_note_of_one_purpose_or_person_serves_no_other(bob: Client, carol: Client, client: Client) -> None:
    device = Device()
    question = asked(bob)
    sent = {"ticket": question["ticket"], "credential": device.makes(question), "name": "Phone"}
    carol.refused("POST", OWN, sent, status=401, code="token_invalid")
    assert bob.call("POST", OWN, json=sent).status_code == 201
    bob.refused("POST", OWN, sent, status=401, code="token_invalid")
    assert sign_in(client, device, asked(bob)).status_code == 401
    late = {"publicKey": question["publicKey"], "ticket": "nonsense"}
    assert sign_in(client, device, late).status_code == 401


def test_a_new_one_needs_the_password_or_a_code(bob: Client, people: People) -> None:
    bob.refused("POST", f"{OWN}/options", {"proof": ""}, status=400, code="proof_wrong", field="proof")
    app = second_factors.turned_on(people.bob)
    bob.post(f"{OWN}/options", {"proof": app.fresh()})


def test_who_has_neither_password_nor_app_makes_one_without(app: Any, people: People) -> None:
    User.update(password_hash=None).where(User.id == people.carol.id).execute()
    carol = Client(app, User.get_by_id(people.carol.id))
    assert carol.post(f"{OWN}/options")["publicKey"]["user"]["name"] == people.carol.email


def test_a_device_is_kept_once_and_a_person_has_twenty(bob: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device()
    made(bob, device)
    known = asked(bob)["publicKey"]["excludeCredentials"]
    assert [one["id"] for one in known] == [json.loads(device.signs(asked(bob)))["id"]]
    assert made(bob, device).get_json()["error"]["code"] == "passkey_known"
    monkeypatch.setattr(passkeys, "MOST", 1)
    assert made(bob, Device()).get_json()["error"]["code"] == "too_many"


@pytest.mark.parametrize(("base_url", "env", "origin"), [
    ("https://chat.example/", "production", "https://chat.example"), ("", "production", ""),
    ("", "test", "http://localhost:5000"),
    ("http://chat.example", "test", ""), ("https://192.0.2.7", "test", ""), ("https://[2001:db8::1]:8443", "test", ""),
    ("https://Chat.Example:8443/parley", "test", "https://chat.example:8443")])
def test_they_work_at_one_address_of_a_name(client: Client, use: Any, base_url: str, env: str, origin: str) -> None:
    use(base_url=base_url, env=env, port=5000)
    assert passkeys.origin() == origin
    if origin:
        assert client.post(f"{ENTER}/options")["publicKey"]["rpId"] == origin.split("//")[1].split(":")[0]
    else:
        client.refused("POST", f"{ENTER}/options", status=409, code="passkeys_off")


def test_a_question_is_good_for_five_minutes(monkeypatch: pytest.MonkeyPatch, bob: Client, client: Client) -> None:
    device = Device()
    made(bob, device)
    monkeypatch.setattr(tickets, "LASTS_S", -1)
    assert sign_in(client, device).get_json()["error"]["code"] == "TOKEN_EXPIRED"
