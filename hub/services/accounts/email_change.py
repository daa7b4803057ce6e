"""Another address to sign in with: asked for with the password, confirmed by a letter to the old and one to the new."""

from peewee import IntegrityError

from hub.access import callers
from hub.access.callers import Caller, UserCaller
from hub.errors import BadInput, Conflict
from hub.lib import clock, ids
from hub.lib.fields import N_
from hub.models import refusals
from hub.models.accounts.email_change import EmailChange
from hub.models.accounts.user import User
from hub.models.base import locked, transaction
from hub.models.platform.mail import MailKind
from hub.services import changes, events
from hub.services.accounts import login, sessions
from hub.services.platform import mail

LASTS_S = 24 * 3600


def ask(caller: UserCaller, email: str, password: str) -> EmailChange:
    """Write to both addresses; to the new one alone where nobody has shown the old mailbox, which may be mistyped.
    Whether somebody else has the new one is not told: its letter's job finds out.

    BadInput for the address of now, and as `login.check_own`. An earlier wish is forgotten.
    """
    callers.require_oneself(caller)
    login.check_own(caller.user, password)
    if User.email.db_value(email) == caller.user.email:
        raise BadInput("same_email", N_("This is your address already."), {"field": "email"})
    return _asked(caller, email)


@refusals.raced
def _asked(caller: UserCaller, email: str) -> EmailChange:
    old, new, user = ids.token(), ids.token(), caller.user
    is_first = user.email_verified_at is None
    with transaction():
        EmailChange.delete().where(EmailChange.user == user).execute()
        made = EmailChange.create(user=user, email=email, old_digest=ids.digest(old), new_digest=ids.digest(new),
                                  mark=EmailChange.marked(user), expires_at=clock.ahead(LASTS_S),
                                  old_said_at=clock.now() if is_first else None)
        if not is_first:
            mail.send(MailKind.EMAIL_CHANGE_OLD, user.email, user.locale, token=old, email=made.email)
        mail.send(MailKind.EMAIL_CHANGE_NEW, made.email, user.locale, token=new, is_first=is_first)
        events.record(caller, "user.email_change_asked", user, None, {"email": made.email})
    return made


@refusals.repeated
def cancel(caller: UserCaller) -> None:
    """Stay with the address of now; the links of both letters open nothing any more."""
    with transaction():
        if EmailChange.delete().where(EmailChange.user == caller.user).execute():
            events.record(caller, "user.email_change_cancelled", caller.user)


def confirm_at(caller: Caller, token: str, password: str, cookie: str) -> EmailChange | None:
    """The same from a page: as `login.check_at_home`."""
    login.check_at_home(caller, holder(token), password)
    return confirm(token, cookie)


def holder(token: str) -> User:
    """Who asked for what this letter is about. BadInput `token_invalid`."""
    return _good(ids.digest(token)).user


def confirm(token: str, cookie: str = "") -> EmailChange | None:
    """Yes from one mailbox; with the other's, the address is changed: None then.

    As after a change of the password, every token and every browser but the one with this cookie is signed out.
    BadInput `token_invalid`; Conflict where somebody has taken the address meanwhile.
    """
    try:
        return _confirmed(ids.digest(token), ids.digest(cookie))
    except IntegrityError:
        raise Conflict("email_taken", N_("Somebody else signs in with this address.")) from None


@refusals.repeated
def _confirmed(digest: str, cookie: str) -> EmailChange | None:
    with transaction():
        found = _good(digest)
        side = "old" if found.old_digest == digest else "new"
        by = UserCaller(found.user, found.user.tenant, "letter")
        if getattr(found, f"{side}_said_at") is None:
            setattr(found, f"{side}_said_at", clock.now())
            found.save()
            events.record(by, "user.email_change_confirmed", found.user, None, {"address": side})
        if found.old_said_at is None or found.new_said_at is None:
            return found
        _change(by, found, cookie)
    return None


def _good(digest: str) -> EmailChange:
    query = EmailChange.select().where((EmailChange.old_digest == digest) | (EmailChange.new_digest == digest),
                                       EmailChange.expires_at > clock.now())
    found = locked(query).first()
    if found is None or not found.user.is_active or found.mark != EmailChange.marked(found.user):
        raise BadInput("token_invalid", N_("This link is not valid any more. Ask for a new one."), {"field": "token"})
    return found


def _change(by: UserCaller, wanted: EmailChange, cookie: str) -> None:
    user = wanted.user
    wanted.delete_instance()
    changes.apply(by, user, {"email": wanted.email, "email_verified_at": clock.now()})
    sessions.end_others(by, user, cookie)
