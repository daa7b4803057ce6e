"""Forgery protection: every form of ours carries a secret of its browser's session, masked anew in each answer."""

import base64
import binascii
import hashlib
import hmac
import secrets

from flask import g, request, session

from hub.access import identity
from hub.errors import BadInput
from hub.settings import current_settings

FIELD, HEADER = "csrf_token", "X-CSRFToken"
RENEWED = "X-CSRF-Token"            # answers name a fresh token here when the one that came is of another session
_SAFE = ("GET", "HEAD", "OPTIONS")
_SIZE = hashlib.sha256().digest_size


class Forged(BadInput):
    """The form did not come from a page that this browser was given."""

    code = "csrf_failed"


def token() -> str:
    """The present session's secret under a fresh mask; the same one in all forms of one answer.

    Equal bytes in many compressed answers can be guessed by their length (BREACH, https://www.breachattack.com);
    so, as Django does, each answer sends mask and mask XOR secret.
    """
    if "csrf_token" not in g:
        mask = secrets.token_bytes(_SIZE)
        g.csrf_token = base64.urlsafe_b64encode(mask + _xor(mask, _secret())).decode().rstrip("=")
    return str(g.csrf_token)


def protect() -> None:
    """Before every view of a page: Forged unless a write brings the secret of its session."""
    if request.method not in _SAFE and not _fits(request.form.get(FIELD) or request.headers.get(HEADER, "")):
        raise Forged(message="The form is of another session. Load the page again.")


def _fits(given: str) -> bool:
    try:
        raw = base64.urlsafe_b64decode(given.encode("ascii") + b"=" * (-len(given) % 4))
    except (UnicodeEncodeError, binascii.Error):
        return False
    return len(raw) == 2 * _SIZE and hmac.compare_digest(_xor(raw[:_SIZE], raw[_SIZE:]), _secret())


def _secret() -> bytes:
    """Of the signed-in session for as long as it lives; of whoever is not signed in, of a cookie of its own."""
    own = request.cookies.get(identity.COOKIE) or session.setdefault("csrf", secrets.token_hex(_SIZE))
    return hmac.digest(current_settings().session_secret.encode(), f"csrf:{own}".encode(), "sha256")


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
