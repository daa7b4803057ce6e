"""One's own account as a page: name, password, confirmed address, browsers."""

import html
import io
import re
from typing import Any

from hub.lib import clock
from hub.models.accounts.session import UserSession
from hub.models.accounts.user import User
from hub.services.conversations import outbox
from tests import factories, letters
from tests.api.bodies import PNG
from tests.api.callers import browser
from tests.client import Client
from tests.factories import PASSWORD, People
from tests.pages.forms import submit

NEW = "Better-horse-8"


def test_a_name_and_a_password_are_changed(app: Any, people: People) -> None:
    page, other = browser(app, people.carol), browser(app, people.carol)
    submit(page, "/account/names", 303, first_name="Каролина", last_name="Ли")
    assert User.get_by_id(people.carol.id).name == "Каролина Ли"
    wrong = submit(page, "/account/password", 422, current_password="Wrong-horse-7", new_password=NEW).text
    assert "The current password is wrong." in wrong and "Wrong-horse-7" not in wrong and NEW not in wrong
    assert "at least 8 characters" in submit(page, "/account/password", 422, current_password=PASSWORD,
                                             new_password="short").text
    submit(page, "/account/password", 303, current_password=PASSWORD, new_password=NEW)
    page.call("GET", "/account", expect=200)
    other.get("/api/users/me", expect=401)
    Client(app).post("/auth/login", {"email": people.carol.email, "password": NEW})


def test_a_picture_is_chosen_shown_wherever_one_is_named_and_taken_away(app: Any, people: People) -> None:
    page, colleague = browser(app, people.bob), browser(app, people.alice)
    submit(page, "/account/picture", 303, picture=(io.BytesIO(b"words"), "me.png"))     # type: ignore[arg-type]
    assert "Send a PNG, JPEG or WebP picture." in page.call("GET", "/account", expect=200).text
    submit(page, "/account/picture", 303, picture=(io.BytesIO(PNG), "me.png"))      # type: ignore[arg-type]
    conversation = factories.make_conversation(factories.make_site(people.tenant))
    outbox.reply(factories.caller(people.bob), conversation, "On its way.", "client-1")
    for path in ("/settings/team", "/inbox?filter=all", f"/inbox/{conversation.uuid}"):
        shown = colleague.call("GET", path, expect=200).text
        address = re.search('<img class="[^"]*photo[^"]*" src="(/files/[^"]+)"', shown)
        assert address and page.call("GET", html.unescape(address[1]), expect=200).data == PNG, path
    submit(page, "/account/picture/remove", 303)
    assert "/files/" not in page.call("GET", "/account", expect=200).text


def test_an_address_that_is_not_confirmed_is_said_and_a_letter_sent(app: Any, people: People) -> None:
    page = browser(app, people.bob)
    assert "is not confirmed yet" in page.call("GET", "/account", expect=200).text
    submit(page, "/account/verification", 303)
    token = letters.token(letters.written(people.bob.email)[0])
    page.post("/auth/verify-email", {"token": token})
    assert "is not confirmed yet" not in page.call("GET", "/account", expect=200).text


def test_an_address_is_changed_by_two_letters_and_the_page_says_what_is_waited_for(app: Any, people: People) -> None:
    page, new = browser(app, people.carol), "carol@mill.example"
    User.update(email_verified_at=clock.now()).execute()
    wrong = submit(page, "/account/email", 422, email=new, email_password="Wrong-horse-7").text
    assert "The current password is wrong." in wrong and new in wrong and "Wrong-horse-7" not in wrong
    submit(page, "/account/email", 303, email=new, email_password=PASSWORD)
    assert page.call("GET", "/account", expect=200).text.count(">waiting<") == 2
    for address in (people.carol.email, new):
        token = letters.token(letters.written(address)[-1])
        assert token in page.call("GET", f"/auth/email-change?token={token}", expect=200).text
        submit(page, "/auth/email-change/confirm", 303, token=token)
    assert "is not valid any more" in submit(page, "/auth/email-change/confirm", 422, token=token).text
    assert User.get_by_id(people.carol.id).email == new and new in page.call("GET", "/account", expect=200).text


def test_a_browser_is_signed_out_and_all_of_them(app: Any, people: People) -> None:
    page, other = browser(app, people.bob), browser(app, people.bob)
    shown = page.call("GET", "/account", expect=200).text
    assert shown.count("this browser") == 1
    theirs = UserSession.select().order_by(UserSession.id.desc()).get()
    submit(page, f"/account/sessions/{theirs.uuid}/end", 303)
    other.get("/api/users/me", expect=401)
    assert submit(page, "/account/sign-out-everywhere", 303).location == "/auth/login"
    page.get("/api/users/me", expect=401)
