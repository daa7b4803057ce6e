"""A mail server that says what it is told to say and remembers the letters it took."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests import servers

USER, PASSWORD = "postman", "Mail-horse-7"


@dataclass
class Postbox:
    """`answers`: what the next letters are told instead of "250 OK", one after the other."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answers:
            return self.answers.pop(0)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.taken.append(letter)
        return "250 OK"


def _authenticated(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextmanager
def smtp_server() -> Iterator[Postbox]:
    """On loopback, in clear, with one user."""
    box = Postbox(servers.free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port, authenticator=_authenticated,
                            auth_require_tls=False)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
