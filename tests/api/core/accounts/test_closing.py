"""/api/tenant/closing: asked for with the password, shown, taken back."""

from tests.client import Client
from tests.factories import PASSWORD


def test_the_owner_closes_the_business_with_the_password_and_takes_it_back(alice: Client) -> None:
    assert alice.get("/api/tenant/closing") == {"closingAt": None}
    alice.refused("POST", "/api/tenant/closing", {"password": "Wrong-horse-7"}, status=400, code="INVALID_CREDENTIALS",
                  field="password")
    until = alice.post("/api/tenant/closing", {"password": PASSWORD})["closingAt"]
    assert until and alice.get("/api/tenant/closing") == {"closingAt": until}
    assert alice.delete("/api/tenant/closing", expect=200) == {"closingAt": None}


def test_guessing_the_password_at_an_open_browser_ends(alice: Client) -> None:
    for _ in range(5):
        alice.refused("POST", "/api/tenant/closing", {"password": "Wrong-horse-7"}, status=400)
    alice.refused("POST", "/api/tenant/closing", {"password": PASSWORD}, status=423, code="ACCOUNT_LOCKED")
