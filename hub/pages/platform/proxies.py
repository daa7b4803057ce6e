"""Proxies of the platform: a pasted list, how each of them works, and to whom it is given."""

from collections.abc import Sequence
from typing import Annotated, ClassVar
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from peewee import fn
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.errors import BadInput
from hub.lib import ids, proxy_text
from hub.lib.fields import Control, N_, Section
from hub.models.platform.proxy import Protocol, Proxy, ProxyStatus
from hub.pages.kit import Form, page
from hub.pages.kit.listing import Column, Filter, Listing
from hub.pages.platform import event_words
from hub.services.platform import audit, proxies
from hub.web.proxies import MOST, ProxyIn
from hub.web.schema import OneLine

blueprint = Blueprint("platform_proxies", __name__)
_OWNER = Permission.PLATFORM_OWNER
STATUSES: dict[str, str] = {ProxyStatus.ACTIVE: N_("Works"), ProxyStatus.FAILED: N_("Fails"),
                            ProxyStatus.UNCHECKED: N_("Not checked yet"), ProxyStatus.DISABLED: N_("Off")}
PROTOCOLS: dict[str, str] = {Protocol.HTTP: "HTTP", Protocol.HTTPS: "HTTPS", Protocol.SOCKS5: "SOCKS5"}
_GIVEN = Proxy.for_tenant.is_null(False) | Proxy.for_channel.is_null(False)

LISTING = Listing(
    Proxy, first="host", find=lambda query, words: query.where(Proxy.id.in_(proxies.search(words).select(Proxy.id))),
    columns=(
        Column("host", N_("Proxy"), sort=Proxy.host),
        Column("country", N_("Country"), sort=Proxy.country),
        Column("state", N_("State"), sort=Proxy.status),
        Column("speed", N_("Speed"), sort=fn.COALESCE(Proxy.latency_ms, 0), kind=int),
        Column("whose", N_("For"))),
    filters=(Filter("state", N_("Every state"), {status: (label, Proxy.status == status)
                                                 for status, label in STATUSES.items()}),
             Filter("given", N_("Given or not"), {"yes": (N_("Given to somebody"), _GIVEN),
                                                  "no": (N_("Free"), ~_GIVEN)})))


class ListIn(BaseModel):
    """A pasted list."""

    text: Annotated[str, Field(min_length=1, max_length=500_000, title=N_("One proxy on a line"), description=N_(
        "host:port, host:port:name:password, name:password@host:port or an address such as socks5://name:password@host:port."
    )), Control("area", rows=6)]
    protocol: Annotated[Protocol, Field(title=N_("Protocol"), description=N_("Of lines that name none.")),
                        Control(options=PROTOCOLS)] = Protocol.HTTP


class EditIn(ProxyIn):
    """A proxy as it is changed; an empty password leaves the stored one."""

    SECTIONS: ClassVar = (Section(N_("Proxy"), N_("What leads elsewhere is checked anew at once."),
                                  ("host", "port", "protocol", "username", "password", "country", "label")),)

    protocol: Annotated[Protocol, Field(title=N_("Protocol")), Control(options=PROTOCOLS)]
    password: Annotated[str, Field(max_length=255, title=N_("Password"), description=N_(
        "Leave it empty to keep the one that is stored.")), Control("password")] = ""


class AssignIn(BaseModel):
    """To whom a proxy is given."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    tenant_id: Annotated[OneLine, Field(max_length=64, title=N_("Business"), description=N_(
        "Its id, from its own page: all of its channels go out this way."))] = ""
    channel_id: Annotated[OneLine, Field(max_length=64, title=N_("Channel"), description=N_(
        "The id of one channel. Both empty: nobody has it."))] = ""


@page(blueprint, "/platform/proxies", _OWNER)
def index(caller: UserCaller) -> str:
    return _index(Form.of(ListIn))


@page(blueprint, "/platform/proxies", _OWNER, "POST")
def take(caller: UserCaller, form: Form[ListIn]) -> ResponseReturnValue:
    """What cannot be read stays in the form, to be corrected; the rest is taken."""
    if form.value is None:
        return _index(form), 422
    good, wrong = proxy_text.parsed(form.value.text, form.value.protocol)
    if len(good) > MOST:
        form.fail("text", gettext("At most %(number)s at a time.", number=MOST))
        return _index(form), 422
    known = proxies.create_all(caller, [_values(one) for one in good])
    if made := len(good) - len(known):
        flash(ngettext("%(num)s proxy is new.", "%(num)s proxies are new.", made), "good")
    if known:
        flash(ngettext("%(num)s proxy was known already.", "%(num)s proxies were known already.", len(known)), "good")
    if wrong:
        return _index(_left(form.value, wrong)), 422
    return redirect(url_for("platform_proxies.index"), 303)


def _values(one: proxy_text.Written) -> dict[str, object]:
    return {"host": one.host, "port": one.port, "protocol": one.protocol, "username": one.username,
            "password": one.password}


def _left(given: ListIn, wrong: Sequence[tuple[int, str]]) -> Form[ListIn]:
    """The form with the lines that nobody could read, and what is wrong with the first of them."""
    entries = given.text.splitlines()
    form = Form.of(ListIn, {"text": "\n".join(entries[number - 1] for number, _ in wrong), "protocol": given.protocol})
    form.fail("text", " ".join([ngettext("%(num)s line could not be read.", "%(num)s lines could not be read.",
                                         len(wrong)), gettext(wrong[0][1])]))
    return form


@page(blueprint, "/platform/proxies/<proxy>", _OWNER)
def show(caller: UserCaller, proxy: UUID) -> str:
    return _shown(proxies.found(proxy))


@page(blueprint, "/platform/proxies/<proxy>", _OWNER, "POST")
def change(caller: UserCaller, proxy: UUID, form: Form[EditIn]) -> ResponseReturnValue:
    row = proxies.found(proxy)
    changed = form.save(lambda given: proxies.change(caller, row, given.model_dump(
        exclude=set() if given.password else {"password"})))
    return (_shown(row, form), 422) if changed is None else _done(row, gettext("Saved."))


@page(blueprint, "/platform/proxies/<proxy>/assign", _OWNER, "POST")
def assign(caller: UserCaller, proxy: UUID, form: Form[AssignIn]) -> ResponseReturnValue:
    row = proxies.found(proxy)
    given = form.save(lambda given: proxies.assign(
        caller, row, _id(given.tenant_id, "tenantId"), _id(given.channel_id, "channelId")))
    return (_shown(row, assign=form), 422) if given is None else _done(row, gettext("Saved."))


@page(blueprint, "/platform/proxies/<proxy>/off", _OWNER, "POST")
def off(caller: UserCaller, proxy: UUID) -> ResponseReturnValue:
    row = proxies.change(caller, proxies.found(proxy), {"status": ProxyStatus.DISABLED})
    return _done(row, gettext("Nobody uses it from now on."))


@page(blueprint, "/platform/proxies/<proxy>/check", _OWNER, "POST")
def check(caller: UserCaller, proxy: UUID) -> ResponseReturnValue:
    """On again, where it was off."""
    row = proxies.change(caller, proxies.found(proxy), {"status": ProxyStatus.UNCHECKED})
    return _done(row, gettext("It is being checked. Look again in a moment."))


@page(blueprint, "/platform/proxies/<proxy>/delete", _OWNER, "POST")
def delete(caller: UserCaller, proxy: UUID) -> ResponseReturnValue:
    proxies.remove(caller, proxies.found(proxy))
    flash(gettext("The proxy is deleted."), "good")
    return redirect(url_for("platform_proxies.index"), 303)


def _id(given: str, field: str) -> UUID | None:
    found = ids.parse(given) if given else None
    if given and found is None:
        raise BadInput("VALIDATION_ERROR", N_("There is nothing with this id."), {"field": field})
    return found


def _done(row: Proxy, said: str) -> ResponseReturnValue:
    flash(said, "good")
    return redirect(url_for("platform_proxies.show", proxy=row.uuid), 303)


def _index(form: Form[ListIn]) -> str:
    return render_template("pages/platform/proxies.html", shown=LISTING.shown(proxies.search(), request.args),
                           form=form, statuses=STATUSES, protocols=PROTOCOLS)


def _shown(row: Proxy, form: Form[EditIn] | None = None, assign: Form[AssignIn] | None = None) -> str:
    kept = {name: getattr(row, name) for name in ("host", "port", "protocol", "country", "label")}
    given = {"tenant_id": str(row.tenant_uuid or ""), "channel_id": str(row.channel_uuid or "")}
    return render_template(
        "pages/platform/proxy.html", row=row, statuses=STATUSES, protocols=PROTOCOLS,
        form=form or Form.of(EditIn, {**kept, "username": row.shown_username}),
        assign=assign or Form.of(AssignIn, given), told=event_words.latest(audit.of_platform(row)))
