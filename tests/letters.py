"""Letters that tests ask for: written by the job, and read as their reader would."""

import re

from hub.models.platform.mail import Mail
from hub.services.platform import mail

_LINK = re.compile(r"https?://\S+")


def written(recipient: str = "") -> list[Mail]:
    """Run the job for every letter that waits; those to the address (all without one), oldest first."""
    for (number,) in Mail.select(Mail.id).where(Mail.state == "queued").order_by(Mail.id).tuples():
        mail.deliver(number)
    rows = Mail.select().order_by(Mail.id)
    return list(rows.where(Mail.recipient == recipient) if recipient else rows)


def text(letter: Mail) -> str:
    assert letter.text is not None, letter.state
    return letter.text.reveal()


def token(letter: Mail) -> str:
    """What the letter's link holds."""
    return link(letter).partition("=")[2]


def link(letter: Mail) -> str:
    found = _LINK.search(text(letter))
    assert found is not None, text(letter)
    return found[0]


def code(letter: Mail) -> str:
    """The six digits of the letter."""
    found = re.search(r"^\d{6}$", text(letter), re.MULTILINE)
    assert found is not None, text(letter)
    return found[0]
