"""Letters are sent once, tried again while that can help, kept where there is no server, and forgotten."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from hub.errors import Unavailable
from hub.lib import clock
from hub.models.platform.mail import Mail, MailKind
from hub.models.platform.scheduled_run import ScheduledRun
from hub.queue import Job
from hub.services.accounts import recovery
from hub.services.platform import mail, retention, scheduled, sweep
from tests import letters
from tests.factories import People
from tests.fakes.smtp import Postbox, smtp_server


@pytest.fixture
def box(use: Any) -> Iterator[Postbox]:
    with smtp_server() as box:
        use(smtp_host="127.0.0.1", smtp_port=box.port, smtp_security="none", smtp_from="Parley <desk@hub.example>")
        yield box


def ask(people: People) -> Mail:
    recovery.ask_reset(people.bob.email, "ru")
    return Mail.select().order_by(Mail.id.desc()).get()


def due_now(row: Mail) -> None:
    Mail.update(due_at=clock.now()).where(Mail.id == row.id).execute()


def test_a_letter_is_sent_once_in_the_readers_language_and_then_holds_nothing(people: People, box: Postbox) -> None:
    row = ask(people)
    mail.deliver(row.id)
    mail.deliver(row.id)
    letter, = box.taken
    assert (letter["Subject"], letter["To"]) == ("Новый пароль", people.bob.email)
    sent = Mail.get_by_id(row.id)
    assert sent.state == "sent" and all(secret is None for secret in (sent.text, sent.html, sent.values))
    assert sent.sent_at is not None
    assert {part.get_content_type() for part in letter.iter_parts()} == {"text/plain", "text/html"}


def test_a_server_that_is_busy_is_asked_again_for_the_same_letter(people: People, box: Postbox) -> None:
    box.answers.append("451 Later, please")
    row = ask(people)
    mail.deliver(row.id)
    assert (Mail.get_by_id(row.id).state, box.taken) == ("queued", [])
    due_now(row)
    assert sweep.work.forgotten(mail.MAILS, clock.now(), 10) == [(mail.MAILS.job, row.id)]
    mail.deliver(row.id)
    assert Mail.get_by_id(row.id).state == "sent" and str(row.uuid) in box.taken[0]["Message-ID"]


def test_a_letter_that_is_refused_for_good_is_not_tried_again(people: People, box: Postbox) -> None:
    box.answers.append("550 No such mailbox")
    row = ask(people)
    mail.deliver(row.id)
    failed = Mail.get_by_id(row.id)
    assert failed.state == "failed" and "No such mailbox" in failed.error


def test_a_server_that_is_away_is_given_up_after_six_times(people: People, use: Any) -> None:
    use(smtp_host="127.0.0.1", smtp_port=9, smtp_security="none", smtp_from="desk@hub.example")
    row = ask(people)
    for _ in range(6):
        due_now(row)
        mail.deliver(row.id)
    assert (Mail.get_by_id(row.id).state, Mail.get_by_id(row.id).attempts) == ("failed", 6)


def test_what_is_in_a_letter_is_encrypted_and_gone_after_a_week(people: People) -> None:
    row = ask(people)
    kept = letters.written(people.bob.email)[0]
    assert kept.state == "kept" and letters.token(kept) not in str(list(Mail.select().dicts()))
    stored = Mail.raw("SELECT text, html, \"values\" FROM mail").dicts()[0]
    assert letters.token(kept) not in str(stored)
    Mail.update(created_at=clock.ahead(-7 * 24 * 3600 - 1)).where(Mail.id == row.id).execute()
    scheduled.begin(Job.CLEAN, clock.now(), timedelta(days=1))
    retention.clean(ScheduledRun.get().id)
    assert not Mail.select().exists()


@pytest.mark.parametrize("kind", [MailKind.RESET, MailKind.VERIFICATION])
@pytest.mark.parametrize("locale", ["ru", "en", "de"])
def test_every_letter_is_written_in_both_languages(people: People, kind: MailKind, locale: str) -> None:
    mail.send(kind, people.bob.email, locale)
    row = letters.written(people.bob.email)[0]
    assert row.html is not None and f'lang="{"en" if locale == "de" else locale}"' in row.html.reveal()
    assert any("а" <= sign <= "я" for sign in letters.text(row)) == (locale == "ru")


def test_in_production_no_link_is_made_of_a_guessed_address(people: People, use: Any) -> None:
    use(env="production")
    row = ask(people)
    with pytest.raises(Unavailable, match="APP_BASE_URL"):
        mail.deliver(row.id)
    assert Mail.get_by_id(row.id).state == "running"
