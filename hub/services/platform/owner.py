"""The owner of the installation, whom the environment names: made at the first start, afterwards left alone."""

from hub.access import passwords
from hub.access.callers import Service
from hub.access.passwords import PLAIN
from hub.errors import BadInput, SettingsError
from hub.lib import clock, mailbox, text
from hub.lib.json_types import Values
from hub.models.accounts.session import UserSession
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import Role, User
from hub.models.base import transaction
from hub.services import changes
from hub.settings import Settings

_CALLER = Service("start")
_FLAGS = {"is_platform_admin": True, "is_platform_owner": True}


def bootstrap(settings: Settings) -> str:
    """What was done, as a sentence. SettingsError where the owner cannot be made.

    Whoever owns the installation already keeps their password. Somebody else of this e-mail becomes the owner only
    together with the password of the environment: an address that is taken before its owner comes is worth nothing.
    """
    try:
        email = mailbox.typed(settings.owner_email)
    except ValueError:
        raise SettingsError("OWNER_EMAIL must be an e-mail address.") from None
    known = User.by_email(email)
    if known is not None and known.is_platform_owner:
        return _reminder(settings)
    kept = _kept(settings)
    if known is None:
        _make(email, settings.owner_name, kept)
    else:
        _promote(known, kept)
    return f"{email} owns this installation." + (" Take OWNER_PASSWORD away now." if settings.owner_password else "")


def _reminder(settings: Settings) -> str:
    given = settings.owner_password or settings.owner_password_hash
    return "The owner of the installation is known: take OWNER_PASSWORD away." if given else ""


def _kept(settings: Settings) -> str:
    """The password as it is stored."""
    if settings.owner_password_hash:
        return PLAIN + settings.owner_password_hash
    if not settings.owner_password:
        raise SettingsError("OWNER_EMAIL needs OWNER_PASSWORD or OWNER_PASSWORD_HASH at the first start.")
    try:
        passwords.check_rule(settings.owner_password)
    except BadInput as error:
        raise SettingsError(f"OWNER_PASSWORD: {error.message}") from None
    return passwords.hashed(settings.owner_password)


def _make(email: str, name: str, kept: str) -> None:
    first, _, last = text.one_line(name).partition(" ")
    with transaction():
        tenant = changes.create(_CALLER, Tenant, {"name": "Platform"})
        values: Values = {"email": email, "first_name": first, "last_name": last, "role": Role.OWNER,
                          "password_hash": kept, "email_verified_at": clock.now(), **_FLAGS}
        changes.create(Service("start", tenant), User, values)


def _promote(user: User, kept: str) -> None:
    """Whoever was signed in as the user may be somebody else."""
    with transaction():
        UserSession.delete().where(UserSession.user == user).execute()
        changes.apply(_CALLER, user, {"password_hash": kept, "is_active": True, **_FLAGS,
                                      "email_verified_at": user.email_verified_at or clock.now()})
