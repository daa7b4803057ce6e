"""What undoing needs and nobody may read on the way: sealed into the form of the toast, for an hour."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from hub.errors import BadInput
from hub.settings import current_settings

_HOUR_S = 3600


def seal(about: object, value: str) -> str:
    """`value`, readable by this installation alone; `about` says what it belongs to."""
    return _box(about).encrypt(value.encode()).decode()


def unseal(about: object, sealed: str) -> str:
    """The value again; BadInput when it is too old or of something else."""
    try:
        return _box(about).decrypt(sealed.encode(), ttl=_HOUR_S).decode()
    except InvalidToken:
        raise BadInput("undo_expired", "This cannot be undone any more.") from None


def _box(about: object) -> Fernet:
    key = hashlib.sha256(f"undo:{about}:{current_settings().session_secret}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
