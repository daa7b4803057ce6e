"""The page of a group of a business's settings, made from its model: one line here and one of the menu."""

from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.pages.kit.form import Form
from hub.pages.kit.view import FORMS, page
from hub.services import tenant_settings
from hub.services.tenant_settings import Group

G = TypeVar("G", bound=Group)
# {name of the blueprint: (title, lede)}
TOLD: dict[str, tuple[str, str]] = {}


def settings_page(rule: str, group: type[G], permission: Permission, title: str, lede: str) -> Blueprint:
    """A blueprint named after the group, with `show` and `save`; `title` and `lede` are translated when shown."""
    blueprint = Blueprint(group.NAME, __name__)
    TOLD[group.NAME] = title, lede
    FORMS.append((rule, permission, group))

    def shown(form: Form[G]) -> str:
        return render_template("pages/settings.html", form=form, title=gettext(title), lede=gettext(lede),
                               url=request.path)

    @page(blueprint, rule, permission)
    def show(caller: UserCaller) -> str:
        return shown(Form.of(group, tenant_settings.of(caller.tenant, group)))

    @page(blueprint, rule, permission, "POST")
    def save(caller: UserCaller) -> ResponseReturnValue:
        form = Form.sent(group, request.form)
        if form.save(lambda given: tenant_settings.change(caller, group, given.model_dump())) is None:
            return shown(form), 422
        flash(gettext("Saved."), "good")
        return redirect(url_for(f"{group.NAME}.show"), 303)

    return blueprint
