"""/api/settings/brand: the colour of a business."""

from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.settings import settings_routes
from hub.services.accounts.brand import Brand

core.table("brand", *settings_routes("/api/settings/brand", Brand, read=Permission.VIEW_CONVERSATIONS,
                                     change=Permission.MANAGE_TENANT_SETTINGS))
