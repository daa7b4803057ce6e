"""/api/api-keys: the keys with which programs of the business call the Chat API."""

from typing import Annotated

from hub.access.callers import UserCaller
from hub.access.roles import Permission, Scope
from hub.api.core import core
from hub.api.kit.crud import crud
from hub.api.kit.filters import Filters, holds
from hub.api.kit.schema import Out
from hub.api.kit.table import post
from hub.models.accounts.api_key import ApiKey
from hub.services.accounts import api_keys
from hub.web.api_keys import ApiKeyIn
from hub.web.schema import Search

_MANAGE = Permission.MANAGE_TENANT_SETTINGS


class ApiKeyOut(Out, columns=(ApiKey.id, ApiKey.name, ApiKey.prefix, ApiKey.expires_at, ApiKey.last_used_at,
                              ApiKey.created_at)):
    """A key, of which only the beginning is known; `lastUsedAt` to ten minutes."""

    scopes: list[Scope]


class NewApiKeyOut(ApiKeyOut):
    """A new key; its text is shown this once."""

    api_key: str = ""


class ApiKeysQuery(Filters):
    """Which keys: by a part of the name or the beginning of the key."""

    search: Annotated[Search, holds(ApiKey.search_text)] = ""


def create(caller: UserCaller, body: ApiKeyIn) -> NewApiKeyOut:
    """Make a key for a program of the business; its text is in this answer alone."""
    made, text = api_keys.create(caller, **body.model_dump())
    return NewApiKeyOut.of(made).model_copy(update={"api_key": text})


core.table(
    "api_keys",
    *crud("/api/api-keys", ApiKey, ApiKeyOut, query=ApiKeysQuery, read=_MANAGE, write=_MANAGE,
          only=("list", "show", "delete")),
    post("/api/api-keys", create, permission=_MANAGE, status=201, is_shown_once=True),
)
