"""The one token with which programs beside the hub post what comes in for a business."""

from hub.models.accounts.tenant import Tenant
from hub.models.base import TenantModel, cascade_key
from hub.models.secret import SecretField


class ProviderToken(TenantModel):
    tenant = cascade_key(Tenant, unique=True)
    secret = SecretField()
