"""The key and the token of a business, for programs with a token of the environment."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.models.accounts.access_key import AccessKey
from hub.models.accounts.provider_token import ProviderToken
from hub.models.accounts.tenant import Tenant
from hub.models.base import db
from hub.models.platform.event import Event
from hub.settings import Settings
from tests.client import Client
from tests.factories import People

KEY, LIST, CREATE, END = "/admin/key/get", "/admin/keys/list", "/admin/key/create", "/admin/key/delete"


@pytest.fixture
def admin(app: Any, settings: Settings, use: Any, tmp_path: Path) -> Client:
    """Whoever knows ADMIN_TOKEN; the folder of tokens is empty."""
    use(tenants_dir=str(tmp_path / "tenants"), webhook_secret="tests-only-webhook-secret")
    return Client(app, headers={"X-Admin-Token": settings.admin_token})


def token_at(number: int) -> str:
    return f"/admin/provider-token/{number}"


def ensure_at(number: int) -> str:
    return f"/internal/tenant/{number}/ensure"


def refused(client: Client, method: str, path: str, status: int, **more: Any) -> str:
    answer = client.call(method, path, expect=status, **more)
    assert set(answer.get_json()) == {"ok", "error"} and answer.get_json()["ok"] is False
    assert answer.headers["Cache-Control"] == "no-store"
    return str(answer.get_json()["error"])


def test_a_business_has_one_key_until_it_is_ended(admin: Client, people: People) -> None:
    number = people.tenant.number
    assert admin.get(f"{LIST}?tenant={number}")["keys"] == []
    first = admin.get(f"{KEY}?tenant={number}")
    assert first == admin.get(f"{KEY}?tenant={number}") and len(first["key"]) > 40
    assert (first["ok"], first["tenant"], first["primary"]) == (True, number, True)
    assert [one["key"] for one in admin.get(f"{LIST}?tenant={number}")["keys"]] == [first["key"]]
    assert admin.get(f"{KEY}?tenant={people.other.number}")["key"] != first["key"]
    assert admin.post(END, {"tenant": number}) == {"ok": True} == admin.post(END, {"tenant": number})
    assert admin.get(f"{KEY}?tenant={number}")["key"] != first["key"]


def test_a_second_key_is_refused_until_the_first_is_ended(admin: Client, people: People) -> None:
    body = {"tenant": people.tenant.number}
    first = admin.post(CREATE, body, expect=201)
    assert first == admin.get(f"{KEY}?tenant={people.tenant.number}")
    assert refused(admin, "POST", CREATE, 409, json=body) == "key_already_exists"
    assert {refused(admin, "POST", path, 400, json={}) for path in (CREATE, END)} == {"validation_error"}
    admin.post(END, body)
    assert admin.post(CREATE, body, expect=201)["key"] != first["key"]
    events = Event.select().where(Event.entity == "access_key").order_by(Event.id)
    assert [event.kind for event in events] == ["access_key.created", "access_key.deleted", "access_key.created"]
    assert {event.actor for event in events} == {"service:admin"}


def test_the_token_is_the_same_by_every_way_and_in_its_file(
        admin: Client, app: Any, people: People, settings: Settings, tmp_path: Path) -> None:
    number = people.tenant.number
    worker = Client(app, headers={"X-Auth-Token": settings.wa_web_token})
    first = worker.post(ensure_at(number))
    assert first == {"ok": True, "tenant": number, "provider_token": first["provider_token"]}
    assert worker.post(ensure_at(number)) == admin.get(token_at(number)) == first
    assert admin.get(f"{LIST}?tenant={number}")["provider_token"] == first["provider_token"]
    file = tmp_path / "tenants" / str(number) / "provider_token.json"
    assert json.loads(file.read_text()) == {"tenant": number, "provider_token": first["provider_token"]}
    assert file.stat().st_mode & 0o777 == 0o600
    file.unlink()
    admin.get(token_at(number))
    assert file.exists(), "a lost file comes back with the next question"


def test_keys_and_tokens_are_stored_encrypted_and_told_to_no_log(admin: Client, people: People) -> None:
    number = people.tenant.number
    found = [admin.get(f"{KEY}?tenant={number}")["key"], admin.get(token_at(number))["provider_token"]]
    stored = [db.execute_sql(f"SELECT secret FROM {table}").fetchone()[0] for table in ("access_key", "provider_token")]
    told = [str(vars(event)) for event in Event.select().where(Event.tenant == people.tenant)]
    assert len(told) == 2 and [secret for secret in found if secret in str([stored, told])] == []


@pytest.mark.parametrize("given", ["", "wrong", "токен"])
def test_who_brings_no_right_token_is_refused(admin: Client, app: Any, people: People, given: str) -> None:
    number = people.tenant.number
    sent = {"X-Admin-Token": given, "X-Auth-Token": given} if given.isascii() else {}
    stranger = Client(app, headers=sent)
    for path in (f"{KEY}?tenant={number}", f"{LIST}?tenant={number}", token_at(number)):
        assert refused(stranger, "GET", path, 401) == "unauthorized"
    assert refused(stranger, "POST", ensure_at(number), 401, query_string={"token": given}) == "unauthorized"
    assert (AccessKey.select().count(), ProviderToken.select().count()) == (0, 0)


def test_what_is_not_set_opens_nothing(app: Any, use: Any, people: People) -> None:
    use(admin_token="", wa_web_token="", webhook_secret="")
    nobody = Client(app, headers={"X-Admin-Token": "", "X-Auth-Token": ""})
    refused(nobody, "GET", token_at(people.tenant.number), 401)
    refused(nobody, "POST", ensure_at(people.tenant.number), 401)


def test_the_token_of_a_worker_opens_its_own_route_alone(
        admin: Client, app: Any, people: People, settings: Settings) -> None:
    number = people.tenant.number
    for token in (settings.wa_web_token, settings.admin_token, "tests-only-webhook-secret"):
        Client(app).post(f"{ensure_at(number)}?token={token}")
        Client(app, headers={"X-Auth-Token": token}).post(ensure_at(number))
    refused(Client(app, headers={"X-Admin-Token": settings.wa_web_token}), "GET", token_at(number), 401)


def test_a_business_that_is_not_there_or_suspended_has_none(admin: Client, people: People, settings: Settings) -> None:
    admin.headers["X-Auth-Token"] = settings.wa_web_token
    for path in (f"{KEY}?tenant=999999", token_at(999_999), token_at(0), "/admin/provider-token/99999999999999999999"):
        assert refused(admin, "GET", path, 404) == "tenant_not_found"
    assert refused(admin, "GET", "/admin/provider-token/seven", 404) == "not_found"
    for query in ("", "?tenant=", "?tenant=seven", "?tenant=-1", "?tenant=99999999999"):
        assert refused(admin, "GET", f"{LIST}{query}", 400) == "validation_error"
    Tenant.update(status="restricted").where(Tenant.id == people.tenant.id).execute()
    assert refused(admin, "POST", ensure_at(people.tenant.number), 403) == "tenant_restricted"


def test_a_folder_that_takes_no_file_is_told(admin: Client, people: People, tmp_path: Path) -> None:
    (tmp_path / "tenants").write_text("no folder")
    number = people.tenant.number
    assert refused(admin, "GET", token_at(number), 500) == "tenants_folder_not_writable"
    (tmp_path / "tenants").unlink()
    assert admin.get(token_at(number))["provider_token"]


def test_a_file_that_cannot_be_written_leaves_no_other_with_the_token(
        admin: Client, people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("os.replace", is_full)
    assert refused(admin, "GET", token_at(people.tenant.number), 500) == "tenants_folder_not_writable"
    assert [*(tmp_path / "tenants" / str(people.tenant.number)).iterdir()] == []
