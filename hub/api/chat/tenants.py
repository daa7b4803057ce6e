"""/chat/api/tenants: the business that a key belongs to, and for a key of the platform all of them."""

from hub.access.callers import KeyCaller
from hub.access.roles import Permission
from hub.api.chat import chat
from hub.api.kit.schema import Id, Many, Out
from hub.api.kit.table import get
from hub.models.accounts.tenant import Tenant
from hub.services.platform import tenants


class ChatTenantOut(Out):
    """A business; one that is suspended is not active."""

    tenant_id: Id
    name: str
    is_active: bool


def index(caller: KeyCaller) -> Many[ChatTenantOut]:
    """List the businesses of the installation."""
    return Many(ChatTenantOut.of, Tenant.select())


def show(caller: KeyCaller, tenant: str) -> ChatTenantOut:
    """Show the business of the key; a key of the platform sees every one."""
    return ChatTenantOut.of(tenants.of_key(caller, tenant))


chat.table(
    "chat-tenants",
    get("/chat/api/tenants", index, permission=Permission.PLATFORM_ADMIN),
    get("/chat/api/tenants/<tenant>", show, permission=Permission.API_KEY),
)
