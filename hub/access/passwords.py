"""Passwords: bcrypt with 12 rounds over a SHA-256 pre-hash, away from the event loop; and the rule for new ones."""

import base64
import hashlib
import re

import bcrypt

from hub.errors import BadInput
from hub.lib import threads
from hub.lib.fields import N_

ROUNDS = 12
# Before a hash that another program made of the password itself.
PLAIN = "plain:"


def _prehash(password: str) -> bytes:
    # bcrypt 5 refuses more than 72 bytes (36 Cyrillic letters) and stops at NUL; base64 of a digest has neither.
    return base64.b64encode(hashlib.sha256(password.encode("utf-8", "replace")).digest())


def hashed(password: str) -> str:
    """What to store of a password. Takes a quarter of a second: let the database go before."""
    return threads.run(bcrypt.hashpw, _prehash(password), bcrypt.gensalt(ROUNDS)).decode()


def matches(password: str, stored: str | None) -> bool:
    """Right password? Takes the same time when there is no account (`stored` is None)."""
    kept = stored or _nobody()
    typed = _bare(password) if kept.startswith(PLAIN) else _prehash(password)
    return threads.run(bcrypt.checkpw, typed, kept.removeprefix(PLAIN).encode()) and stored is not None


def _bare(password: str) -> bytes:
    """What other programs give to bcrypt, which looks at 72 bytes and takes no NUL."""
    raw = password.encode("utf-8", "replace")
    return _prehash(password) if b"\0" in raw else raw[:72]


def _nobody() -> str:
    """Checked when the account does not exist, so that both answers take the same time: nobody's hash, our rounds."""
    return f"$2b${ROUNDS:02}$" + "." * 21 + "O" + "." * 31


def check_rule(password: str, field: str = "password") -> None:
    """At least 8 characters with an upper-case letter, a lower-case letter and a digit; else BadInput."""
    letters = re.sub(r"[\W\d_]", "", password)
    good = len(password) >= 8 and letters != letters.lower() and letters != letters.upper() \
        and any(sign.isdigit() for sign in password)
    if not good:
        raise BadInput("weak_password", N_("The password needs at least 8 characters with an upper-case letter, "
                                           "a lower-case letter and a digit."), {"field": field})
