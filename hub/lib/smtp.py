"""Sends one letter over SMTP: with a deadline, TLS as the server has it, and to a public address where asked."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage

from hub.lib import addresses

_TIMEOUT_S = 15.0


class NotConnected(Exception):
    """No server was reached that takes our letters: address, TLS or sign-in."""


class NotTaken(Exception):
    """The server did not take this letter. `for_good`: another attempt cannot help (RFC 5321, 4.2.1: 5yz)."""

    def __init__(self, message: str, for_good: bool = False) -> None:
        super().__init__(message)
        self.for_good = for_good


@dataclass(frozen=True)
class Server:
    """Where letters go out. `security`: tls | starttls | none. `public_only`: a business named it, so it may not lead
    into our own network; `loopback` lets this machine pass all the same."""

    host: str
    port: int
    security: str
    username: str = ""
    password: str = ""
    public_only: bool = False
    loopback: bool = False


def send(server: Server, letter: EmailMessage, timeout_s: float = _TIMEOUT_S) -> None:
    """Hand the letter over. Raises NotConnected, NotTaken."""
    try:
        with _connected(server, timeout_s) as client:
            client.send_message(letter)
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        raise NotTaken(_said(code, reason), 500 <= code < 600) from error
    except smtplib.SMTPResponseException as error:
        raise NotTaken(_said(error.smtp_code, error.smtp_error), 500 <= error.smtp_code < 600) from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotTaken(f"The connection broke ({type(error).__name__}).") from error


@contextmanager
def _connected(server: Server, timeout_s: float) -> Iterator[smtplib.SMTP]:
    try:
        client = _signed_in((_Tls if server.security == "tls" else _Plain)(server, timeout_s), server)
    except smtplib.SMTPResponseException as error:
        raise NotConnected(_said(error.smtp_code, error.smtp_error)) from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotConnected(f"{server.host}: {error}") from error
    with client:
        yield client


def _signed_in(client: smtplib.SMTP, server: Server) -> smtplib.SMTP:
    try:
        if server.security == "starttls":
            client.starttls(context=ssl.create_default_context())
        if server.username:
            client.login(server.username, server.password)
    except BaseException:
        client.close()
        raise
    return client


class _Plain(smtplib.SMTP):
    """Connects to the very address that was checked; TLS still names the host."""

    def __init__(self, server: Server, timeout_s: float) -> None:
        self._server = server
        super().__init__(server.host, server.port, timeout=timeout_s)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        found = addresses.public(host, port, self._server.loopback) if self._server.public_only else [host]
        return socket.create_connection((found[0], port), timeout)


class _Tls(_Plain):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return ssl.create_default_context().wrap_socket(super()._get_socket(host, port, timeout), server_hostname=host)


def _said(code: int, reason: bytes | str) -> str:
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return f"The server said {code}: {' '.join(text.split())[:180]}"
