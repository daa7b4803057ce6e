"""Passkeys in the API: made, listed, used, removed, and nobody else's."""

from typing import Any

import pytest

from hub.access.identity import COOKIE
from hub.models.accounts.user import User
from hub.models.platform.event import Event
from tests.access.signing_in import cookies
from tests.api.callers import Acting
from tests.api.noun import Wrong
from tests.client import Client
from tests.factories import PASSWORD, People
from tests.passkeys import ENTER, ORIGIN, OWN, Device, made, sign_in

MAKING = Wrong(f"POST {OWN}", {"name": ["", "x" * 121], "credential": ["", "x" * 16_385], "ticket": [""]})
ENTERING = Wrong(f"POST {ENTER}", {"credential": [7], "ticket": [None]})


@pytest.fixture(autouse=True)
def home(app: Any, use: Any) -> None:
    """Where the hub says that it is."""
    use(base_url=ORIGIN)


def test_a_passkey_is_made_listed_used_and_removed(bob: Client, client: Client, people: People) -> None:
    device = Device()
    row = made(bob, device).get_json()
    assert row["name"] == "Phone" and row["lastUsedAt"] is None
    answer = sign_in(client, device)
    assert answer.status_code == 200 and answer.get_json()["user"]["email"] == people.bob.email
    assert "HttpOnly" in cookies(answer)[COOKIE]
    assert client.get("/api/users/me")["email"] == people.bob.email
    assert bob.get(OWN)[0]["lastUsedAt"] is not None
    bob.delete(f"{OWN}/{row['id']}")
    assert sign_in(client, device).status_code == 401 and bob.get(OWN) == []
    said = Event.select(Event.kind).where(Event.actor == f"user:{people.bob.uuid}").order_by(Event.id).tuples()
    assert [kind for (kind,) in said] == ["passkey.created", "user.signed_in", "passkey.deleted"]


def test_passkeys_of_others_are_not_there(bob: Client, carol: Client, app: Any, people: People) -> None:
    row = made(bob, Device()).get_json()
    assert carol.get(OWN) == []
    carol.call("DELETE", f"{OWN}/{row['id']}", expect=404)
    acting = Acting(app, people.bob, people.dave)
    User.update(is_platform_owner=True).where(User.id == people.dave.id).execute()
    acting.call("DELETE", f"{OWN}/{row['id']}", expect=403)
    acting.refused("POST", f"{OWN}/options", {"proof": PASSWORD}, status=403, code="impersonating")
