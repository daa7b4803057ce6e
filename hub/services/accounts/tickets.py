"""Signed notes between two steps of something: good for a few minutes, for one person's purpose, and once."""

from datetime import UTC, datetime

from hub.access import tokens
from hub.errors import Unauthorized
from hub.lib.json_types import Values
from hub.models.accounts.session import RevokedToken
from hub.settings import current_settings

LASTS_S = 5 * 60


def issue(kind: str, **claims: object) -> str:
    """A note of that kind; anybody may read what it says, nobody else can write one."""
    return tokens.issue(current_settings().session_secret, kind, LASTS_S, **claims)


def read(kind: str, text: str) -> Values:
    """What a note of that kind says, which is not spent by this. Unauthorized when it is good no more."""
    claims = tokens.read(current_settings().session_secret, kind, text)
    if RevokedToken.select().where(RevokedToken.jti == claims["jti"]).exists():
        raise invalid()
    return claims


def spend(claims: Values) -> None:
    """It is good no more. Unauthorized for all but one of several at once."""
    if not use_once(str(claims["jti"]), int(claims["exp"])):
        raise invalid()


def use_once(number: str, until: int) -> bool:
    """True for the one caller that spends this number of a token or family; `until` is epoch seconds."""
    ends = datetime.fromtimestamp(until, UTC).replace(tzinfo=None)
    rows = list(RevokedToken.insert(jti=number, expires_at=ends).on_conflict_ignore()
                .returning(RevokedToken.id).tuples().execute())
    return bool(rows)


def invalid() -> Unauthorized:
    return Unauthorized("token_invalid", "The token is not valid any more.")
