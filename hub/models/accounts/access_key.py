"""The one key with which a business's own links open its public pages, such as /connect/…?tenant=7&k=KEY."""

from hub.models.accounts.tenant import Tenant
from hub.models.base import TenantModel, cascade_key
from hub.models.secret import SecretField


class AccessKey(TenantModel):
    tenant = cascade_key(Tenant, unique=True)
    secret = SecretField()
