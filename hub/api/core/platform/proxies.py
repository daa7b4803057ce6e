"""/api/admin/proxies: ways out of the installation, given to businesses and channels; no answer holds a password."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from peewee import ModelSelect
from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.crud import partial
from hub.api.kit.schema import Out, Uuid
from hub.api.kit.table import delete, get, patch, post
from hub.lib import proxy_text
from hub.lib.json_types import JsonObject
from hub.models import paging
from hub.models.platform.proxy import Protocol, Proxy, ProxyStatus
from hub.services.platform import proxies
from hub.web.proxies import MOST, Country, ProxyIn, sorted_out
from hub.web.schema import In, Some

_OWNER = Permission.PLATFORM_OWNER
_LIST_BYTES = 1024 * 1024       # a thousand proxies with long names


class ProxyPatch(partial(ProxyIn)):  # type: ignore[misc]
    """What can be changed; what is not sent stays as it is. `unchecked` has it checked and used again."""

    status: Literal["disabled", "unchecked"] | None = None


class ProxiesQuery(Some):
    """Which proxies, and how many of them."""

    status: ProxyStatus | None = None


class FreeProxiesQuery(Some):
    """Which of those that nobody was given."""

    protocol: Protocol | None = None
    country: Country = ""


class StatusQuery(In):
    """Those in this state, all of them."""

    status: ProxyStatus


class ImportBody(In):
    """Proxies as POST takes each of them; one that does not fit keeps the others out of nothing."""

    proxies: Annotated[list[JsonObject], Field(min_length=1, max_length=MOST)]


class ParseBody(In):
    """A pasted list, one proxy on a line, in any of the usual spellings; `protocol`: of those that name none."""

    text: Annotated[str, Field(min_length=1, max_length=500_000)]
    protocol: Protocol = Protocol.HTTP


class AssignBody(In):
    """To whom it is given: a business, or one of its channels; to nobody without either."""

    tenant_id: UUID | None = None
    channel_id: UUID | None = None


class ProxyOut(Out, columns=(Proxy.id, Proxy.host, Proxy.port, Proxy.protocol, Proxy.country, Proxy.label, Proxy.status,
                             Proxy.error, Proxy.latency_ms, Proxy.checked_at, Proxy.created_at, Proxy.updated_at)):
    """A proxy, and how its last check went."""

    username: str = Field(validation_alias="shown_username")
    has_password: bool
    tenant_id: Uuid | None = Field(validation_alias="tenant_uuid")
    channel_id: Uuid | None = Field(validation_alias="channel_uuid")


class ProxiesOut(Out):
    """Some of the proxies; `total` of them in all."""

    proxies: list[ProxyOut]
    total: int


class WrongEntryOut(Out):
    """What is wrong with an entry: its position in the list from 0, or its line in a text from 1."""

    index: int
    message: str


class ImportedOut(Out):
    """How many are new, and which could not be taken."""

    imported: int
    failed: int
    errors: list[WrongEntryOut]


class WrittenProxyOut(Out):
    """A proxy as it was read; POST and the import take it as it is."""

    host: str
    port: int
    protocol: str
    username: str
    password: str


class ParsedOut(Out):
    """What was read of a text, which is stored nowhere."""

    proxies: list[WrittenProxyOut]
    errors: list[WrongEntryOut]


class DeletedProxiesOut(Out):
    """How many are gone."""

    deleted: int


def index(caller: UserCaller, query: ProxiesQuery) -> ProxiesOut:
    """List proxies, the latest first."""
    return _listed(proxies.search(status=query.status), query)


def available(caller: UserCaller, query: FreeProxiesQuery) -> ProxiesOut:
    """List proxies that nobody was given and that are not known to fail."""
    return _listed(proxies.free(query.protocol, query.country), query)


def _listed(rows: "ModelSelect[Proxy]", query: Some) -> ProxiesOut:
    shown, total = paging.from_offset(rows, (Proxy.id,), query.offset, query.limit)
    return ProxiesOut(proxies=[ProxyOut.of(row) for row in shown], total=total)


def create(caller: UserCaller, body: ProxyIn) -> ProxyOut:
    """Add a proxy; it is checked at once."""
    return ProxyOut.of(proxies.create(caller, body.model_dump()))


def take(caller: UserCaller, body: ImportBody) -> ImportedOut:
    """Add up to a thousand proxies; those that are wrong or known are named, the others are taken."""
    good, wrong = sorted_out(body.proxies)
    known = proxies.create_all(caller, [values for _, values in good])
    errors = sorted([*wrong, *((good[index][0], proxies.KNOWN) for index in known)])
    return ImportedOut(imported=len(good) - len(known), failed=len(errors), errors=_entries(errors))


def parse(caller: UserCaller, body: ParseBody) -> ParsedOut:
    """Read a pasted list of proxies; nothing is stored."""
    good, wrong = proxy_text.parsed(body.text, body.protocol)
    return ParsedOut(proxies=[WrittenProxyOut.of(one) for one in good], errors=_entries(wrong))


def _entries(wrong: Sequence[tuple[int, str]]) -> list[WrongEntryOut]:
    return [WrongEntryOut(index=index, message=message) for index, message in wrong]


def change(caller: UserCaller, proxy: UUID, body: ProxyPatch) -> ProxyOut:
    """Change the given fields of a proxy; one that leads elsewhere then is checked anew."""
    given = {name: value for name, value in body.given().items() if value is not None}
    return ProxyOut.of(proxies.change(caller, proxies.found(proxy), given))


def remove(caller: UserCaller, proxy: UUID) -> None:
    """Delete a proxy; whoever was given it goes out directly."""
    proxies.remove(caller, proxies.found(proxy))


def remove_all(caller: UserCaller, query: StatusQuery) -> DeletedProxiesOut:
    """Delete every proxy that is in one state."""
    return DeletedProxiesOut(deleted=proxies.remove_all(caller, query.status))


def assign(caller: UserCaller, proxy: UUID, body: AssignBody) -> ProxyOut:
    """Give a proxy to a business or to a channel, or take it back."""
    return ProxyOut.of(proxies.assign(caller, proxies.found(proxy), body.tenant_id, body.channel_id))


core.table(
    "proxies",
    get("/api/admin/proxies", index, permission=_OWNER),
    get("/api/admin/proxies/available", available, permission=_OWNER),
    post("/api/admin/proxies", create, permission=_OWNER, status=201),
    post("/api/admin/proxies/import", take, permission=_OWNER, max_body=_LIST_BYTES),
    post("/api/admin/proxies/parse", parse, permission=_OWNER, max_body=_LIST_BYTES, is_shown_once=True),
    patch("/api/admin/proxies/<proxy>", change, permission=_OWNER),
    post("/api/admin/proxies/<proxy>/assign", assign, permission=_OWNER),
    delete("/api/admin/proxies/<proxy>", remove, permission=_OWNER, status=200),
    delete("/api/admin/proxies", remove_all, permission=_OWNER, status=200),
)
