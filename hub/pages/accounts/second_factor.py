"""One's own second factor as a page: the QR code, the recovery codes, turning it off."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from hub.access import callers
from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.models.accounts.totp import Totp
from hub.pages.kit import Form, page
from hub.services.accounts import recovery_codes, totp
from hub.web.people import OwnPasswordIn, ProofIn, TotpCodeIn

blueprint = Blueprint("second_factor", __name__)
_ME, _LIMIT = Permission.SIGNED_IN, ("second-step",)


@page(blueprint, "/account/second-factor", _ME)
def show(caller: UserCaller) -> str:
    return _shown(caller)


@page(blueprint, "/account/second-factor/begin", _ME, "POST", limit=_LIMIT)
def begin(caller: UserCaller, form: Form[OwnPasswordIn]) -> ResponseReturnValue:
    if form.save(lambda given: totp.begin(caller, given.password)) is None:
        return _shown(caller, password=form), 422
    return redirect(url_for("second_factor.show"), 303)


@page(blueprint, "/account/second-factor/confirm", _ME, "POST", limit=_LIMIT)
def confirm(caller: UserCaller, form: Form[TotpCodeIn]) -> ResponseReturnValue:
    codes = form.save(lambda given: totp.confirm(caller, given.code))
    said = gettext("Two-step sign-in is on. Every other browser is signed out.")
    return _codes(codes, said) if codes else (_shown(caller, code=form), 422)


@page(blueprint, "/account/second-factor/codes", _ME, "POST", limit=_LIMIT)
def renew_codes(caller: UserCaller, form: Form[ProofIn]) -> ResponseReturnValue:
    codes = form.save(lambda given: totp.renew_codes(caller, given.proof))
    said = gettext("Only the codes below are good: those of before are not.")
    return _codes(codes, said) if codes else (_shown(caller, proof=form), 422)


@page(blueprint, "/account/second-factor/off", _ME, "POST", limit=_LIMIT)
def turn_off(caller: UserCaller, form: Form[ProofIn]) -> ResponseReturnValue:
    def off(given: ProofIn) -> bool:
        totp.turn_off(caller, given.proof)
        return True

    if not form.save(off):
        return _shown(caller, proof=form), 422
    flash(gettext("Signing in asks for the password alone again."), "good")
    return redirect(url_for("profile.show"), 303)


def _codes(codes: list[str], said: str) -> str:
    """The only time that they are to be seen."""
    return render_template("pages/accounts/recovery_codes.html", codes=codes, said=said)


def _shown(caller: UserCaller, code: Form[TotpCodeIn] | None = None, proof: Form[ProofIn] | None = None,
           password: Form[OwnPasswordIn] | None = None) -> str:
    callers.require_oneself(caller)         # the secret is the second half of how they get in
    begun = Totp.begun(caller.user)
    return render_template(
        "pages/accounts/second_factor.html", totp=Totp.on(caller.user), left=recovery_codes.left(caller.user),
        secret=" ".join(_fours(begun.secret.reveal())) if begun else "", picture=_picture(begun) if begun else "",
        code=code or Form.of(TotpCodeIn), proof=proof or Form.of(ProofIn),
        password=password or Form.of(OwnPasswordIn), user=caller.user)


def _fours(secret: str) -> list[str]:
    return [secret[start:start + 4] for start in range(0, len(secret), 4)]


def _picture(begun: Totp) -> Markup:
    """Drawn here: nobody else learns the secret."""
    import segno        # 11 MB that processes without new apps do not hold
    return Markup(segno.make(totp.address(begun), error="m").svg_inline(
        scale=5, border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None))
