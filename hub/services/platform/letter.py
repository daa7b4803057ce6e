"""What is in a letter, and how it looks: a heading, paragraphs, perhaps a code and a button, in text and HTML."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hub.lib import clock, mailbox, text

OWN = "#0b6e4f", "#ffffff"      # the hub's own colours
_FOLDER = Path(__file__).resolve().parents[3] / "templates" / "mail"


@dataclass(frozen=True)
class Letter:
    """`note` stands small at the end; `reply_to` is where an answer goes."""

    subject: str
    paragraphs: tuple[str, ...]
    url: str = ""
    button: str = ""
    code: str = ""
    note: str = ""
    reply_to: str = ""

    def plain(self) -> str:
        """The letter as text."""
        parts = [*self.paragraphs, self.code, f"{self.button}:\n{self.url}" if self.url else "", self.note]
        return "\n\n".join(part for part in parts if part) + "\n"

    def html(self, locale: str, sender: str, brand: tuple[str, str] = OWN) -> str:
        """The letter as a mail program shows it; `brand` is what its button is painted with and written in."""
        return _templates().get_template("letter.html").render(letter=self, locale=locale, sender=sender, brand=brand)


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                       lstrip_blocks=True)


def message(letter: Letter, html: str, sender: str, recipient: str, number: str) -> EmailMessage:
    """The letter on its way. `number` makes its Message-ID: sent twice after a broken connection it is one letter."""
    sent, writer = EmailMessage(), mailbox.sender(sender)
    sent["From"] = writer
    sent["To"] = mailbox.on_the_wire(recipient)
    sent["Subject"] = text.one_line(letter.subject, 200)
    sent["Date"] = format_datetime(clock.aware())
    sent["Message-ID"] = f"<{number}@{writer.domain}>"
    sent["Auto-Submitted"] = "auto-generated"       # RFC 3834: no vacation notice answers it
    if letter.reply_to:
        sent["Reply-To"] = mailbox.on_the_wire(letter.reply_to)
    sent.set_content(letter.plain())
    sent.add_alternative(html, subtype="html")
    return sent
