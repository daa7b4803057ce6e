"""What strangers write to whoever runs the hub, and the letter that only tries the mail server."""

from email.utils import parseaddr

from hub.lib.json_types import Values
from hub.models.platform.mail import Mail, MailKind
from hub.services.platform import mail
from hub.services.platform.letter import Letter
from hub.settings import current_settings

_TESTS = {
    "ru": Letter("Проверка почты", ("Это письмо проверяет почтовый сервер. Раз вы его читаете, он работает.",)),
    "en": Letter("A test of the mail server", ("This letter tests the mail server. As you read it, it works.",))}


def ask(name: str, email: str, subject: str, message: str, phone: str) -> None:
    """Send what was asked to the hub's own address; without a mail server it stands in the outbox."""
    recipient = parseaddr(current_settings().smtp_from)[1] or "outbox"
    mail.send(MailKind.CONTACT, recipient, "en", name=name, email=email, subject=subject, message=message, phone=phone)


def letter(row: Mail, values: Values) -> Letter:
    """What was asked, as it was written; an answer goes to whoever asked."""
    said = {key: str(value) for key, value in values.items()}
    who = "\n".join(part for part in (said["name"], said["email"], said["phone"]) if part)
    return Letter(said["subject"], (said["message"], who), reply_to=said["email"])


def test_letter(locale: str) -> Letter:
    """A letter that says nothing but that it has come."""
    return _TESTS.get(locale, _TESTS["en"])
