"""The business's own page: its profile and its logo."""

import io
from typing import Any

from hub.models.accounts.tenant import Tenant
from tests.api.bodies import PNG
from tests.client import Client
from tests.factories import People
from tests.pages.forms import submit

PATH = "/settings/business"
PROFILE = {"name": "Mill", "language": "en", "timezone": "Asia/Almaty", "currency": "KZT", "tone": "formal",
           "address_style": "ty", "delivery_options": "By courier.", "return_policy": ""}


def test_the_profile_is_changed_and_what_is_wrong_is_said_at_its_field(page: Client, alice: Client,
                                                                      people: People) -> None:
    submit(page, PATH, 303, **PROFILE)
    shown = alice.get("/api/tenant")
    assert (shown["name"], shown["language"], shown["timezone"], shown["currency"], shown["tone"],
            shown["addressStyle"], shown["deliveryOptions"]) == (
        "Mill", "en", "Asia/Almaty", "KZT", "formal", "ty", "By courier.")
    wrong = submit(page, PATH, 422, **{**PROFILE, "name": "", "timezone": "Mars"}).text
    assert "Fill this in." in wrong and "This time zone does not exist." in wrong
    assert Tenant.get_by_id(people.tenant.id).name == "Mill"


def test_a_logo_is_shown_on_the_page_and_to_programs_until_it_is_taken_away(page: Client, alice: Client) -> None:
    logo: Any = (io.BytesIO(PNG), "logo.png")
    submit(page, f"{PATH}/logo", 303, logo=logo)
    address = alice.get("/api/user/profile")["user"]["company_logo_url"]
    assert page.call("GET", address, expect=200).data == PNG
    assert "/files/" in page.call("GET", PATH, expect=200).text
    submit(page, f"{PATH}/logo/remove", 303)
    assert alice.get("/api/user/profile")["user"]["company_logo_url"] is None
    page.call("GET", address, expect=404)
