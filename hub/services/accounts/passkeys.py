"""Passkeys: registered by who shows that it is them, and good as both factors at once: the device, and its lock."""

import base64
import ipaddress
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

import structlog
from peewee import IntegrityError, ModelSelect

from hub.access import callers
from hub.access.callers import Caller, UserCaller
from hub.errors import BadInput, Conflict, NotFound, Unauthorized
from hub.lib import clock, ids
from hub.lib.fields import N_
from hub.lib.json_types import JsonObject, Values
from hub.models import refusals
from hub.models.accounts.passkey import Passkey
from hub.models.accounts.totp import Totp
from hub.models.accounts.user import User
from hub.models.base import locked, transaction
from hub.services import events
from hub.services.accounts import accounts, second_factor, tickets
from hub.settings import current_settings

log = structlog.get_logger(__name__)

MOST = 20
_NEW, _SIGN_IN = "passkey-new", "passkey"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,1400}")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Asked:
    """What the browser is asked, its JSON as the Web Authentication standard has it, and the note that goes with it."""

    options: JsonObject
    ticket: str


@dataclass(frozen=True)
class _Party:
    """Whom keys are made for: a host, and the one origin from which they may be used."""

    host: str
    origin: str


def origin() -> str:
    """The address at which passkeys work; empty where there is none: an IP address or plain http has no passkeys."""
    settings = current_settings()
    said = settings.base_url or ("" if settings.production else f"http://localhost:{settings.port}")
    url = urlsplit(said)
    is_safe = url.scheme == "https" or url.hostname == "localhost"
    return f"{url.scheme}://{url.netloc}".lower() if is_safe and url.hostname and not _is_ip(url.hostname) else ""


def mine(caller: UserCaller) -> "ModelSelect[Passkey]":
    """The person's own passkeys."""
    return Passkey.select().where(Passkey.user == caller.user)


def found(caller: UserCaller, uuid: str) -> Passkey:
    """One of them, to change it. NotFound, and Forbidden for whoever acts in somebody's place."""
    callers.require_oneself(caller)
    row = mine(caller).where(Passkey.uuid == ids.parse(uuid)).first()
    if row is None:
        raise NotFound(message="There is no such passkey.")
    return row


def ask_new(caller: UserCaller, proof: str) -> Asked:
    """Ask a device of the person's for a new key. `proof`: the password or a code, from whoever has either.

    Conflict `passkeys_off` or `too_many`, BadInput `proof_wrong`, HubError 423 after five wrong ones.
    """
    import webauthn     # 16 MB that processes without passkeys do not hold
    from webauthn.helpers import structs
    callers.require_oneself(caller)
    party = _party()
    has_proof = caller.user.password_hash is not None or Totp.on(caller.user) is not None
    if has_proof and not second_factor.is_right(caller.user, proof, password=proof):
        raise BadInput("proof_wrong", N_("This is neither your password nor a good code."), {"field": "proof"})
    known = [structs.PublicKeyCredentialDescriptor(_bytes(row.credential)) for row in mine(caller)]
    options = webauthn.generate_registration_options(
        rp_id=party.host, rp_name="Parley", user_id=caller.user.uuid.bytes, user_name=caller.user.email,
        user_display_name=caller.user.name, exclude_credentials=known,
        # The device asks for its own lock, and knows whose key it is.
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED))
    return _asked(_NEW, webauthn.options_to_json(options), options.challenge, user_id=str(caller.user.uuid))


def add(caller: UserCaller, ticket: str, credential: str, name: str) -> Passkey:
    """Keep the key that the device made. BadInput `passkey_wrong`, Conflict `passkey_known` or `too_many`."""
    import webauthn
    callers.require_oneself(caller)
    claims = tickets.read(_NEW, ticket)
    if claims.get("user_id") != str(caller.user.uuid):
        raise tickets.invalid()
    tickets.spend(claims)
    made = _verified(lambda party: webauthn.verify_registration_response(
        credential=credential, expected_challenge=_challenge(claims), expected_rp_id=party.host,
        expected_origin=party.origin, require_user_verification=True))
    if made is None:
        raise BadInput("passkey_wrong", N_("Your device's answer does not fit. Try again."), {"field": "credential"})
    values = {"credential": _text(made.credential_id), "sign_count": made.sign_count,
              "public_part": _text(made.credential_public_key)}
    return _added(caller, {**values, "name": name})


@refusals.repeated
def _added(caller: UserCaller, values: Values) -> Passkey:
    try:
        with transaction():
            list(locked(User.select(User.id).where(User.id == caller.user.id)))     # one after the other are counted
            if mine(caller).count() >= MOST:
                raise Conflict("too_many", N_("You have 20 passkeys. Remove one that you do not use."))
            row = Passkey.create(user=caller.user, **values)
            events.record(caller, "passkey.created", row, None, {"name": row.name})
    except IntegrityError:
        raise Conflict("passkey_known", N_("This device has a passkey for Parley already.")) from None
    return row


@refusals.repeated
def remove(caller: Caller, row: Passkey) -> None:
    """It signs in no more."""
    with transaction():
        if row.delete_instance():
            events.record(caller, "passkey.deleted", row, {"name": row.name})


def ask() -> Asked:
    """Ask whichever device it is for a key of this hub. Conflict `passkeys_off`."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement
    options = webauthn.generate_authentication_options(rp_id=_party().host,
                                                       user_verification=UserVerificationRequirement.REQUIRED)
    return _asked(_SIGN_IN, webauthn.options_to_json(options), options.challenge)


def sign_in(ticket: str, credential: str, ip: str, user_agent: str) -> tuple[User, str]:
    """(person, cookie of the new session). A question is good for one answer, right or wrong.

    Unauthorized `PASSKEY_WRONG` whatever does not fit, and as `accounts.admit`.
    """
    claims = tickets.read(_SIGN_IN, ticket)
    tickets.spend(claims)
    row = _known(credential)
    if row is None or not _signed(row, claims, credential):
        raise Unauthorized("PASSKEY_WRONG", N_("This passkey does not sign in here."))
    return row.user, accounts.open_session(row.user, ip, user_agent, both=True)


def _signed(row: Passkey, claims: Values, credential: str) -> bool:
    import webauthn
    used = _verified(lambda party: webauthn.verify_authentication_response(
        credential=credential, expected_challenge=_challenge(claims), expected_rp_id=party.host,
        expected_origin=party.origin, credential_public_key=_bytes(row.public_part),
        credential_current_sign_count=row.sign_count, require_user_verification=True))
    # A key that was copied counts on its own: of two that show the same number one is refused.
    return used is not None and bool(
        Passkey.update(sign_count=used.new_sign_count, last_used_at=clock.now())
        .where(Passkey.id == row.id, Passkey.sign_count == row.sign_count).execute())


def _known(credential: str) -> Passkey | None:
    """The key that the answer names, where it also names its owner rightly."""
    try:
        said = json.loads(credential)
        name, handle = str(said["id"]), said["response"].get("userHandle")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not _NAME.fullmatch(name):       # no database takes every sign that JSON can say
        return None
    row = Passkey.select(Passkey, User).join(User).where(Passkey.credential == name).first()
    is_theirs = row is not None and handle == _text(row.user.uuid.bytes)
    return row if is_theirs else None


def _verified(check: Callable[[_Party], Result]) -> Result | None:
    """None for an answer that is not right."""
    party = _party()
    try:
        return check(party)
    except Exception as error:      # a stranger chooses the bytes, and three parsers read them
        log.info("passkey.refused", error=type(error).__name__)
        return None


def _party() -> _Party:
    found = origin()
    if not found:
        raise Conflict("passkeys_off", N_("Passkeys work once Parley has an address of its own with https."))
    return _Party(urlsplit(found).hostname or "", found)


def _asked(kind: str, options: str, challenge: bytes, **claims: str) -> Asked:
    return Asked(json.loads(options), tickets.issue(kind, challenge=_text(challenge), **claims))


def _challenge(claims: Values) -> bytes:
    return _bytes(str(claims["challenge"]))


def _text(raw: bytes) -> str:
    """As the standard writes bytes: base64url without its padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _is_ip(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False
