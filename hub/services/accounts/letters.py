"""The letters about accounts, in Russian and English. Each gives None when there is nobody to write to any more."""

from hub.lib import ids
from hub.lib.json_types import Values
from hub.models.accounts.account_token import Purpose
from hub.models.accounts.email_change import EmailChange
from hub.models.accounts.invite import Invite
from hub.models.accounts.ownership_offer import OwnershipOffer
from hub.models.accounts.user import User
from hub.models.platform.mail import Mail
from hub.services.accounts import account_tokens
from hub.services.platform.letter import Letter
from hub.services.platform.mail import link
from hub.settings import current_settings

TEXTS: dict[str, dict[str, dict[str, str]]] = {
    "verification": {
        "ru": {"subject": "Подтвердите адрес почты",
               "text": "Откройте ссылку или введите код. Код действует 15 минут, ссылка — сутки.",
               "button": "Подтвердить адрес",
               "note": "Если вы не создавали аккаунт, ничего делать не нужно."},
        "en": {"subject": "Confirm your email address",
               "text": "Open the link or enter the code. The code works for 15 minutes, the link for a day.",
               "button": "Confirm the address",
               "note": "If you did not create an account, there is nothing to do."}},
    "reset": {
        "ru": {"subject": "Новый пароль",
               "text": "Кто-то — надеемся, вы — попросил новый пароль для этого адреса. Ссылка действует один час "
                       "и один раз. С новым паролем вы выйдете во всех браузерах, а ключи входа удалятся.",
               "button": "Задать новый пароль",
               "note": "Если это были не вы, ничего делать не нужно: пароль остаётся прежним."},
        "en": {"subject": "A new password",
               "text": "Somebody, we hope it was you, asked for a new password for this address. The link works once, "
                       "for one hour. A new password signs every browser out and removes passkeys.",
               "button": "Set a new password",
               "note": "If it was not you, there is nothing to do: the password stays as it is."}},
    "invite": {
        "ru": {"subject": "Приглашение в «{business}»",
               "text": "{who} приглашает вас отвечать клиентам вместе. Приглашение действует семь дней.",
               "button": "Принять приглашение",
               "note": "Если вы не ждали этого письма, его можно удалить."},
        "en": {"subject": "You are invited to {business}",
               "text": "{who} invites you to answer customers together. The invitation is good for seven days.",
               "button": "Accept the invitation",
               "note": "If you did not expect this letter, you can delete it."}},
    "address_taken": {
        "ru": {"subject": "У вас уже есть аккаунт",
               "text": "Кто-то — возможно, вы — пытался создать аккаунт с этим адресом. Он уже есть: войдите или "
                       "задайте новый пароль.",
               "button": "Войти",
               "note": "Если это были не вы, ничего делать не нужно."},
        "en": {"subject": "You already have an account",
               "text": "Somebody, perhaps you, tried to create an account with this address. There is one already: "
                       "sign in, or set a new password.",
               "button": "Sign in",
               "note": "If it was not you, there is nothing to do."}},
    "new_device": {
        "ru": {"subject": "Вход с нового устройства",
               "text": "В ваш аккаунт вошли с устройства, с которого раньше не входили.",
               "where": "{device} · {address} · {at}",
               "button": "Где вы вошли",
               "note": "Если это были не вы: на странице аккаунта нажмите «Выйти везде» — вход закончится на всех "
                       "устройствах — и смените пароль."},
        "en": {"subject": "A sign-in from a new device",
               "text": "Somebody signed in to your account from a device that was not used for it before.",
               "where": "{device} · {address} · {at}",
               "button": "Where you are signed in",
               "note": "If it was not you: press “Sign out everywhere” on the page of your account, which ends it on "
                       "every device, and change the password."}},
    "second_factor_off": {
        "ru": {"subject": "Вход в два шага выключен",
               "text": "Тот, кто управляет этой установкой Parley, выключил вход в два шага для вашего аккаунта: "
                       "теперь достаточно пароля. На всех устройствах нужно войти заново. Включить его снова можно на "
                       "странице аккаунта.",
               "button": "Открыть аккаунт",
               "note": "Если вы об этом не просили, смените пароль и сообщите тому, кто управляет установкой."},
        "en": {"subject": "Two-step sign-in was turned off",
               "text": "Whoever runs this installation of Parley turned two-step sign-in off for your account: the "
                       "password is enough now. Every device has to sign in again. You can turn it on again on the "
                       "page of your account.",
               "button": "Open the account",
               "note": "If you did not ask for it, change your password and tell whoever runs the installation."}},
    "ownership_offer": {
        "ru": {"subject": "Вам передают «{business}»",
               "text": "{who} предлагает вам стать владельцем. Согласиться можно на странице вашего аккаунта в течение "
                       "семи дней; до этого ничего не меняется.",
               "button": "Открыть аккаунт",
               "note": "Если вы не согласны, ничего делать не нужно."},
        "en": {"subject": "{business} is offered to you",
               "text": "{who} asks you to become the owner. You can accept on your account page within seven days; "
                       "nothing changes before that.",
               "button": "Open the account",
               "note": "If you do not want to, there is nothing to do."}},
    "email_change_old": {
        "ru": {"subject": "Смена адреса почты",
               "text": "Вы попросили входить с другим адресом: {email}. Он начнёт действовать, когда подтвердят оба "
                       "письма — это и то, что пришло на новый адрес. Ссылка действует сутки.",
               "button": "Сменить адрес",
               "note": "Если это были не вы, ничего не подтверждайте и смените пароль: тот, кто попросил, его знает."},
        "en": {"subject": "Another email address",
               "text": "You asked to sign in with another address: {email}. It counts once both letters are confirmed, "
                       "this one and the one to the new address. The link works for a day.",
               "button": "Change the address",
               "note": "If it was not you, confirm nothing and change your password: whoever asked knows it."}},
    "email_change_new": {
        "ru": {"subject": "Подтвердите новый адрес почты",
               "text": "С этим адресом хотят входить в Parley. Он начнёт действовать, когда подтвердят и это письмо, и "
                       "то, что пришло на прежний адрес. Ссылка действует сутки.",
               "button": "Подтвердить адрес",
               "note": "Если это были не вы, ничего делать не нужно."},
        "en": {"subject": "Confirm your new email address",
               "text": "Somebody wants to sign in with this address. It counts once this letter and the one to the "
                       "address of before are confirmed. The link works for a day.",
               "button": "Confirm the address",
               "note": "If it was not you, there is nothing to do."}},
    "email_corrected": {
        "ru": {"subject": "Подтвердите адрес почты",
               "text": "С этим адресом хотят входить в Parley вместо прежнего, который так и не подтвердили. Ссылка "
                       "действует сутки.",
               "button": "Подтвердить адрес",
               "note": "Если это были не вы, ничего делать не нужно."},
        "en": {"subject": "Confirm your email address",
               "text": "Somebody wants to sign in to Parley with this address instead of one that was never confirmed. "
                       "The link works for a day.",
               "button": "Confirm the address",
               "note": "If it was not you, there is nothing to do."}},
}


def verification(mail: Mail, values: Values) -> Letter | None:
    """A link and six digits that show the mailbox is the reader's."""
    user = _known(mail)
    if user is None or user.email_verified_at is not None:
        return None
    token, code = account_tokens.issue_with_code(user)
    return _letter("verification", mail.locale, link("/auth/verify-email", token=token), code=code)


def reset(mail: Mail, values: Values) -> Letter | None:
    """A link to a new password."""
    user = _known(mail)
    if user is None:
        return None
    token = account_tokens.issue(user, Purpose.RESET)
    return _letter("reset", mail.locale, link("/auth/reset-password", token=token))


def invite(mail: Mail, values: Values) -> Letter | None:
    """The link of an invitation that still stands."""
    found = Invite.open_one(str(values["token"]))
    if found is None:
        return None
    who = found.invited_by.name if found.invited_by else found.tenant.name
    return _letter("invite", mail.locale, link("/auth/signup", invite=str(values["token"])),
                   business=found.tenant.name, who=who)


def address_taken(mail: Mail, values: Values) -> Letter | None:
    """For whoever has an account already: somebody wanted to open one with their address."""
    return None if _known(mail) is None else _letter("address_taken", mail.locale, link("/auth/login"))


def new_device(mail: Mail, values: Values) -> Letter | None:
    """Somebody signed in with the person's proofs from where they never did."""
    if _known(mail) is None:
        return None
    said = {name: str(values[name]) for name in ("device", "address", "at")}
    return _letter("new_device", mail.locale, _account(), **said)


def second_factor_off(mail: Mail, values: Values) -> Letter | None:
    """An administrator of the platform let the person in without the second step."""
    return None if _known(mail) is None else _letter("second_factor_off", mail.locale, _account())


def ownership_offer(mail: Mail, values: Values) -> Letter | None:
    """For the colleague who is asked to take the business over, while the offer stands."""
    offer = OwnershipOffer.to(mail.user) if mail.user is not None else None
    if offer is None:
        return None
    return _letter("ownership_offer", mail.locale, link("/account"), business=offer.tenant.name, who=offer.owner.name)


def email_change_old(mail: Mail, values: Values) -> Letter | None:
    """For the address of now: does its reader want the new one?"""
    return _of_change("email_change_old", mail, values, email=str(values.get("email", "")))


def email_change_new(mail: Mail, values: Values) -> Letter | None:
    """For the new address; who signs in with it already is told that instead, and nobody else is."""
    if User.by_email(mail.recipient) is not None:
        return address_taken(mail, values)
    return _of_change("email_corrected" if values.get("is_first") else "email_change_new", mail, values)


def _of_change(name: str, mail: Mail, values: Values, **said: str) -> Letter | None:
    token = str(values["token"])
    digest = ids.digest(token)
    found = EmailChange.get_or_none((EmailChange.old_digest == digest) | (EmailChange.new_digest == digest))
    return None if found is None else _letter(name, mail.locale, link("/auth/email-change", token=token), **said)


def _account() -> str:
    """The page of one's account. Without an own address: no button."""
    return link("/account") if current_settings().own_url else ""


def _known(mail: Mail) -> User | None:
    """The active person with that address."""
    user = User.by_email(mail.recipient)
    return user if user is not None and user.is_active else None


def _letter(name: str, locale: str, url: str, code: str = "", **values: str) -> Letter:
    said = {key: text.format(**values) for key, text in TEXTS[name][locale].items()}
    paragraphs = tuple(said[name] for name in ("text", "where") if name in said)
    return Letter(said["subject"], paragraphs, url, said["button"], code, said["note"])
