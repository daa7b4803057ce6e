"""The access key and the provider token of a business: made when they are first asked for, the same ever after.

Programs beside the hub also read the token from TENANTS_DIR/<number>/provider_token.json, while the database is away.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import orjson
import structlog

from hub.access import callers
from hub.access.callers import Caller
from hub.errors import Conflict, HubError, NotFound
from hub.lib import ids
from hub.models import refusals
from hub.models.accounts.access_key import AccessKey
from hub.models.accounts.provider_token import ProviderToken
from hub.models.accounts.tenant import Tenant
from hub.models.base import transaction
from hub.services import changes
from hub.settings import current_settings

log = structlog.get_logger(__name__)
_FILE = "provider_token.json"
_LARGEST = 2**31 - 1        # that a column of integers holds
Row = TypeVar("Row", AccessKey, ProviderToken)


def business(number: int) -> Tenant:
    """The business of that number; NotFound, Forbidden where it is suspended."""
    tenant = Tenant.get_or_none(Tenant.id == number) if 0 < number <= _LARGEST else None
    if tenant is None:
        raise NotFound("tenant_not_found", "There is no such business.")
    callers.check_active(tenant)
    return tenant


def access_key(caller: Caller, tenant: Tenant) -> AccessKey:
    """The business's key."""
    return _only(caller, AccessKey, tenant)


@refusals.repeated
def new_access_key(caller: Caller, tenant: Tenant) -> AccessKey:
    """The business's first key, or the next after one that was ended; Conflict where it has one."""
    with transaction():
        Tenant.hold(tenant)
        if AccessKey.of(tenant).exists():
            raise Conflict("key_already_exists", "The business has a key; delete it first.")
        return _made(caller, AccessKey, tenant)


def end_access_key(caller: Caller, tenant: Tenant) -> None:
    """Links with the present key open nothing any more; the next who asks gets a new one."""
    for key in AccessKey.of(tenant):
        changes.remove(caller, key)


def provider_token(caller: Caller, tenant: Tenant) -> ProviderToken:
    """The business's token, also in its file; HubError 500 where the folder takes no file."""
    token = _only(caller, ProviderToken, tenant)
    try:
        _write(tenant, token.secret.reveal())
    except OSError as error:
        log.error("tenants_folder.not_writable", tenant=tenant.number, error=type(error).__name__)
        raise HubError("tenants_folder_not_writable", "TENANTS_DIR takes no file: mount it, and let us write."
                       ) from None
    return token


@refusals.repeated
def _only(caller: Caller, model: type[Row], tenant: Tenant) -> Row:
    """The one row of the business; of two who ask at the same moment one makes it."""
    found = model.of(tenant).first()
    if found is not None:
        return found
    with transaction():
        Tenant.hold(tenant)
        return model.of(tenant).first() or _made(caller, model, tenant)


def _made(caller: Caller, model: type[Row], tenant: Tenant) -> Row:
    return changes.create(caller, model, {"tenant": tenant, "secret": ids.token()})


def forget(tenant: Tenant) -> None:
    """The business is erased: its token is in no file any more, nor in one that was being written."""
    folder = _folder() / f"{tenant.number}"
    for path in folder.glob(f"{_FILE}*"):
        path.unlink(missing_ok=True)
    with suppress(OSError):         # there is none, or another program keeps something in it
        folder.rmdir()


def _write(tenant: Tenant, token: str) -> None:
    """Whole or not at all, for the hub's own user alone; nothing where it says so already."""
    path = _folder() / f"{tenant.number}" / _FILE
    content = orjson.dumps({"tenant": tenant.number, "provider_token": token})
    with suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{_FILE}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(draft, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft)        # it holds the token


def _folder() -> Path:
    settings = current_settings()
    return Path(settings.tenants_dir or Path(settings.data_dir) / "tenants")
