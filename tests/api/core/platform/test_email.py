"""The mail server is tried, and strangers write to whoever runs the hub."""

from collections.abc import Iterator
from typing import Any

import pytest

from hub.models.platform.mail_server import MailServer
from tests import letters
from tests.api.noun import Wrong
from tests.client import Client
from tests.factories import People
from tests.fakes.smtp import PASSWORD, USER, Postbox, smtp_server

TEST, CONTACT = "/api/email/test_send", "/api/email/contact-form"
ASKED = {"name": "Иван\r\nBcc: all@shop.example", "email": "ivan@example.com", "subject": "Вопрос\r\nX-Evil: 1",
         "message": "Подскажите\nпро тарифы", "phone": "+7-900-123-45-67"}
TRIED = Wrong(f"POST {TEST}", {"to": [
    "x", "a@b.example\r\nBcc: c@d.example", "a..b@c.example", "a,b@c.example", "a@c..example", "вера@c.example"]})
WRITTEN = Wrong(f"POST {CONTACT}", {"email": ["x"], "name": [""], "subject": [None], "message": ["", "x" * 10_001]})


@pytest.fixture
def box() -> Iterator[Postbox]:
    with smtp_server() as box:
        yield box


@pytest.fixture
def own(people: People, box: Postbox) -> MailServer:
    """The bakery's own server."""
    return MailServer.create(tenant=people.tenant, is_active=True, host="127.0.0.1", port=box.port, security="none",
                             username=USER, password=PASSWORD, sender="Пекарня <hello@bakery.example>")


def test_a_test_letter_says_which_server_took_it(alice: Client, own: MailServer, box: Postbox) -> None:
    found = alice.post(TEST, {"to": "test@example.com"})
    assert (found["success"], found["smtp_server"]) == (True, "127.0.0.1") and found["sent_at"].endswith("Z")
    letter, = box.taken
    assert (letter["To"], letter["From"]) == ("test@example.com", "Пекарня <hello@bakery.example>")
    assert letter["Auto-Submitted"] == "auto-generated" and letter["Message-ID"].endswith("@bakery.example>")


@pytest.mark.parametrize(("change", "code_of"), [
    ({"password": "wrong"}, "SMTP_CONNECTION_FAILED"), ({"port": 9}, "SMTP_CONNECTION_FAILED"),
    ({"security": "starttls"}, "SMTP_CONNECTION_FAILED"), ({"host": "nowhere.invalid"}, "SMTP_CONNECTION_FAILED")])
def test_a_server_that_is_not_reached_is_named_with_its_own_words(
        alice: Client, own: MailServer, change: dict[str, Any], code_of: str) -> None:
    for name, value in change.items():
        setattr(own, name, value)
    own.save()
    error = alice.refused("POST", TEST, {"to": "test@example.com"}, status=502, code=code_of)
    assert PASSWORD not in str(error)


def test_a_letter_that_is_not_taken_is_told(alice: Client, own: MailServer, box: Postbox) -> None:
    box.answers.append("554 5.7.1 We do not like it")
    error = alice.refused("POST", TEST, {"to": "test@example.com"}, status=502, code="EMAIL_SEND_FAILED")
    assert "We do not like it" in error["message"]


def test_a_letter_goes_to_a_domain_in_cyrillic(alice: Client, own: MailServer, box: Postbox) -> None:
    alice.post(TEST, {"to": "info@пример.рф"})
    assert box.taken[0]["To"] == "info@xn--e1afmkfd.xn--p1ai"


def test_a_businesses_server_may_not_lie_in_our_own_network(alice: Client, own: MailServer, use: Any,
                                                            box: Postbox) -> None:
    use(allow_loopback_urls=False)
    alice.refused("POST", TEST, {"to": "test@example.com"}, status=502, code="SMTP_CONNECTION_FAILED")
    assert not box.taken


def test_without_a_server_that_is_said(alice: Client) -> None:
    alice.refused("POST", TEST, {"to": "test@example.com"}, status=409, code="mail_server_missing")


def test_a_question_goes_to_the_hubs_own_address_and_answers_to_the_asker(client: Client, people: People, use: Any,
                                                                          box: Postbox) -> None:
    use(smtp_host="127.0.0.1", smtp_port=box.port, smtp_security="none", smtp_from="Parley <desk@hub.example>")
    assert client.post(CONTACT, ASKED)["success"] is True
    assert [row.state for row in letters.written()] == ["sent"]
    letter, = box.taken
    assert (letter["To"], letter["Reply-To"]) == ("desk@hub.example", "ivan@example.com")
    assert letter["Subject"] == "Вопрос X-Evil: 1" and letter["X-Evil"] is None and letter["Bcc"] is None
    body = letter.get_body(("plain",))
    assert body is not None and "Подскажите\nпро тарифы" in body.get_content().replace("\r\n", "\n")


def test_html_in_a_question_is_text(client: Client, people: People) -> None:
    client.post(CONTACT, {**ASKED, "message": "<script>alert(1)</script>"})
    row = letters.written()[0]
    assert row.html is not None and "<script>" not in row.html.reveal() and "&lt;script&gt;" in row.html.reveal()
